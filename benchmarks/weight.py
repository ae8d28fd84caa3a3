"""First load with an empty cache: what crosses the wire, in how many requests, and when something is seen."""

from statistics import median

from playwright.async_api import Browser

from benchmarks.browser import Load, chromium, load, visitor
from benchmarks.figures import Figure, spread
from benchmarks.people import Account
from benchmarks.served import Served

KIB = 1024
PAGES = {
    "sign-in": ("/sign-in", "input[name=email]"),
    "home": ("/", "main h1"),
    "assistant": ("/assistant", "textarea#message"),
}
TARGET = 320.0  # KiB of the sign-in page, font included
PEER = {"weight": 861.0, "requests": 69.0, "first paint": 936.0}  # its sign-in page


async def measure(app: Served, quick: bool) -> list[Figure]:
    """Weight from the first load of each page, paint from several; each in a browser context of its own."""
    teacher = next(account for account in app.accounts() if account.role == "teacher")
    figures = []
    async with chromium() as browser:
        await _visit(browser, app, "/sign-in", "body", None)  # the browser's own first steps are not ours
        for name, (path, sign) in PAGES.items():
            account = None if name == "sign-in" else teacher
            loads = [await _visit(browser, app, path, sign, account) for _ in range(2 if quick else 5)]
            figures += _figures(name, loads)
    return figures


async def _visit(browser: Browser, app: Served, path: str, sign: str, account: Account | None) -> Load:
    async with visitor(browser, app.url, account) as context:
        return await load(await context.new_page(), path, sign)


def _figures(name: str, loads: list[Load]) -> list[Figure]:
    entrance = name == "sign-in"
    peer = PEER if entrance else {}
    kinds = sorted(loads[0].kinds.items(), key=lambda kind: -kind[1])
    note = "as transferred (gzip), headers included: " + ", ".join(f"{kind} {size / KIB:.0f}" for kind, size in kinds)
    weight = median(each.total for each in loads) / KIB
    paint = f"{name} first paint", "ms", [each.first_paint for each in loads]
    ready = f"{name} content seen", "ms", [each.ready for each in loads]
    return [
        Figure(
            f"{name} weight", "KiB", weight, target=TARGET if entrance else None, peer=peer.get("weight"), note=note
        ),
        Figure(f"{name} requests", "", median(each.requests for each in loads), peer=peer.get("requests")),
        spread(*paint, peer=peer.get("first paint")),
        spread(*ready),
    ]

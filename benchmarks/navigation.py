"""Moving about inside the app: from a click on a place to its page with its content."""

from itertools import cycle, islice

from playwright.async_api import Page

from benchmarks.browser import chromium, visitor
from benchmarks.figures import Figure, spread
from benchmarks.served import Served

TIMES = 20
# Where to click, and what shows that the page is there with what it has to say: no placeholder is left.
PLACES = {"/": "main .tile", "/assistant": "main textarea#message", "/credits": "main .tile"}

_GO = """
([path, sign]) => new Promise((resolve, reject) => {
  const link = document.querySelector(`nav.sidebar a.place[href="${path}"]`);
  if (!link) return reject(new Error(`No way to ${path}.`));
  const before = document.querySelector('main h1')?.textContent;
  const begun = performance.now();
  const look = () => {
    const heading = document.querySelector('main h1');
    const there = location.pathname === path && heading?.offsetParent && heading.textContent !== before
      && document.querySelector(sign)?.offsetParent && !document.querySelector('main .bones');
    if (there) resolve(performance.now() - begun);
    else if (performance.now() - begun > 10000) reject(new Error(`${path} did not come.`));
    else requestAnimationFrame(look);
  };
  link.click();
  look();
})
"""


async def measure(app: Served, quick: bool) -> list[Figure]:
    """From place to place in turn, each part of the app loaded once before."""
    teacher = next(account for account in app.accounts() if account.role == "teacher")
    async with chromium() as browser, visitor(browser, app.url, teacher) as context:
        page = await context.new_page()
        await page.goto("/")
        await page.locator("nav.sidebar a.place").first.wait_for()
        places = [path for path in PLACES if await page.locator(f'nav.sidebar a.place[href="{path}"]').count()]
        turns = cycle([*places[1:], places[0]])
        for path in islice(turns, len(places)):
            await _go(page, path)
        samples = [await _go(page, path) for path in islice(turns, 9 if quick else TIMES)]
    note = f"click to heading and content in Chromium, between {', '.join(places)}, drawn at the next frame (16 ms)"
    return [spread("navigation", "ms", samples, note=note)]


async def _go(page: Page, path: str) -> float:
    took = await page.evaluate(_GO, [path, PLACES[path]])
    await page.wait_for_timeout(300)
    return float(took)

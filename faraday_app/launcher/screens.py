"""Every page of every role, in both themes and sizes, as pictures under screens/."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from faraday_app.core.embedded import free_port
from faraday_app.launcher.testing import find_chromium

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "screens"
SIZES = {"desk": (1366, 850), "phone": (390, 844)}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

Account = dict[str, str]


def main() -> None:
    with served() as (base, accounts), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        by_role = {account["role"]: account for account in reversed(accounts)}
        for role, account in by_role.items():
            for size in SIZES:
                for theme in ("light", "dark"):
                    count = take(browser, base, account, size, theme)
                    print(f"{role} {size} {theme}: {count} pages", flush=True)
    print(f"The pictures are in {FOLDER.name}/.")


@contextmanager
def served() -> Iterator[tuple[str, list[Account]]]:
    """A demo school of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="faraday-screens-", ignore_cleanup_errors=True) as folder:
        port = free_port()
        environment = {**os.environ, "FARADAY_DATA": folder, "FARADAY_DEMO": "1", "PORT": str(port)}
        process = subprocess.Popen(
            [sys.executable, "-m", "faraday_app", "run"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            _wait(process)
            yield f"http://127.0.0.1:{port}", json.loads((Path(folder) / "demo-accounts.json").read_text())
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _wait(process: "subprocess.Popen[str]") -> None:
    for line in process.stdout or ():
        if "Faraday is at" in line:
            return
        print(line, end="", flush=True)
    sys.exit("Faraday did not start.")


def take(browser: Browser, base: str, account: Account, size: str, theme: str) -> int:
    """Sign in and visit everything in the navigation; how many pages there were."""
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=base, viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light"
    )
    page = context.new_page()
    sign_in(page, account)
    links = page.locator("nav a[href^='/']").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    paths = sorted(set(links))
    for path in paths:
        page.goto(path)
        page.locator(".bones").first.wait_for(state="detached")
        page.wait_for_timeout(400)
        name = re.sub(r"\W+", "-", path).strip("-") or "home"
        target = FOLDER / account["role"] / f"{size}-{theme}-{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target)
    context.close()
    return len(paths)


def sign_in(page: Page, account: Account) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email").fill(account["email"])
    page.get_by_label("Password", exact=True).fill(account["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.locator("nav a[href='/assistant']").first.wait_for(state="attached")


if __name__ == "__main__":
    main()

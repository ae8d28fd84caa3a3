"""Run the tests, with a Chromium for those that need one.

The browser is named to them as FARADAY_CHROMIUM; unset means Playwright's own.
"""

import os
import shutil
import subprocess
import sys
import tempfile

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PYTEST = (sys.executable, "-m", "pytest")
# What waits for browsers and servers of its own, and what makes it as long as all the rest.
BESIDE = ("tests/journeys", "tests/guard", "tests/organizations", "tests/security")


def main() -> None:
    if browser := find_chromium():
        os.environ["FARADAY_CHROMIUM"] = browser
    if sys.argv[1:]:
        os.execv(sys.executable, [*PYTEST, *sys.argv[1:]])  # noqa: S606 - pytest takes our place
    sys.exit(everything())


def everything() -> int:
    """In two halves at once, each with services of its own; what the second has said comes at the end."""
    with tempfile.TemporaryFile("w+") as said:
        beside = subprocess.Popen(
            [*PYTEST, *BESIDE, "-p", "no:cacheprovider"],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            rest = [*PYTEST, *(f"--ignore={each}" for each in BESIDE)]
            failed = subprocess.run(rest, check=False, stdin=subprocess.DEVNULL).returncode
            failed_beside = beside.wait()
        finally:
            beside.terminate()
            beside.wait()
            said.seek(0)
            shutil.copyfileobj(said, sys.stdout)
    return failed or failed_beside


def find_chromium() -> str | None:
    """A path, or None for Playwright's own. Installs one when there is none."""
    if configured := os.environ.get("FARADAY_CHROMIUM"):
        return configured
    if found := on_path():
        return found
    if playwrights_own_exists():
        return None
    print("Installing Chromium for the browser tests …", flush=True)
    if runs("playwright", "install", "chromium"):
        return None
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdin=subprocess.DEVNULL)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
        if found := on_path():
            return found
    sys.exit("The browser tests need Chromium: install it, or name one in FARADAY_CHROMIUM.")


def on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def playwrights_own_exists() -> bool:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return os.path.exists(playwright.chromium.executable_path)


def runs(*command: str) -> bool:
    return subprocess.run([sys.executable, "-m", *command], check=False, stdin=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    main()

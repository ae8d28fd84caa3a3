"""One production instance of Faraday for all journeys, started as a person starts it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from faraday_app.core.embedded import free_port
from tests.factories.mailbox import Mailbox, open_mailbox

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 240  # seconds, the first build included
DESK = {"width": 1366, "height": 850}
PHONE = {"width": 390, "height": 844}
SERVICE_URLS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "OPENAI_BASE_URL", "OPENAI_API_KEY")


@dataclass(frozen=True)
class Served:
    base: str
    data: Path
    accounts: list[dict[str, str]]

    def account(self, role: str, number: int = 0) -> dict[str, str]:
        return [account for account in self.accounts if account["role"] == role][number]

    def pid_of(self, service: str) -> int:
        """The process of an embedded service, by its pid file."""
        name = {"postgres": "postgres/cluster/postmaster.pid"}.get(service, f"{service}/pid")
        return int((self.data / name).read_text().split()[0])


@pytest.fixture(scope="session")
def letters() -> Iterator[Mailbox]:
    """What the served Faraday sends by e-mail."""
    with open_mailbox() as box:
        yield box


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, letters: Mailbox) -> Iterator[Served]:
    """With the demo school, and with e-mail."""
    with serving(tmp_path_factory.mktemp("served"), SMTP_URL=letters.url) as served:
        yield served


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[Served]:
    """Faraday with a data folder of its own; stopped, and the folder gone, afterwards."""
    port, log = free_port(), data / "served.log"
    data.parent.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name not in SERVICE_URLS}
    environment |= {"FARADAY_DATA": str(data), "PORT": str(port), "FARADAY_DEMO": "1", "FARADAY_MODEL_ANSWER": "200"}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "faraday_app", "run"],
            cwd=ROOT,
            env=environment | settings,
            stdout=output,
            stderr=output,
        )
        try:
            _wait_until_served(process, log)
            kept = data / "demo-accounts.json"
            yield Served(f"http://127.0.0.1:{port}", data, json.loads(kept.read_text()) if kept.exists() else [])
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
    shutil.rmtree(data, ignore_errors=True)


def _wait_until_served(process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(STARTS_WITHIN * 5):
        if "Faraday is at" in log.read_text():
            return
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            continue
        break
    pytest.fail(f"Faraday did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    found = os.environ.get("FARADAY_CHROMIUM") or shutil.which("chromium")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    return {"args": ["--no-sandbox", "--disable-gpu", *quiet], **({"executable_path": found} if found else {})}


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Visit]:
    """Open a browser of its own for somebody: ``visit("teacher")``, ``visit("teacher", 1, phone=True)``."""
    opened: list[BrowserContext] = []

    def open_page(role: str = "", number: int = 0, *, phone: bool = False, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=served.base,
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            timezone_id="Europe/Berlin",
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        page = context.new_page()
        if role:
            enter(page, served, served.account(role, number))
        return page

    yield open_page
    for context in opened:
        context.close()


def enter(page: Page, served: Served, account: dict[str, str]) -> None:
    """Past the page for it, which has journeys of its own: what its form sends, and where that leads."""
    form = {name: account[name] for name in ("email", "password")}
    answer = page.request.post(
        "/auth/sign-in", form=form, headers={"Origin": served.base, "Accept": "application/json"}
    )
    assert answer.ok, answer.text()
    page.goto(answer.json()["next"])


def sign_in(page: Page, account: dict[str, str]) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email").fill(account["email"])
    page.get_by_label("Password", exact=True).fill(account["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def ready(base: str) -> dict[str, str]:
    """What the readiness check says of each part."""
    try:
        with urllib.request.urlopen(f"{base}/health/ready") as answer:  # noqa: S310  our own loopback address
            return json.load(answer)["parts"]
    except urllib.error.HTTPError as error:
        return json.load(error)["parts"]

"""Chromium for what only a browser can tell."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright

from benchmarks.people import Account
from faraday_app.launcher.testing import find_chromium

DESK = ViewportSize(width=1440, height=900)


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The one the browser tests use."""
    path = await asyncio.to_thread(find_chromium)
    async with async_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = await playwright.chromium.launch(executable_path=path, args=options)
        try:
            yield browser
        finally:
            await browser.close()


@contextlib.asynccontextmanager
async def visitor(browser: Browser, url: str, account: Account | None = None) -> AsyncIterator[BrowserContext]:
    """Somebody with an empty cache; with an account they have the cookie and nothing else."""
    context = await browser.new_context(base_url=url, viewport=DESK)
    try:
        if account:
            form: dict[str, str | float | bool] = {"email": account.email, "password": account.password}
            answer = await context.request.post("/auth/sign-in", form=form, headers={"Accept": "application/json"})
            assert answer.ok, await answer.text()
        yield context
    finally:
        await context.close()


@dataclass
class Load:
    """What one page load brought over the wire: bytes as transferred, headers included, by kind."""

    kinds: dict[str, float] = field(default_factory=dict)
    requests: int = 0
    first_paint: float = 0  # ms after the navigation began
    ready: float = 0  # ms until what was waited for could be seen

    @property
    def total(self) -> float:
        return sum(self.kinds.values())


async def load(page: Page, path: str, sign: str) -> Load:
    """Open a page until the sign of its content can be seen, and a moment more for what it loads behind."""
    found, kinds = Load(), {}
    devtools = await page.context.new_cdp_session(page)

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"])
        if kind and event["encodedDataLength"]:
            found.requests += 1
            found.kinds[kind] = found.kinds.get(kind, 0) + event["encodedDataLength"]

    devtools.on("Network.responseReceived", answered)
    devtools.on("Network.loadingFinished", finished)
    await devtools.send("Network.enable")
    await page.goto(path, wait_until="commit")
    await page.locator(sign).first.wait_for(state="visible")
    found.ready = await page.evaluate("performance.now()")
    await page.wait_for_load_state("load")
    await page.wait_for_timeout(700)
    found.first_paint = await page.evaluate("performance.getEntriesByName('first-paint')[0]?.startTime ?? 0")
    found.ready = max(found.ready, found.first_paint)  # it stands in the page's HTML before it is drawn
    return found

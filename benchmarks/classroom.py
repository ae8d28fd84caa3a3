"""The gradebook of a large class: figured out anew, opened in a browser, and an edit that a second one shows."""

import time
from typing import Any

from playwright.async_api import Page
from sqlalchemy import select
from sqlmodel import col

from benchmarks import large_class
from benchmarks.browser import chromium, visitor
from benchmarks.figures import Figure, milliseconds, spread
from benchmarks.large_class import STUDENTS, WORK, LargeClass
from benchmarks.people import Account
from benchmarks.served import Served
from faraday_app.accounts.models import User
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.gradebook.service import grid, reading, totals
from faraday_app.organizations.models import Membership
from faraday_app.organizations.service.identity import member

TEACHER, COLLEAGUE = "Maya Okafor", "Ana Ruiz"
RECOMPUTED, OPENED, SEEN = 150.0, 1_000.0, 100.0  # ms
SETTLED = 700  # ms after a cell was chosen; its receipt is read meanwhile

# When a cell with a grade was first drawn, since the page began to load.
_FIRST = """
window.firstCell = new Promise((resolve) => {
  const look = () => {
    const cell = [...document.querySelectorAll('.grid-cell .grid-value')].find((each) => each.textContent);
    if (cell?.offsetParent) requestAnimationFrame(() => resolve(performance.now()));
    else requestAnimationFrame(look);
  };
  look();
});
"""
_SCROLL = """
([row, column]) => {
  const scroller = document.querySelector('.grid-scroll');
  scroller.scrollTo(Math.max(0, (column - 3) * 104), Math.max(0, (row - 5) * 34));
}
"""
# Resolves with the moment at which the cell shows the value, by the clock that all pages share.
_SHOWN = """
([cell, value]) => new Promise((resolve, reject) => {
  const body = document.querySelector('.grid-body');
  const late = setTimeout(() => reject(new Error(`${cell} never showed ${value}.`)), 5000);
  new MutationObserver((_, watcher) => {
    if (document.getElementById(cell)?.querySelector('.grid-value')?.textContent !== value) return;
    watcher.disconnect();
    clearTimeout(late);
    requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
  }).observe(body, { childList: true, subtree: true, characterData: true });
})
"""
# The moment of the key that ended an edit.
_ENDED = """
() => addEventListener('keydown', (event) => {
  if (event.key === 'Enter') window.ended = performance.timeOrigin + event.timeStamp;
}, true)
"""


async def measure(app: Served, quick: bool) -> list[Figure]:
    accounts = {account.name: account for account in app.accounts()}
    teacher, colleague = await _actor(accounts[TEACHER]), await _actor(accounts[COLLEAGUE])
    large = await large_class.make(teacher, colleague.user)
    return [
        await _recomputed(teacher, large, 10 if quick else 40),
        *await _in_browsers(app, accounts, teacher, large, quick),
    ]


async def _actor(account: Account) -> Actor:
    async with transaction(Actor.system()) as session:
        ids = select(col(User.id), col(Membership.organization_id)).join(
            Membership, col(Membership.user_id) == col(User.id)
        )
        user_id, school = (await session.execute(ids.where(col(User.email) == account.email))).one()
        actor = await member(session, user_id, school)
    assert actor
    return actor


async def _recomputed(teacher: Actor, large: LargeClass, times: int) -> Figure:
    samples = []
    for _ in range(times):
        async with transaction(teacher) as session:
            begun = time.perf_counter()
            await totals.refresh(session, await reading.read(session, large.id))
            samples.append(time.perf_counter() - begun)
    note = f"{STUDENTS} × {WORK}, 5 groups that drop 2 low and 1 high: read, figured out, stored; one process"
    return spread("class recomputed", "ms", milliseconds(samples), target=RECOMPUTED, note=note)


async def _in_browsers(
    app: Served, accounts: dict[str, Account], teacher: Actor, large: LargeClass, quick: bool
) -> list[Figure]:
    path = f"/class/gradebook?id={large.id}"
    async with chromium() as browser, visitor(browser, app.url, accounts[TEACHER]) as one:
        await one.add_init_script(_FIRST)
        writing = await one.new_page()
        opened = [await _opened(writing, path) for _ in range(4 if quick else 12)]
        async with visitor(browser, app.url, accounts[COLLEAGUE]) as other:
            await other.add_init_script(_FIRST)
            reading_ = await other.new_page()
            await _opened(reading_, path)
            await writing.evaluate(_ENDED)
            cells = await _empty(teacher, large, 10 if quick else 40)
            edits = [await _edited(writing, reading_, *each) for each in cells]
    note = "by its address, from the browser's cache, to the first grade drawn in Chromium"
    also = "from the Enter that ends an edit in one browser to the other's drawing, both on this machine"
    return [
        spread("gradebook opened", "ms", opened[1:], target=OPENED, note=f"{note}; {STUDENTS} × {WORK}"),
        spread("edit, in a second browser", "ms", [shown for _, shown in edits], target=SEEN, note=also),
        spread("  saved, in the first", "ms", [saved for saved, _ in edits], note="until nothing is unsaved"),
    ]


async def _opened(page: Page, path: str) -> float:
    await page.goto(path, wait_until="commit")
    found: float = await page.evaluate("window.firstCell")
    await page.wait_for_timeout(SETTLED)
    return found


async def _empty(teacher: Actor, large: LargeClass, count: int) -> list[tuple[int, int]]:
    """Rows and columns of cells without a grade: what is posted changes only with a reason, which somebody types."""
    async with transaction(teacher) as session:
        shown = await grid.open_grid(session, teacher, large.id)
    found = [
        (row, column)
        for row, (*_, cells) in enumerate(shown["students"])
        for column, cell in enumerate(cells)
        if not cell
    ]
    return found[:: len(found) // count][:count]


async def _edited(writing: Page, reading_: Page, row: int, column: int) -> tuple[float, float]:
    """Milliseconds until it is saved, and until the other browser shows it."""
    cell, value = f"cell-{row}-{column}", str(row % 9 + 1)
    for page in (writing, reading_):
        await page.evaluate(_SCROLL, [row, column])
        await page.locator(f"#{cell}").wait_for()
    await writing.click(f"#{cell}")
    await writing.wait_for_timeout(SETTLED)
    await writing.evaluate(_SAVED)
    await reading_.evaluate(f"(given) => {{ window.shown = ({_SHOWN})(given); }}", [cell, value])
    await writing.keyboard.type(value)
    await writing.keyboard.press("Enter")
    shown: float = await reading_.evaluate("window.shown")
    ended, saved = await _times(writing)
    return saved - ended, shown - ended


_SAVED = """
() => { window.saved = new Promise((resolve) => {
  const root = document.getElementById('gradebook');
  let begun = false;
  new MutationObserver((_, watcher) => {
    begun ||= root.dataset.unsaved === 'true';
    if (!begun || root.dataset.unsaved === 'true') return;
    watcher.disconnect();
    resolve(performance.timeOrigin + performance.now());
  }).observe(root, { attributeFilter: ['data-unsaved'] });
}); }
"""


async def _times(page: Page) -> tuple[float, float]:
    found: Any = await page.evaluate("window.saved.then((saved) => [window.ended, saved])")
    return found[0], found[1]

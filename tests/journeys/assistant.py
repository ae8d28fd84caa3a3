"""What journeys do in the assistant."""

import re

from playwright.sync_api import Locator, Page, expect

ANSWERED = re.compile(r"\d+ tokens · [\d.]+ credits")
LONG = "Write a long story about a frog who travels around the world. Tell every detail."


def ask(page: Page, text: str, *, anew: bool = False) -> None:
    """Send a message; with ``anew`` in a new conversation, whose page is then open."""
    if anew:
        page.goto("/assistant")
    box = page.get_by_label("Message", exact=True)
    expect(box).to_be_enabled()
    box.fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    if anew:
        page.wait_for_url(re.compile(r"/assistant/[0-9a-f-]{36}"))


def answers(page: Page) -> Locator:
    """The messages of models, oldest first."""
    return page.locator("ol.messages > li").filter(has=page.locator("strong", has_text="smollm2"))


def last_answer(page: Page) -> str:
    return answers(page).last.locator(".prose").inner_text().strip()


def wait_until_answered(page: Page) -> None:
    expect(answers(page).last).to_contain_text(ANSWERED, timeout=90_000)


def wait_for_some_text(page: Page, more_than: int = 20) -> str:
    page.wait_for_function(
        "size => (document.querySelector('.prose.growing')?.innerText ?? '').trim().length > size",
        arg=more_than,
        timeout=40_000,
    )
    return last_answer(page)

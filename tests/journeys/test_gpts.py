import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.assistant import ANSWERED, ask

pytestmark = pytest.mark.browser
NAMES = ("Frog expert", "Plain speaker", "Sceptic", "Poet")
SLOW = 120_000


def make_gpts(page: Page) -> None:
    page.goto("/gpts")
    for name in NAMES:
        page.get_by_role("button", name="New GPT").first.click()
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Instructions").fill("Answer in one short sentence.")
        page.get_by_label("Longest answer").fill("24")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("table", name="GPTs")).to_contain_text(name)


def all_answer(page: Page) -> None:
    """In a conversation that begins by trying the first."""
    page.get_by_role("button", name=f"Try {NAMES[0]}").first.click()
    page.wait_for_url(re.compile(r"/assistant/[0-9a-f-]{36}"))
    for name in NAMES[1:]:
        page.get_by_label("Add a GPT").select_option(label=name)
        expect(page.get_by_role("list", name="Who answers")).to_contain_text(name)


def choose(page: Page, mode: str, about: str) -> None:
    page.get_by_label("Together").select_option(mode)
    expect(page.get_by_text(about)).to_be_visible()


class TestSeveralGpts:
    def test_are_compared_through_a_reload_kept_and_merged(self, visit):
        page = visit("teacher")
        make_gpts(page)
        all_answer(page)
        choose(page, "compare", "You keep the best")
        ask(page, "Tell me about frogs.")
        expect(page.locator(".lane")).to_have_count(4)
        page.reload()
        expect(page.locator(".lane")).to_have_count(4)
        other = page.context.new_page()
        other.goto(page.url)
        keep = page.get_by_role("button", name="Keep this one")
        expect(keep).to_have_count(3, timeout=SLOW)
        for tab in (page, other):
            for lane in tab.locator(".lane").all():
                expect(lane).to_contain_text(ANSWERED)
        assert page.locator(".lane .prose").all_inner_texts() == other.locator(".lane .prose").all_inner_texts()
        keep.nth(1).click()
        for tab in (page, other):
            expect(tab.locator(".lane").nth(2)).to_contain_text("goes on from here")

        choose(page, "synthesise", "lists where they disagree")
        ask(page, "And what do they eat?")
        final = page.locator("ol.messages > li.message").last
        expect(final).to_contain_text(ANSWERED, timeout=SLOW)
        expect(final.locator("strong").first).to_have_text(NAMES[0])
        expect(page.get_by_text("answering together")).to_have_count(0)
        expect(page.locator(".lane")).to_have_count(4)
        page.get_by_role("button", name="Show all answers").click()
        expect(page.locator(".lane").nth(2)).to_contain_text("goes on from here")

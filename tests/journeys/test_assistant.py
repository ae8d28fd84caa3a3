import re

import pytest
from playwright.sync_api import expect

from tests.journeys.assistant import (
    ANSWERED,
    LONG,
    answers,
    ask,
    last_answer,
    wait_for_some_text,
    wait_until_answered,
)

pytestmark = pytest.mark.browser


class TestAsk:
    @pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
    def test_streams_an_answer_and_shows_what_it_cost(self, visit, phone):
        page = visit("teacher", phone=phone)
        ask(page, "Tell me about frogs in about sixty words.", anew=True)
        early = wait_for_some_text(page, 10)
        wait_until_answered(page)
        late = last_answer(page)
        assert late.startswith(early[:10])
        assert len(late) > len(early)
        expect(answers(page).last).to_contain_text("s to first token")

    def test_survives_a_reload_without_losing_or_repeating_anything(self, visit):
        page = visit("teacher")
        ask(page, LONG, anew=True)
        early = wait_for_some_text(page)
        page.reload()
        again = wait_for_some_text(page)
        assert again.startswith(early[:20])
        wait_until_answered(page)
        shown = last_answer(page)
        page.reload()
        wait_until_answered(page)
        assert last_answer(page) == shown
        assert shown.count(shown[:40]) == 1

    def test_keeps_two_tabs_in_step(self, visit):
        page = visit("teacher")
        ask(page, "Count slowly from one to thirty in words.", anew=True)
        other = page.context.new_page()
        other.goto(page.url)
        wait_until_answered(page)
        wait_until_answered(other)
        assert last_answer(other) == last_answer(page)

    def test_updates_the_balance_in_the_top_bar(self, visit):
        page = visit("parent", 3)
        badge = page.get_by_role("link", name=re.compile("credits$"))
        expect(badge).to_be_visible()
        before = badge.get_attribute("aria-label")
        ask(page, "Say hello.", anew=True)
        wait_until_answered(page)
        expect(page.get_by_role("link", name=re.compile("credits$"))).not_to_have_attribute("aria-label", before)


class TestStop:
    def test_keeps_what_came_and_charges_it(self, visit):
        page = visit("teacher")
        ask(page, LONG, anew=True)
        early = wait_for_some_text(page)
        page.get_by_role("button", name="Stop", exact=True).first.click()
        expect(answers(page).last).to_contain_text("stopped")
        expect(answers(page).last).to_contain_text(ANSWERED)
        assert last_answer(page).startswith(early[:20])


class TestBranches:
    def test_keep_every_version_of_an_edited_message(self, visit):
        page = visit("teacher")
        ask(page, "Say hello.", anew=True)
        wait_until_answered(page)
        page.get_by_role("button", name="Edit").click()
        page.get_by_label("Your message").fill("Say goodbye.")
        page.get_by_role("button", name="Send again").click()
        expect(page.locator("ol.messages")).to_contain_text("Say goodbye.")
        wait_until_answered(page)
        page.get_by_role("button", name="Previous version").click()
        expect(page.locator("ol.messages")).to_contain_text("Say hello.")
        expect(page.locator("ol.messages")).not_to_contain_text("Say goodbye.")

    def test_come_from_trying_again(self, visit):
        page = visit("teacher")
        ask(page, "Say one word.", anew=True)
        wait_until_answered(page)
        page.get_by_role("button", name="Try again").click()
        expect(answers(page).last).to_contain_text("2/2", timeout=60_000)


class TestConversations:
    def test_can_be_renamed_found_exported_and_put_away(self, visit):
        page = visit("teacher")
        ask(page, "Say hello.", anew=True)
        wait_until_answered(page)
        self.choose(page, "Rename")
        page.get_by_label("Title").fill("Greetings of the world")
        page.get_by_role("button", name="Rename", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Greetings of the world")
        with page.expect_download() as download:
            self.choose(page, "Export as Markdown")
        assert "Say hello." in download.value.path().read_text()
        self.choose(page, "Archive")
        expect(page.get_by_text("archived", exact=True)).to_be_visible()
        listed = page.locator("a.conversation", has_text="Greetings of the world")
        expect(listed).to_have_count(0)
        page.get_by_role("button", name="Archived").click()
        page.get_by_label("Search conversations").fill("greetings")
        expect(listed).to_have_count(1)

    @staticmethod
    def choose(page, item):
        page.get_by_role("button", name="Actions for this conversation").click()
        page.get_by_role("menuitem", name=item).click()
        expect(page.get_by_role("menu")).to_have_count(0)

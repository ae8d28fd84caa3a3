import re

import pytest
from playwright.sync_api import expect

from tests.journeys.assistant import LONG, ask, last_answer, wait_for_some_text, wait_until_answered

pytestmark = pytest.mark.browser


def share(page, name, access="Can read"):
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_label("What they may do").select_option(access)
    page.get_by_label("Find a colleague").fill(name)
    page.get_by_role("button", name=f"Share with {name}").click()
    expect(page.get_by_role("button", name=f"Withdraw access of {name}")).to_be_visible()
    page.get_by_role("button", name="Done").click()


class TestShare:
    def test_lets_a_colleague_watch_the_running_answer_until_access_is_withdrawn(self, visit):
        maya, ana = visit("teacher"), visit("teacher", 1, phone=True)
        ask(maya, "Say hello.", anew=True)
        wait_until_answered(maya)
        ana.goto(maya.url)
        expect(ana).to_have_url(re.compile("/assistant/?$"))
        share(maya, "Ana Ruiz")
        ana.goto(maya.url)
        expect(ana.get_by_text("You can read along")).to_be_visible()
        ask(maya, LONG)
        assert wait_for_some_text(ana)
        expect(maya.get_by_role("img", name="Also here")).to_be_visible()
        wait_until_answered(maya)
        wait_until_answered(ana)
        assert last_answer(ana) == last_answer(maya)
        maya.get_by_role("button", name="Share", exact=True).click()
        maya.get_by_role("button", name="Withdraw access of Ana Ruiz").click()
        expect(ana).to_have_url(re.compile("/assistant/?$"), timeout=3_000)
        expect(ana.get_by_text("Say hello.")).to_have_count(0)

    def test_lets_an_editor_write(self, visit):
        maya, ana = visit("teacher"), visit("teacher", 1)
        ask(maya, "Say hello.", anew=True)
        wait_until_answered(maya)
        share(maya, "Ana Ruiz", "Can write")
        ana.goto(maya.url)
        wait_until_answered(ana)
        ask(ana, "Now say goodbye.")
        expect(maya.locator("ol.messages")).to_contain_text("Now say goodbye.")
        expect(maya.locator("ol.messages")).to_contain_text("Ana Ruiz")

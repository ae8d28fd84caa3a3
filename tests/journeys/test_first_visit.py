import re

import pytest
from playwright.sync_api import expect

from tests.journeys.assistant import ask, wait_until_answered
from tests.journeys.conftest import DESK, serving

pytestmark = pytest.mark.browser


class TestFirstVisit:
    def test_without_the_demo_sets_up_an_organization_that_can_ask_at_once(self, browser, tmp_path_factory):
        with serving(tmp_path_factory.mktemp("unset"), FARADAY_DEMO="0") as unset:
            context = browser.new_context(base_url=unset.base, viewport=DESK)
            page = context.new_page()
            page.goto("/")
            expect(page).to_have_url(re.compile("/set-up"))
            page.get_by_label("Organisation").fill("Lake School")
            page.get_by_label("Your name").fill("Ada Lind")
            page.get_by_label("Email").fill("ada@lake.example")
            page.get_by_label("Password", exact=True).fill("short")
            page.get_by_role("button", name="Create").click()
            expect(page.get_by_role("alert")).to_have_text("Choose a password of at least 10 characters.")
            page.get_by_label("Password", exact=True).fill("a password that is long enough")
            page.get_by_role("button", name="Create").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text("Ada")
            ask(page, "Say hello.", anew=True)
            wait_until_answered(page)
            guest = browser.new_context(base_url=unset.base).new_page()
            guest.goto("/set-up")
            expect(guest).to_have_url(re.compile("/sign-in"))

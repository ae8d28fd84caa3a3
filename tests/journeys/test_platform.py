import re

import pytest
from playwright.sync_api import expect

from tests.factories.mailbox import link_in

pytestmark = pytest.mark.browser


class TestPlatform:
    def test_founds_a_school_whose_administrator_joins_and_shows_counts_of_it(self, visit, letters):
        page, email = visit("administrator"), "olga.petrova@lake.example"
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Organisations").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Organisations")
        self.found(page, "Lake School", email)
        self.is_empty(page, "Lake School")
        self.join(visit(), link_in(letters.awaited(email)))
        page.reload()
        expect(page.get_by_text("Nobody has joined yet")).to_have_count(0)
        expect(page.get_by_role("region", name="People", exact=True)).to_contain_text("1")
        expect(page.get_by_text("Olga")).to_have_count(0)

    def test_is_not_there_for_anybody_else(self, visit):
        page = visit("teacher")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("link", name="Organisations")).to_have_count(0)
        page.goto("/platform")
        expect(page.get_by_text("There is nothing here for you")).to_be_visible()

    def found(self, page, name, email):
        page.get_by_role("button", name="New organisation").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Name of the organisation").fill(name)
        dialog.get_by_label("E-mail address of its administrator").fill(email)
        dialog.get_by_role("button", name="Found it").click()
        expect(dialog.get_by_text(f"We sent a link to {email}")).to_be_visible()
        dialog.get_by_role("button", name="Done").click()

    def is_empty(self, page, name):
        page.get_by_label("Search organisations").fill("lake")
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
        expect(page.get_by_text("Nobody has joined yet")).to_be_visible()

    def join(self, page, link):
        page.goto(re.sub(r"^https?://[^/]+", "", link))
        expect(page.get_by_role("heading", level=1)).to_contain_text("Join Lake School")
        page.get_by_label("Your name").fill("Olga Petrova")
        page.get_by_label("Password", exact=True).fill("quiet rivers carry 7 stones")
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Olga")

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


class TestRoles:
    def test_give_a_place_at_once_and_take_it_back_by_denial_and_by_the_clock(self, visit):
        administrator, head = visit("administrator"), visit("head")
        place = head.get_by_role("navigation", name="Main").get_by_role("link", name="Audit")
        expect(head.get_by_role("heading", level=1)).to_contain_text("Tom")
        expect(place).to_have_count(0)
        self.make(administrator, "Trail reader")
        self.give(administrator, "Tom Lindqvist")
        expect(place).to_be_visible(timeout=5_000)
        place.click()
        expect(head.get_by_role("heading", level=1)).to_contain_text("Audit")
        self.deny(administrator)
        expect(head.get_by_text("There is nothing here for you")).to_be_visible(timeout=5_000)
        expect(place).to_have_count(0)
        self.allow(administrator)
        expect(place).to_be_visible(timeout=5_000)
        self.end_within(administrator, 3)
        expect(place).to_have_count(0, timeout=8_000)
        self.asks_why(administrator)

    def make(self, page, name):
        page.goto("/roles")
        page.get_by_role("link", name="New role").click()
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Read the audit trail", exact=True).select_option("Allow")
        expect(page.get_by_text("Nobody has this role yet")).to_be_visible()
        page.get_by_role("button", name="Save").click()
        page.wait_for_url(re.compile("role="))
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)

    def give(self, page, name):
        page.get_by_role("button", name="Give to somebody").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Person", exact=True).fill(name)
        dialog.get_by_role("group", name="People found").get_by_role("button", name=re.compile(name)).click()
        expect(dialog.get_by_text("Gains: read the audit trail")).to_be_visible()
        dialog.get_by_role("button", name="Give role").click()
        expect(dialog).to_have_count(0)
        expect(page.get_by_role("region", name="People with this role").get_by_text(name)).to_be_visible()

    def deny(self, page):
        page.get_by_label("Read the audit trail", exact=True).select_option("Deny")
        expect(page.get_by_text("Loses: read the audit trail")).to_be_visible()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("You have unsaved changes.")).to_have_count(0)

    def allow(self, page):
        page.get_by_label("Read the audit trail", exact=True).select_option("Allow")
        expect(page.get_by_text("Gains: read the audit trail")).to_be_visible()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("You have unsaved changes.")).to_have_count(0)

    def end_within(self, page, seconds):
        """Sooner than the page can say it, which counts in minutes."""
        head = page.request.get("/api/v1/people?text=Tom Lindqvist").json()["items"][0]["user_id"]
        soon = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
        path = f"/api/v1/roles/{page.url.partition('role=')[2]}/people/{head}"
        assert page.request.put(path, data={"expires_at": soon}).ok
        expect(page.get_by_text("until")).to_be_visible()

    def asks_why(self, page):
        page.goto("/roles/why")
        page.get_by_label("Who").fill("Tom Lindqvist")
        page.get_by_role("group", name="People found").get_by_role("button", name=re.compile("Tom Lindqvist")).click()
        page.get_by_label("May they").select_option("Read the audit trail")
        page.get_by_role("button", name="Find out").click()
        expect(page.get_by_text("The role was held until")).to_be_visible()

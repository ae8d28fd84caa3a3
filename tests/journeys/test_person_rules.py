import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


class TestRulesOfOnePerson:
    def test_give_a_place_to_one_head_alone_and_take_it_back(self, visit):
        administrator, head = visit("administrator"), visit("head", phone=True)
        self.open_rules(administrator, "Tom Lindqvist")
        expect(administrator.get_by_text("Allowed by Department head").first).to_be_visible()
        self.choose(administrator, "Allow")
        changes = administrator.get_by_role("region", name="What saving changes")
        expect(changes.get_by_text("Gains: read the audit trail")).to_be_visible()
        administrator.get_by_role("button", name="Save").click()
        expect(administrator.get_by_text("The rules for Tom Lindqvist are saved")).to_be_visible()
        expect(changes).to_have_count(0)
        head.goto("/audit")
        expect(head.get_by_role("heading", level=1)).to_contain_text("Audit")
        self.choose(administrator, "Deny")
        expect(changes.get_by_text("Loses: read the audit trail")).to_be_visible()
        administrator.get_by_role("button", name="Save").click()
        expect(head.get_by_text("There is nothing here for you")).to_be_visible(timeout=5_000)
        self.limits(administrator)
        self.choose(administrator, "Not set")
        administrator.get_by_role("button", name="Save").click()
        expect(administrator.get_by_text("You have unsaved changes.")).to_have_count(0)

    def test_do_not_lock_out_their_author(self, visit):
        page = visit("administrator")
        self.open_rules(page, "Jonas Prie")
        page.get_by_label("Change roles and give them", exact=True).select_option("Deny")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert").filter(has_text=re.compile("left|lock"))).to_be_visible()
        page.get_by_role("button", name="Discard").click()
        expect(page.get_by_text("You have unsaved changes.")).to_have_count(0)

    def open_rules(self, page, name):
        page.goto("/people")
        page.get_by_label("Search people").fill(name)
        page.get_by_role("button", name=f"Actions for {name}").click()
        page.get_by_role("menuitem", name="Rules…").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"Rules for {name}")

    def choose(self, page, effect):
        page.get_by_label("Read the audit trail", exact=True).select_option(effect)

    def limits(self, page):
        page.get_by_role("button", name="Conditions and end of Read the audit trail").click()
        dialog = page.get_by_role("dialog", name="Read the audit trail")
        dialog.get_by_label("Mon", exact=True).check()
        dialog.get_by_role("button", name="Apply").click()
        expect(dialog).to_have_count(0)
        expect(page.get_by_text("Mon", exact=True)).to_be_visible()

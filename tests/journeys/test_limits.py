import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


class TestAdministrator:
    def test_cannot_lock_themselves_out_but_tries_the_rule_in_shadow(self, visit):
        page = visit("administrator", phone=True)
        page.goto("/addresses")
        expect(page.get_by_text("Your own address is")).to_be_visible()
        page.get_by_role("button", name="Add rule").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Address, network or country").fill("127.0.0.0/8")
        dialog.get_by_label("Note").click()
        expect(dialog.get_by_text("Your own address is within.")).to_be_visible()
        dialog.get_by_role("button", name="Add rule").click()
        expect(dialog.get_by_role("alert")).to_contain_text("would be locked out")
        dialog.get_by_label("Shadow").check()
        dialog.get_by_role("button", name="Add rule").click()
        expect(dialog).to_have_count(0)
        expect(page.get_by_text("Shadow: only counts")).to_be_visible()
        page.get_by_role("button", name="Actions for 127.0.0.0/8").click()
        page.get_by_role("menuitem", name="Remove").click()
        expect(page.get_by_text("Every address may call")).to_be_visible()

    def test_sets_an_exception_and_replays_the_day(self, visit):
        page = visit("administrator")
        page.goto("/limits")
        expect(page.get_by_text("The limits stand at")).to_be_visible()
        page.get_by_role("button", name="Add exception").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Calls per minute").fill("many")
        dialog.get_by_role("button", name="Add exception").click()
        expect(dialog.get_by_role("alert")).to_contain_text("whole number")
        dialog.get_by_label("Calls per minute").fill("9000")
        dialog.get_by_role("button", name="Add exception").click()
        expect(page.get_by_text("9,000 a minute, 100 at once")).to_be_visible()
        page.get_by_label("Kind of call").last.select_option("Clicks in pages")
        page.get_by_role("button", name="Replay the day").click()
        expect(page.get_by_text(re.compile("calls would have been refused|no such calls"))).to_be_visible()
        page.get_by_role("button", name=re.compile("Remove the exception")).click()
        expect(page.get_by_text("The limits above hold for everybody.")).to_be_visible()

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def rows(page):
    return page.get_by_role("table", name="Audit events").get_by_role("row")


class TestTrail:
    def test_is_narrowed_kept_explained_and_taken_out(self, visit):
        page = visit("administrator")
        self.change_somebody(page)
        page.goto("/audit")
        self.narrow(page)
        self.keep(page)
        self.reopen(page)
        self.explain(page)
        self.take_out(page)

    def change_somebody(self, page):
        page.goto("/people")
        page.get_by_label("Search people").fill("Sara Byrne")
        page.get_by_role("button", name="Actions for Sara Byrne").click()
        page.get_by_role("menuitem", name="Change role or department").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Department").select_option("No department")
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_have_count(0)

    def narrow(self, page):
        page.get_by_role("combobox", name="Action", exact=True).select_option("Changed a role or department")
        page.get_by_role("button", name="Filters").click()
        page.get_by_label("Outcome").select_option("Done")
        page.get_by_label("Who did it").fill("jonas")
        page.get_by_role("group", name="People found").get_by_role("button", name="Jonas Prie").click()
        expect(page.get_by_role("button", name="Choose another")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Remove the filter By Jonas Prie")).to_be_visible()
        expect(page).to_have_url(re.compile(r"action=membership\.changed&actor_id=[0-9a-f-]{36}&outcome=done"))
        expect(rows(page).nth(1)).to_contain_text("Sara Byrne")

    def keep(self, page):
        page.get_by_role("button", name="Saved searches").click()
        page.get_by_label("Keep the present filters as").fill("Changes by Jonas")
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(page.get_by_text("The search is kept.")).to_be_visible()
        page.get_by_role("button", name="Clear all").click()
        expect(page).to_have_url(re.compile("/audit$"))

    def reopen(self, page):
        page.get_by_role("button", name="Saved searches").click()
        page.get_by_role("button", name="Changes by Jonas Only yours").click()
        expect(page).to_have_url(re.compile("outcome=done"))
        page.reload()
        expect(page.get_by_role("button", name="Remove the filter Done")).to_be_visible()
        expect(rows(page).nth(1)).to_contain_text("Sara Byrne")

    def explain(self, page):
        page.get_by_role("button", name=re.compile("^Details: Jonas")).first.click()
        dialog = page.get_by_role("dialog")
        change = dialog.get_by_role("table", name="What changed").get_by_role("row").nth(1)
        expect(change).to_contain_text("Department")
        expect(change.get_by_role("cell").nth(1)).to_have_text("—")
        expect(dialog.get_by_text(re.compile("Sealed in block|Waits to be sealed"))).to_be_visible()
        dialog.get_by_role("button", name=re.compile("Show only Target")).click()
        expect(page.get_by_role("button", name="Remove the filter Target: Member Sara Byrne")).to_be_visible()

    def take_out(self, page):
        found = rows(page).count() - 1
        text = self.download(page, "CSV")
        (event, *more) = list(csv.DictReader(text.splitlines()))
        assert (event["action"], event["actor_name"], len(more)) == ("membership.changed", "Jonas Prie", found - 1)
        lines = [json.loads(line) for line in self.download(page, "JSON lines").splitlines()]
        assert [line["event"]["details"]["name"] for line in lines if line["type"] == "event"] == ["Sara Byrne"] * found
        assert lines[-1]["type"] == "end"

    def download(self, page, kind):
        page.get_by_role("button", name="Export").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=kind).click()
        expect(page.get_by_role("menu")).to_have_count(0)
        return Path(download.value.path()).read_text()

    def test_tells_who_saw_a_person(self, visit):
        page = visit("administrator")
        page.goto("/people")
        page.get_by_label("Search people").fill("Elif Kaya")
        menu = page.get_by_role("button", name="Actions for Elif Kaya")
        menu.click()
        page.get_by_role("menuitem", name="Change role or department").click()
        page.get_by_role("dialog").get_by_role("button", name="Close").click()
        menu.click()
        page.get_by_role("menuitem", name="Who saw this person").click()
        expect(page.get_by_role("button", name="Remove the filter Who saw Elif Kaya")).to_be_visible()
        expect(rows(page).nth(1)).to_contain_text("Jonas Prie")

    def test_leaves_room_for_the_list_on_a_phone(self, visit):
        page = visit("administrator", phone=True)
        page.goto("/audit?outcome=done&since=30")
        first = rows(page).nth(1)
        expect(first).to_be_visible()
        assert first.bounding_box()["y"] < 420
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


class TestPhone:
    def test_reaches_every_place_by_thumb(self, visit):
        page = visit("administrator", phone=True)
        bar = page.get_by_role("navigation", name="Shortcuts")
        bar.get_by_role("link", name="Assistant").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Assistant")
        bar.get_by_role("button", name="More").click()
        page.get_by_role("dialog").get_by_role("link", name="Audit").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Audit")
        expect(page.get_by_role("dialog")).to_have_count(0)

    def test_opens_one_pane_at_a_time_and_goes_back(self, visit):
        page = visit("teacher", phone=True)
        page.goto("/assistant")
        expect(page.get_by_label("Message", exact=True)).to_be_visible()
        page.get_by_role("link", name="Conversations").click()
        expect(page.get_by_label("Search conversations")).to_be_visible()
        page.go_back()
        expect(page.get_by_label("Search conversations")).to_be_hidden()
        expect(page).to_have_url(re.compile("/assistant"))
        page.get_by_role("link", name="About this conversation").click()
        expect(page.get_by_role("tab", name="Data")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("tab", name="Data")).to_be_hidden()

    def test_keeps_a_dialog_within_the_screen_and_gives_the_focus_back(self, visit):
        page = visit("teacher", phone=True)
        page.goto("/assistant")
        opens = page.get_by_role("button", name="Templates")
        opens.click()
        dialog = page.get_by_role("dialog")
        dialog.locator(".stack").first.evaluate(
            "part => { const line = document.createElement('p'); line.className = 'clip';"
            " line.textContent = 'word '.repeat(80); part.append(line); }"
        )
        assert dialog.bounding_box()["width"] <= 390 - 16
        page.keyboard.press("Escape")
        expect(opens).to_be_focused()

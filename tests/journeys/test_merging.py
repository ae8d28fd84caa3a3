import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Served

pytestmark = pytest.mark.browser
BASE = "Frogs:\n- eat flies\n- jump\n"


def shared_conversation(maya: Page, ana: Page, served: Served) -> str:
    """One of Maya's that Ana may write in; made over HTTP, which has journeys of its own."""
    own = {"origin": served.base}
    made = maya.request.post("/api/v1/conversations", data={"title": "Pond trip"}, headers=own).json()
    user_id = ana.request.get("/api/v1/me").json()["user_id"]
    path = f"/api/v1/conversations/{made['id']}/members/{user_id}"
    assert maya.request.put(path, data={"access": "editor"}, headers=own).ok
    return f"/assistant/{made['id']}"


def open_notes(page: Page, path: str) -> Locator:
    page.goto(path)
    page.get_by_role("tab", name="Notes").click()
    box = page.get_by_label("Shared notes")
    expect(box).to_be_editable()
    return box


def replace(box: Locator, old: str, new: str) -> None:
    """Select a word and type another over it."""
    box.evaluate(
        "(box, old) => { box.focus(); const at = box.value.indexOf(old); box.setSelectionRange(at, at + old.length); }",
        old,
    )
    box.page.keyboard.type(new)


class TestNotes:
    def test_are_written_together_and_a_clash_is_for_people_to_settle(self, visit, served):
        maya, ana = visit("teacher"), visit("teacher", 1)
        path = shared_conversation(maya, ana, served)
        hers, anas = open_notes(maya, path), open_notes(ana, path)
        hers.press_sequentially(BASE)
        expect(anas).to_have_value(BASE)
        replace(anas, "jump", "jump far")
        expect(hers).to_have_value(BASE.replace("jump", "jump far"))
        expect(maya.locator(".caret-mark")).to_have_text("Ana Ruiz")

        ana.context.set_offline(True)
        replace(hers, "flies", "gnats")
        replace(anas, "flies", "worms")
        expect(maya.locator("#notes-truth")).to_contain_text("gnats")
        ana.context.set_offline(False)
        clash = ana.get_by_role("dialog")
        expect(clash.get_by_role("heading", name="Two changed the same")).to_be_visible(timeout=20_000)
        clash.get_by_role("button", name="Both, yours first").click()
        expect(clash.get_by_role("region", name="What comes of it")).to_contain_text("- eat worms\n- eat gnats")
        clash.get_by_role("button", name="Save the result").click()
        for box in (hers, anas):
            expect(box).to_have_value(re.compile("- eat worms\n- eat gnats\n- jump far"))
        ana.get_by_role("tab", name="History").click()
        expect(ana.get_by_role("list", name="Versions")).to_contain_text("Set aside when merging")


class TestVersions:
    def test_of_a_gpt_bring_back_what_was_broken(self, visit):
        page = visit("teacher")
        page.goto("/gpts")
        page.get_by_role("button", name="New GPT").first.click()
        page.get_by_label("Name", exact=True).fill("Frog scholar")
        page.get_by_label("Instructions").fill("Answer about frogs.\nBe brief.")
        page.get_by_role("button", name="Save", exact=True).click()
        self.act(page, "Edit")
        page.get_by_label("Instructions").fill("Be brief.")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("dialog")).to_have_count(0)

        self.act(page, "Versions")
        versions = page.get_by_role("list", name="Versions")
        versions.get_by_role("button", name="What changed").first.click()
        expect(versions.get_by_role("group", name="Instructions")).to_contain_text("Answer about frogs.")
        versions.get_by_role("button", name="Actions for version 1 · Made").click()
        page.get_by_role("menuitem", name="Restore").click()
        expect(versions).to_contain_text("3 · Restored")
        page.get_by_role("button", name="Close").click()
        self.act(page, "Edit")
        expect(page.get_by_label("Instructions")).to_have_value("Answer about frogs.\nBe brief.")

    def act(self, page: Page, name: str) -> None:
        page.get_by_role("button", name="Actions for Frog scholar").click()
        page.get_by_role("menuitem", name=name).click()

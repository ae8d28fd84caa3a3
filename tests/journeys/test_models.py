"""A model comes into the catalogue, is chosen by a teacher, answers, and says why it was the one."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.assistant import ANSWERED
from tests.journeys.conftest import Served, Visit

pytestmark = pytest.mark.browser


def local_endpoint(served: Served) -> tuple[str, str]:
    """The address and the key of the model that the served Faraday runs beside itself."""
    folder = served.data / "model"
    (*_, address) = re.findall(r"http://127\.0\.0\.1:\d+", (folder / "log").read_text())  # others restart it
    return f"{address}/v1", (folder / "key").read_text().strip()


def act(page: Page, thing: str, what: str) -> None:
    page.get_by_role("button", name=f"Actions for {thing}").click()
    page.get_by_role("menuitem", name=what).click()


def add_provider(page: Page, address: str, key: str) -> None:
    page.goto("/providers")
    page.get_by_role("button", name="Add provider").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Next door")
    dialog.get_by_label("Address").fill(address)
    dialog.get_by_label("Privacy").select_option("In our own hands")
    dialog.get_by_role("button", name="Save").click()
    act(page, "Next door", "Keys")
    dialog.get_by_label("Label").fill("Main")
    dialog.get_by_label("Key", exact=True).fill(key)
    dialog.get_by_role("button", name="Add key").click()
    expect(dialog.get_by_text(f"ends in {key[-4:]}")).to_be_visible()
    assert key not in page.content()
    page.keyboard.press("Escape")


def add_model(page: Page) -> None:
    act(page, "Next door", "Test it and see its models")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("It answered in")).to_be_visible()
    dialog.get_by_role("button", name="Add smollm2-135m").click()
    expect(dialog.get_by_label("Its name there")).to_have_value("smollm2-135m")
    dialog.get_by_label("Label").fill("Demo large")
    dialog.get_by_label("Name", exact=True).fill("smollm2-large")
    dialog.get_by_label("Longest answer").fill("100")
    dialog.get_by_role("button", name="Add model").click()
    expect(page.get_by_text("Demo large is in the catalogue.")).to_be_visible()


def set_price(page: Page) -> None:
    page.goto("/models")
    page.get_by_role("button", name="Demo large", exact=True).click()
    act(page, "Next door", "Set a price")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What is read", exact=True).fill("500")
    dialog.get_by_label("What is written").fill("1500")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("0.50 in, 1.50 out credits for 1,000 tokens")).to_be_visible()


def ask(page: Page) -> None:
    page.goto("/models")
    expect(page.get_by_text("Demo large")).to_be_visible()
    expect(page.get_by_role("button", name="Add model")).to_have_count(0)
    page.goto("/assistant")
    page.get_by_label("Model", exact=True).select_option("Demo large")
    page.get_by_label("Message", exact=True).fill("What is a leaf?")
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url(re.compile(r"/assistant/[0-9a-f-]{36}"))


def ask_why(page: Page) -> None:
    answer = page.locator("ol.messages > li").last
    expect(answer).to_contain_text(ANSWERED, timeout=90_000)
    expect(answer.locator("strong").first).to_have_text("smollm2-large")
    answer.get_by_role("button", name="Why this model").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("smollm2-large was asked for and answered.")).to_be_visible()
    expect(dialog.get_by_text("Next door").first).to_be_visible()
    page.keyboard.press("Escape")


def look_into_the_receipt(page: Page) -> None:
    page.goto("/routing")
    page.get_by_role("tab", name="Receipts").click()
    page.get_by_role("button", name="Why this model: smollm2-large").first.click()
    expect(page.get_by_role("dialog").get_by_text("key “Main”")).to_be_visible()
    page.keyboard.press("Escape")


def remove_all_of_it(page: Page) -> None:
    page.goto("/providers")
    act(page, "Next door", "Remove")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Only this installation’s own model")).to_be_visible()
    page.goto("/models")
    expect(page.get_by_text("Nowhere to ask")).to_be_visible()
    act(page, "Demo large", "Remove")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Demo large is removed.")).to_be_visible()


def test_an_administrator_adds_a_model_and_a_teacher_learns_why_it_answered(served: Served, visit: Visit) -> None:
    office, page = visit("administrator"), visit("teacher")
    add_provider(office, *local_endpoint(served))
    add_model(office)
    set_price(office)
    ask(page)
    ask_why(page)
    page.get_by_label("Model", exact=True).select_option("auto")
    expect(page.get_by_text("Auto", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_label("Model", exact=True)).to_have_value("auto")
    look_into_the_receipt(office)
    remove_all_of_it(office)

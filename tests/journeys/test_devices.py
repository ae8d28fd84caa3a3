"""Two browsers of one person: what the one does, the other feels."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser

KEPT = """() => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])"""


def test_signing_out_the_others_reaches_an_open_page_at_once(visit, served):
    here, there = visit("teacher", 2), visit("teacher", 2)
    there.goto("/credits")
    expect(there.get_by_role("heading", level=1)).to_be_visible()
    here.goto("/account")
    here.get_by_role("button", name="Sign out all other devices").click()
    here.get_by_role("alertdialog").get_by_role("button", name=re.compile("^Sign out")).click()
    there.wait_for_url(re.compile("/sign-in"), timeout=10_000)
    expect(here.get_by_text("This device")).to_be_visible()


def test_a_sign_in_from_a_strange_browser_rings_the_bell_of_the_other(visit, browser, served):
    here = visit("teacher", 1)
    bell = here.get_by_role("button", name=re.compile("^Notifications"))
    expect(bell).to_be_visible()
    context = browser.new_context(
        base_url=served.base, user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    )
    sign_in(context.new_page(), served.account("teacher", 1))
    expect(here.get_by_role("button", name=re.compile(r"^Notifications.*[1-9]"))).to_be_visible()
    context.close()


def test_no_token_lies_where_scripts_can_read(visit):
    page = visit("administrator")
    page.goto("/account")
    expect(page.get_by_text("This device")).to_be_visible()
    token = next(each["value"] for each in page.context.cookies() if each["name"] == "faraday")
    assert len(token) > 30
    assert token not in page.evaluate(KEPT)

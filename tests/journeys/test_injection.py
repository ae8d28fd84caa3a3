"""Names that would like to be markup, script, template or SQL stay names, on every page that shows them."""

import pytest
from playwright.sync_api import expect

from tests.journeys.test_newcomer import TestNewcomer as Newcomer

pytestmark = pytest.mark.browser

NASTY = "<img src=x onerror=smuggled=1> {{7*7}} ${7*7} '; drop table users --"


def test_of_a_name_is_shown_as_it_was_typed(visit, letters):
    administrator, newcomer = visit("administrator"), visit()
    link = Newcomer().invite(administrator, letters, "nasty@new.example")
    newcomer.goto(link)
    newcomer.get_by_label("Your name").fill(NASTY)
    newcomer.get_by_label("Password", exact=True).fill("a long enough password")
    newcomer.get_by_role("button", name="Join").click()
    newcomer.wait_for_url(lambda url: "/invitation" not in url)
    for page, path in ((administrator, "/people"), (administrator, "/audit"), (newcomer, "/account")):
        page.goto(path)
        expect(page.locator("main").get_by_text(NASTY).first).to_be_visible()
        assert page.evaluate("typeof smuggled") == "undefined", path
        assert page.locator("img[src=x]").count() == 0, path

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
CLASSROOM = {"Classes", "Gradebook", "Assignments", "Materials", "Records"}
STAFF = {"Home", "Assistant", "Credits", "API keys", "GPTs", "Memory", "Templates", "Models", *CLASSROOM}
PLACES = {
    "administrator": {
        *STAFF,
        *("Security", "People", "Roles", "Sign-in", "Audit", "Limits", "Addresses", "Encryption", "Providers"),
        *("Routing", "Backups", "Organisations", "Addresses for all"),
        *("Rubrics", "Terms", "Guardians", "Rosters", "Privacy"),
    },
    "head": {*STAFF, "Rubrics"},
    "teacher": {*STAFF, "Rubrics"},
    "aide": STAFF,
    "student": {"Home", "Assistant", "Credits", "GPTs", "Memory", "Templates", "Models", *CLASSROOM},
    "parent": {"Home", "Assistant", "Credits", "Memory", "Models", *CLASSROOM},
}


class TestSignIn:
    @pytest.mark.parametrize("role", PLACES)
    def test_shows_each_role_its_own_places(self, visit, served, role):
        page = visit(role)
        expect(page.get_by_role("heading", level=1)).to_contain_text(served.account(role)["name"].split()[0])
        places = page.get_by_role("navigation", name="Main").get_by_role("listitem")
        expect(places.first).to_be_visible()
        assert {text.strip() for text in places.all_inner_texts()} == PLACES[role]

    def test_keeps_what_was_typed_when_the_password_is_wrong(self, visit, served):
        page = visit()
        page.goto("/sign-in")
        email = served.account("student", 20)["email"]
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password", exact=True).fill("not the password")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("alert")).to_have_text("E-mail or password is wrong.")
        expect(page.get_by_label("Email")).to_have_value(email)

    def test_leads_back_to_the_page_that_was_wanted(self, visit, served):
        page = visit()
        page.goto("/credits")
        expect(page).to_have_url(re.compile("/sign-in"))
        account = served.account("teacher")
        page.get_by_label("Email").fill(account["email"])
        page.get_by_label("Password", exact=True).fill(account["password"])
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Credits")

    def test_leaves_nothing_secret_where_scripts_can_read(self, visit):
        page = visit("teacher")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Maya")
        assert "faraday" not in page.evaluate("document.cookie")
        stored = page.evaluate("JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})")
        cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
        assert cookies["faraday"]["httpOnly"]
        assert cookies["faraday"]["value"] not in stored


class TestSignOut:
    def test_ends_the_rights_of_every_tab_at_once(self, visit):
        page = visit("teacher", 2)
        other = page.context.new_page()
        other.goto("/assistant")
        expect(other.get_by_label("Message", exact=True)).to_be_visible()
        page.get_by_role("button", name=re.compile("^You:")).click()
        page.get_by_role("menuitem", name="Sign out").click()
        expect(page).to_have_url(re.compile("/sign-in"))
        expect(other).to_have_url(re.compile("/sign-in"), timeout=3_000)


class TestPages:
    def test_of_others_are_not_shown(self, visit):
        page = visit("student")
        page.goto("/people")
        expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
        expect(page.get_by_text("jonas.prie")).to_have_count(0)

"""Forgotten passwords, changed ones, and accounts elsewhere, as people meet them."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.issuer import CLIENT_ID, SECRET, open_issuer
from tests.factories.mailbox import link_in
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.browser


class TestForgottenPassword:
    def test_is_replaced_by_a_link_from_the_mailbox(self, visit, served, letters):
        account, page = served.account("student", 21), visit("student", 21)
        guest = visit()
        guest.goto("/sign-in")
        guest.get_by_role("link", name="Forgot your password?").click()
        expect(guest.get_by_role("heading", level=1)).to_have_text("Forgot your password?")
        guest.get_by_label("Email").fill(account["email"])
        guest.get_by_role("button", name="Send link").click()
        expect(guest.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
        guest.goto(link_in(letters.awaited(account["email"])))
        guest.get_by_label("New password", exact=True).fill("password1234")
        guest.get_by_role("button", name="Set password").click()
        expect(guest.get_by_role("alert")).to_contain_text("too easy to guess")
        guest.get_by_label("New password", exact=True).fill("seven quiet lanterns")
        guest.get_by_role("button", name="Set password").click()
        expect(guest.get_by_role("status")).to_have_text("Your new password is set. Sign in with it.")
        expect(page).to_have_url(re.compile("/sign-in"), timeout=5_000)
        sign_in(guest, account | {"password": "seven quiet lanterns"})  # pragma: allowlist secret
        expect(guest.get_by_role("heading", level=1)).to_contain_text(account["name"].split()[0])


class TestOwnAccount:
    def test_confirms_its_address_and_changes_its_password(self, visit, served, letters):
        account, page = served.account("student", 22), visit("student", 22)
        page.goto("/account")
        page.get_by_role("button", name="Send a link to confirm it").click()
        expect(page.get_by_role("status")).to_contain_text("We sent a link to your address")
        other = page.context.new_page()
        other.goto(link_in(letters.awaited(account["email"])))
        other.get_by_role("button", name="Confirm").click()
        expect(other.get_by_role("heading", level=1)).to_have_text("Your address is confirmed")
        expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()
        section = page.locator("section").filter(has=page.get_by_role("heading", name="Password", exact=True))
        section.get_by_label("Current password", exact=True).fill(account["password"])
        section.get_by_label("New password", exact=True).fill("four green umbrellas")
        section.get_by_role("button", name="Change password").click()
        expect(page.get_by_role("status")).to_contain_text("Your password is changed")


class TestIdentityProvider:
    def test_is_added_offered_and_opens_accounts(self, visit, served):
        with open_issuer() as issuer:
            administrator, guest = visit("administrator"), visit()
            self.add(administrator, issuer.name)
            issuer.introduces(served.account("teacher", 1)["email"])
            guest.goto("/sign-in?next=%2Fcredits")
            guest.get_by_role("link", name="Continue with Hill account").click()
            expect(guest.get_by_role("heading", level=1)).to_have_text("Credits")
            guest.goto("/account")
            expect(guest.get_by_role("button", name="Disconnect Hill account")).to_be_visible()
            stranger = visit()
            issuer.introduces("nobody@elsewhere.example")
            stranger.goto("/sign-in")
            stranger.get_by_role("link", name="Continue with Hill account").click()
            expect(stranger.get_by_role("alert")).to_contain_text("Sign in with your password first")
            self.remove(administrator)

    def add(self, page, issuer):
        page.goto("/sign-in-settings")
        page.get_by_role("button", name="Add a provider").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Label").fill("Hill account")
        dialog.get_by_label("Issuer").fill("http://127.0.0.1:1")
        dialog.get_by_label("Client ID").fill(CLIENT_ID)
        dialog.get_by_label("Client secret", exact=True).fill(SECRET)
        dialog.get_by_label("E-mail domains").fill("demo.faraday.example")
        dialog.get_by_role("button", name="Save").click()
        expect(dialog.get_by_role("alert")).to_contain_text("Nobody answers at this address")
        dialog.get_by_label("Issuer").fill(issuer)
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_have_count(0)
        expect(page.get_by_text("Hill account").first).to_be_visible()

    def remove(self, page):
        page.get_by_role("button", name="Actions for Hill account").click()
        page.get_by_role("menuitem", name="Remove").click()
        page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
        expect(page.get_by_text("Everybody signs in with a password")).to_be_visible()

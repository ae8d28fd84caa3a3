"""Second factors as people use them. At `localhost`, because a passkey cannot belong to an address of numbers."""

import json
import re
import time

import psycopg
import pyotp
import pytest
import redis
from playwright.sync_api import expect

from faraday_app.core.embedded.postgres import Postgres
from faraday_app.core.embedded.valkey import Valkey
from faraday_app.core.jobs import AS_FARADAY
from faraday_app.core.outbox import CHANNEL

pytestmark = pytest.mark.browser
PLATFORM = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def local(browser, served):
    """A browser of its own that opens Faraday by its name."""
    opened = []

    def open_page():
        opened.append(browser.new_context(base_url=served.base.replace("127.0.0.1", "localhost")))
        opened[-1].set_default_timeout(15_000)
        return opened[-1].new_page()

    yield open_page
    for context in opened:
        context.close()


def give_password(page, account, path="/sign-in"):
    page.goto(path)
    page.get_by_label("Email").fill(account["email"])
    page.get_by_label("Password", exact=True).fill(account["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()


def is_in(page):
    expect(page).to_have_url(re.compile(r"//[^/]+/(account/?)?$"))


def set_up_app(page):
    """The secret and the backup codes."""
    page.goto("/account")
    page.get_by_role("button", name="Set up the authenticator app").click()
    secret = page.locator("#app_secret").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows").fill(pyotp.TOTP(secret).at(time.time() - 30))
    page.get_by_role("button", name="Turn on").click()
    codes = page.get_by_role("dialog", name="Your backup codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    shown = codes.all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.path().read_text().split() == shown
    page.get_by_role("button", name="Done").click()
    return secret, shown


def sign_out(page):
    page.get_by_role("button", name=re.compile("^You: ")).click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))


def grow_old(served, email):
    """As if the person had signed in an hour ago."""
    valkey = Valkey(served.data / "valkey")
    port = re.search(r"^port (\d+)", (served.data / "valkey" / "valkey.conf").read_text(), re.M)[1]
    database = Postgres(served.data / "postgres").url().replace("+psycopg", "")
    with psycopg.connect(database, options=AS_FARADAY) as connection:
        aged = connection.execute(
            "update sessions set confirmed_at = now() - interval '1 hour' where user_id ="
            " (select id from users where email = %s) returning id",
            [email],
        ).fetchall()
    with redis.Redis(port=int(port), password=valkey.password) as facts:
        for (session_id,) in aged:
            facts.publish(CHANNEL, json.dumps({"topic": f"session:{session_id}", "id": "", "version": 1}))


class TestAuthenticatorApp:
    def test_is_set_up_and_asked_for_and_a_backup_code_stands_in_once(self, local, served):
        account, page = served.account("parent", 3), local()
        give_password(page, account)
        is_in(page)
        secret, codes = set_up_app(page)
        sign_out(page)
        give_password(page, account, "/sign-in?next=/account")
        page.get_by_label("Code of the authenticator app").fill("12 34")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("alert").filter(has_text="not right")).to_be_visible()
        expect(page.get_by_label("Code of the authenticator app")).to_have_value("12 34")
        page.get_by_label("Code of the authenticator app").fill(pyotp.TOTP(secret).now())
        page.get_by_role("button", name="Continue").click()
        expect(page).to_have_url(re.compile("/account"))
        sign_out(page)
        for shown in ("not right", ""):
            give_password(page, account, "/sign-in?next=/account")
            page.get_by_role("button", name="Use a backup code").click()
            page.get_by_label("Backup code").fill(codes[0] if not shown else "wrong")
            page.get_by_role("button", name="Continue").click()
            if shown:
                expect(page.get_by_role("alert").filter(has_text=shown)).to_be_visible()
        expect(page.get_by_text("9 of 10 left")).to_be_visible()


# Else the device that takes everything at once would sign in from the e-mail field, before the button is pressed.
NO_OFFER = "PublicKeyCredential.isConditionalMediationAvailable = async () => false"


class Laptop:
    """A device with passkeys, which takes whatever it is asked for at once, or nothing."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        made = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": PLATFORM})
        self.id = made["authenticatorId"]

    def agrees(self, enabled):
        self.session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": self.id, "enabled": enabled})


class TestPasskey:
    def test_is_made_and_signs_in_without_a_password(self, local, served):
        account, page = served.account("parent", 4), local()
        laptop = Laptop(page)
        self.make(page, account)
        laptop.agrees(False)
        sign_out(page)
        self.is_offered(page)
        page.add_init_script(NO_OFFER)
        page.goto("/sign-in")
        laptop.agrees(True)
        page.get_by_role("button", name="Sign in with a passkey").click()
        is_in(page)
        laptop.agrees(False)
        sign_out(page)
        give_password(page, account, "/sign-in?next=/account")
        laptop.agrees(True)
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_text("last used")).to_be_visible()

    def test_is_offered_in_the_email_field_and_signs_in_when_chosen(self, local, served):
        account, page = served.account("parent", 6), local()
        laptop = Laptop(page)
        self.make(page, account)
        laptop.agrees(False)
        sign_out(page)
        self.is_offered(page)
        laptop.agrees(True)
        page.goto("/sign-in?next=/account")
        expect(page.get_by_text("last used")).to_be_visible()

    def make(self, page, account):
        give_password(page, account)
        is_in(page)
        page.goto("/account")
        page.get_by_role("button", name="Add a passkey").click()
        page.get_by_label("Name", exact=True).fill("Laptop")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("not used yet")).to_be_visible()

    def is_offered(self, page):
        """The field says so to the browser, and the page has asked what to sign."""
        with page.expect_response("**/auth/passkey-options") as asked:
            page.goto("/sign-in")
        assert asked.value.ok
        expect(page.get_by_label("Email")).to_have_attribute("autocomplete", "username webauthn")


class TestStepUp:
    def test_asks_once_more_and_then_does_what_was_wanted_without_losing_the_page(self, local, served):
        account, page = served.account("parent", 5), local()
        give_password(page, account)
        is_in(page)
        secret, _ = set_up_app(page)
        other = page.context.new_page()
        other.goto("/account")
        expect(other.get_by_text("10 of 10 left")).to_be_visible()
        before = [each["value"] for each in page.context.cookies() if each["name"] == "faraday"]
        grow_old(served, account["email"])
        page.get_by_role("button", name="Turn two-factor authentication off").click()
        page.get_by_role("alertdialog").get_by_role("button", name="Turn off").click()
        dialog = page.get_by_role("dialog", name="Please confirm that it is you")
        dialog.get_by_label("Code of the authenticator app").fill("000000")
        dialog.get_by_role("button", name="Confirm").click()
        expect(dialog.get_by_text("This is not right")).to_be_visible()
        dialog.get_by_label("Code of the authenticator app").fill(pyotp.TOTP(secret).now())
        dialog.get_by_role("button", name="Confirm").click()
        expect(page.get_by_text("Two-factor authentication is off.")).to_be_visible()
        expect(dialog).to_have_count(0)
        assert [each["value"] for each in page.context.cookies() if each["name"] == "faraday"] != before
        expect(page.get_by_role("button", name="Set up the authenticator app")).to_be_visible()
        # The other tab comes back under the new token by itself.
        expect(other.get_by_role("button", name="Set up the authenticator app")).to_be_visible()
        expect(other).to_have_url(re.compile("/account"))

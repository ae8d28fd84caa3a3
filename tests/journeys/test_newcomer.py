import re

import pytest
from playwright.sync_api import expect

from tests.factories.mailbox import link_in
from tests.journeys.assistant import ask, wait_until_answered

pytestmark = pytest.mark.browser


class TestNewcomer:
    def test_is_invited_runs_out_of_credits_is_given_some_and_leaves(self, visit, letters):
        administrator, newcomer = visit("administrator"), visit()
        link = self.invite(administrator, letters, "nora.lind@new.example")
        newcomer.goto(link)
        expect(newcomer.get_by_text("nora.lind@new.example · Teacher")).to_be_visible()
        newcomer.get_by_label("Your name").fill("Nora Lind")
        newcomer.get_by_label("Password", exact=True).fill("a long enough password")
        newcomer.get_by_role("button", name="Join").click()
        expect(newcomer.get_by_role("heading", level=1)).to_contain_text("Nora")
        self.is_refused_without_credits(newcomer)
        self.grant(administrator, "Nora Lind", "20")
        newcomer.get_by_role("button", name="Send", exact=True).click()
        wait_until_answered(newcomer)
        self.deactivate(administrator, "Nora Lind")
        expect(newcomer).to_have_url(re.compile("/sign-in"), timeout=5_000)

    def is_refused_without_credits(self, page):
        page.goto("/assistant")
        ask(page, "Say hello.")
        expect(page.get_by_text("Ask an administrator for more")).to_be_visible()
        expect(page.get_by_label("Message", exact=True)).to_have_value("Say hello.")

    def invite(self, page, letters, email):
        page.goto("/people")
        page.get_by_role("button", name="Invite").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("E-mail address").fill(email)
        dialog.get_by_label("Role").select_option("Teacher")
        dialog.get_by_role("button", name=re.compile("^(Invite|Create)")).click()
        expect(dialog.get_by_text(f"We sent a link to {email}")).to_be_visible()
        dialog.get_by_role("button", name="Done").click()
        return link_in(letters.awaited(email))

    def grant(self, page, name, amount):
        page.goto("/credits")
        page.get_by_role("button", name="Grant credits").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Person").fill(name)
        dialog.get_by_role("group", name="People found").get_by_role("button", name=re.compile(name)).click()
        dialog.get_by_label("Amount in credits").fill(amount)
        dialog.get_by_role("button", name="Grant credits").click()
        expect(dialog).to_have_count(0)

    def deactivate(self, page, name):
        page.goto("/people")
        expect(page.get_by_role("button", name=re.compile("^Actions for")).first).to_be_visible()
        page.get_by_label("Search people").fill(name)
        page.get_by_role("button", name=f"Actions for {name}").click()
        page.get_by_role("menuitem", name="Deactivate").click()
        page.get_by_role("alertdialog").get_by_role("button", name=re.compile("^Deactivate")).click()

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
WITHIN = 60_000  # milliseconds


class TestAttack:
    def test_is_seen_by_the_administrator_who_looks_into_it(self, visit, served):
        administrator, attacker = visit("administrator"), visit()
        administrator.goto("/security")
        expect(administrator.get_by_role("heading", name="What raised an alert?")).to_be_visible()
        expect(administrator.get_by_text("accounts were tried from one address")).to_have_count(0)
        for number in range(20, 27):
            email = served.account("parent", number)["email"]
            answer = attacker.request.post("/auth/sign-in", form={"email": email, "password": "guessed"})
            assert "refused" in answer.url
        alert = administrator.get_by_text("accounts were tried from one address")
        expect(alert).to_be_visible(timeout=WITHIN)
        administrator.get_by_role("button", name=re.compile("^Look into: .*tried from one address")).click()
        expect(administrator).to_have_url(re.compile("/security/incidents/"))
        administrator.get_by_label("Add a note").fill("All of them were told.")
        administrator.get_by_role("button", name="Add note").click()
        expect(administrator.get_by_role("paragraph").filter(has_text="All of them were told.")).to_be_visible()
        administrator.get_by_label("Status").select_option("Resolved")
        expect(administrator.locator(".topbar .badge.green")).to_have_text("Resolved")

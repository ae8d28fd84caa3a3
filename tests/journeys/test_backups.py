import re

import pytest
from playwright.sync_api import Page, expect

from faraday_app.core.embedded.postgres import Postgres
from tests.factories.backups import destroy
from tests.journeys.assistant import answers, ask, wait_until_answered
from tests.journeys.conftest import Served, Visit

pytestmark = pytest.mark.browser
SLOW = 60_000


class TestBackup:
    def test_brings_back_what_was_said_once_all_of_it_was_destroyed(self, visit: Visit, served: Served) -> None:
        maya, jonas = visit("teacher"), visit("administrator")
        ask(maya, "What do frogs eat?", anew=True)
        wait_until_answered(maya)
        address, said = maya.url, answers(maya).last.inner_text()
        jonas.goto("/backups")
        made = jonas.get_by_role("table", name="Backups, newest first").get_by_role("row").nth(1)
        jonas.get_by_role("button", name="Back up now").click()
        expect(made).to_contain_text("good", timeout=SLOW)

        organization_id = jonas.request.get("/api/v1/me").json()["organization_id"]
        destroy(organization_id, Postgres(served.data / "postgres").url())
        maya.goto(address)
        expect(maya.get_by_text("What would you like to know?")).to_be_visible()

        restore(jonas)
        expect(jonas.get_by_role("status").filter(has_text="This was brought back.")).to_be_visible(timeout=SLOW)
        maya.goto(address)
        expect(answers(maya).last).to_be_visible()
        assert answers(maya).last.inner_text() == said
        restore(jonas, finds="There is nothing to bring back")


def restore(page: Page, finds: str = "would come back") -> None:
    """The newest backup, whole; what the comparison finds is looked at first."""
    page.get_by_role("button", name=re.compile("^Actions for the backup of")).first.click()
    page.get_by_role("menuitem", name="Restore …").click()
    page.get_by_role("dialog").get_by_role("button", name="See what would happen").click()
    expect(page.get_by_text(finds).first).to_be_visible(timeout=SLOW)
    if "would come back" in finds:
        page.get_by_role("button", name="Bring it back").click()

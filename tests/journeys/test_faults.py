import os
import re
import signal
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.assistant import ANSWERED, LONG, answers, ask, last_answer, wait_for_some_text, wait_until_answered
from tests.journeys.conftest import ready

pytestmark = [pytest.mark.browser, pytest.mark.faults]


def kill(served, service):
    """End a service without warning and wait until its supervisor has it back."""
    before = served.pid_of(service)
    os.kill(before, signal.SIGKILL if service != "postgres" else signal.SIGQUIT)
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        try:
            if served.pid_of(service) != before and set(ready(served.base).values()) == {"up"}:
                return
        except (OSError, ValueError, IndexError):
            pass
        time.sleep(0.2)
    pytest.fail(f"{service} did not come back: {ready(served.base)}")


class TestModelServer:
    def test_killed_in_mid_answer_keeps_the_text_closes_the_books_and_can_be_asked_again(self, visit, served):
        page = visit("teacher")
        ask(page, LONG, anew=True)
        early = wait_for_some_text(page)
        kill(served, "model")
        expect(answers(page).last).to_contain_text("does not answer right now", timeout=30_000)
        expect(answers(page).last).to_contain_text(ANSWERED)
        assert last_answer(page).startswith(early[:20])
        page.get_by_role("button", name="Try again").last.click()
        expect(answers(page).last).to_contain_text("2/2", timeout=90_000)
        wait_until_answered(page)


class TestValkey:
    def test_restarted_leaves_pages_that_recover_by_themselves(self, visit, served):
        page, other = visit("teacher"), visit("teacher")
        ask(page, "Say hello.", anew=True)
        wait_until_answered(page)
        other.goto(page.url)
        wait_until_answered(other)
        kill(served, "valkey")
        ask(page, "Say goodbye.")
        expect(other.locator("ol.messages")).to_contain_text("Say goodbye.", timeout=20_000)
        expect(answers(other)).to_have_count(2, timeout=60_000)
        wait_until_answered(other)


class TestPostgres:
    def test_restarted_loses_nothing_and_pages_go_on(self, visit, served):
        page = visit("teacher")
        ask(page, LONG, anew=True)
        wait_for_some_text(page)
        kill(served, "postgres")
        wait_until_answered(page)
        shown = last_answer(page)
        page.reload()
        wait_until_answered(page)
        assert last_answer(page) == shown
        page.goto("/credits")
        expect(page.get_by_role("heading", level=1)).to_have_text("Credits")
        expect(page.get_by_text(re.compile("Answer by smollm2")).first).to_be_visible()

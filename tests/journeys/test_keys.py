"""An administrator sees to everybody's API keys in a browser."""

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Served, Visit

pytestmark = pytest.mark.browser


def make_key(served: Served, name: str) -> str:
    """A teacher's, made with the key that the demo gave them."""
    headers = {"Authorization": f"Bearer {served.account('teacher')['api_key']}"}
    wanted = {"name": name, "scopes": ["credits:read"], "addresses": ["127.0.0.0/8"]}
    made = httpx.post(f"{served.base}/api/v1/api-keys", json=wanted, headers=headers)
    return str(made.json()["secret"])


def standing(served: Served, secret: str) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.get(f"{served.base}/api/v1/credits/balance", headers=headers).status_code


def act(page: Page, name: str, what: str) -> None:
    page.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("menuitem", name=what).click()


def test_a_key_is_found_looked_at_and_revoked(served: Served, visit: Visit) -> None:
    secret = make_key(served, "Bell plan")
    assert standing(served, secret) == 200
    page = visit("administrator")
    page.goto("/keys")
    page.get_by_role("tab", name="All keys").click()
    page.get_by_placeholder("Search keys").fill("bell")
    expect(page.get_by_text("Bell plan")).to_be_visible()
    expect(page.get_by_text(secret[:10])).to_be_visible()
    act(page, "Bell plan", "Details")
    expect(page.get_by_text("127.0.0.0/8")).to_be_visible()
    page.keyboard.press("Escape")
    act(page, "Bell plan", "Revoke")
    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(page.get_by_text("is revoked and no longer works")).to_be_visible()
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    assert standing(served, secret) == 401
    assert secret not in page.content()

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PAGES = {
    "": ["/sign-in", "/sign-in?problem=over", "/sign-in/verify", "/forgot", "/reset", "/verify", "/nowhere"],
    "administrator": [
        *("/", "/assistant", "/credits", "/people", "/account", "/sign-in-settings", "/audit", "/keys"),
        *("/security", "/security/incidents", "/platform", "/platform/addresses"),
    ],
    "parent": ["/", "/assistant", "/credits", "/account"],
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("role", PAGES, ids=lambda role: role or "guest")
def test_no_page_has_a_serious_finding_or_scrolls_sideways(visit, role, phone, dark):
    page, findings = visit(role, phone=phone, dark=dark), []
    for path in PAGES[role]:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.locator("[aria-busy=true], .bones")).to_have_count(0)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 1:
            findings.append(f"{path} scrolls sideways by {wide} px")
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                findings.append(f"{path} {violation['id']}: {violation['nodes'][0]['html'][:120]}")
    assert not findings

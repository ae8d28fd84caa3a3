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
# Once no colour is on its way to another one.
TURNED = """Promise.allSettled(document.getAnimations()
  .filter(each => each instanceof CSSTransition).map(each => each.finished))"""


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("role", PAGES, ids=lambda role: role or "guest")
def test_no_page_has_a_serious_finding_or_scrolls_sideways(visit, role, phone):
    """Nor when the page that is open turns dark."""
    page, findings = visit(role, phone=phone), []
    for path in PAGES[role]:
        page.emulate_media(color_scheme="light")
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.locator("[aria-busy=true], .bones")).to_have_count(0)
        findings += seen(page, f"{path} light")
        page.emulate_media(color_scheme="dark")
        expect(page.locator("html.dark")).to_have_count(1)
        page.evaluate(TURNED)
        findings += seen(page, f"{path} dark")
    assert not findings


def seen(page, where):
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = [f"{where} scrolls sideways by {wide} px"] if wide > 1 else []
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in ("serious", "critical"):
            found.append(f"{where} {violation['id']}: {violation['nodes'][0]['html'][:120]}")
    return found

"""What is smuggled into a page does not run there."""

import pytest

pytestmark = pytest.mark.browser

SMUGGLED = """() => {
    const script = document.createElement("script");
    script.textContent = "window.smuggled = true";
    document.body.append(script);
    const image = document.createElement("img");
    image.setAttribute("onerror", "window.smuggled = true");
    image.src = "data:,";
    document.body.append(image);
    return new Promise((done) => setTimeout(() => done(Boolean(window.smuggled)), 300));
}"""
# Later: what the test itself evaluates is exempt from the policy.
EVALUATED = """() => new Promise((done) => setTimeout(() => {
    try { done(window.eval("1 + 1")) } catch (error) { done(error.name) }
}))"""


@pytest.mark.parametrize("path", ["/sign-in", "/assistant", "/people", "/nowhere"])
def test_scripts_of_others_do_not_run(visit, path):
    page = visit("administrator")
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(path)
    page.wait_for_timeout(500)
    assert [text for text in said if "Content Security Policy" in text] == [], "the page's own scripts run"
    assert page.evaluate(EVALUATED) == "EvalError"
    assert page.evaluate(SMUGGLED) is False


def test_code_from_the_server_is_no_act_of_the_page(visit):
    page = visit()
    page.goto("/sign-in")
    refused = (
        "(words) => { try { window.faraday.obey(words, {}); return 'done' } catch (error) { return error.message } }"
    )
    assert page.evaluate(refused, '["constructor", "alert(1)"]') == "The server asked for something unknown."
    assert "not valid JSON" in page.evaluate(refused, "alert(1)")

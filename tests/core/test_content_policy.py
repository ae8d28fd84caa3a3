import base64
import hashlib

import pytest

from faraday_app.core.http.content_policy import NO_DOCUMENT, ContentPolicy

INLINE = "window.own = 1"
DIGEST = base64.b64encode(hashlib.sha256(INLINE.encode()).digest()).decode()


@pytest.fixture
def policy(tmp_path):
    (tmp_path / "people.html").write_text(f'<script>{INLINE}</script><script src="/assets/a.js"></script>')
    (tmp_path / "index.html").write_text("<script>window.first = 1</script>")
    (tmp_path / "404.html").write_text("<script>window.lost = 1</script>")
    return ContentPolicy(tmp_path)


def scripts(policy: str) -> str:
    return next(part for part in policy.split("; ") if part.startswith("script-src"))


class TestOf:
    @pytest.mark.parametrize("path", ["/people", "/people/", "/people.html"])
    def test_allows_a_page_its_own_inline_scripts_alone(self, policy, path):
        assert scripts(policy.of(path)) == f"script-src 'self' 'sha256-{DIGEST}'"

    def test_of_an_address_without_a_document_is_that_of_what_is_served_there(self, policy):
        assert policy.of("/assistant/1") == policy.of("/404")
        assert policy.of("/assistant/1") != policy.of("/")

    @pytest.mark.parametrize("path", ["/", "/people", "/nowhere", "/assets/a.js"])
    def test_never_allows_inline_scripts_or_code_from_text(self, policy, path):
        assert "unsafe" not in scripts(policy.of(path))

    @pytest.mark.parametrize("path", ["/api/v1/me", "/auth/sign-in", "/health/live"])
    def test_lets_nothing_happen_in_what_is_no_document(self, policy, path):
        assert policy.of(path) == NO_DOCUMENT

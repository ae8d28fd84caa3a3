"""Files that people sent in, on their way out."""

import pytest

from faraday_app.core.http.downloads import named, to_save


class TestToSave:
    def test_lets_no_browser_show_or_run_it(self):
        response = to_save("page.html", b"<script>alert(1)</script>")
        assert response.media_type == "application/octet-stream"
        assert response.headers["content-security-policy"].startswith("sandbox")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-disposition"].startswith("attachment;")

    @pytest.mark.parametrize("name", ['a"b.txt', "a\r\nSet-Cookie: x=1", "Übung 1/2;.pdf", "語.txt"])
    def test_holds_any_name_in_one_header(self, name):
        told = to_save(name, b"").headers["content-disposition"]
        assert not set(told) & set('"\r\n/') - {"/"}
        assert told.isascii()
        assert told.count(";") == 1
        assert named(name, inline=True).startswith("inline; filename*=UTF-8''")

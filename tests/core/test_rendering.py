from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.contexts.service.conversations import title_from
from faraday_app.core.rendering import split_finished, to_html


class _Tags(HTMLParser):
    """What a browser would make of it."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.links = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


class TestToHtml:
    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[a](javascript:alert(1))",
            "![a](https://evil.example/pixel.png)",
            "<a href='data:text/html,x'>a</a>",
            "```html\n<script>alert(1)</script>\n```",
            '<p style="position:fixed" onclick="x()">a</p>',
            "<svg><animate onbegin=alert(1)>",
            "[a]: javascript:alert(1)\n[a]",
        ],
    )
    def test_lets_nothing_through_that_acts(self, text):
        seen = _Tags()
        seen.feed(to_html(text))
        assert not seen.tags & {"script", "img", "svg", "animate", "iframe"}
        assert not seen.attributes & {"onclick", "onerror", "onbegin", "style"}
        assert all(link.startswith(("http:", "https:", "mailto:")) for link in seen.links)

    @given(st.text(max_size=400))
    def test_never_fails_and_never_makes_a_tag_of_its_own(self, text):
        html = to_html(text)
        assert "<script" not in html.lower()
        assert "<iframe" not in html.lower()

    def test_colours_code_and_keeps_headings_out_of_the_page_outline(self):
        html = to_html("# Title\n\n```python\ndef f(): pass\n```")
        assert "<h1" not in html
        assert '<span class="k">def</span>' in html

    def test_opens_links_apart(self):
        assert 'target="_blank"' in to_html("[a](https://example.org)")


class TestSplitFinished:
    @given(st.text(alphabet="ab `\n~", max_size=200))
    def test_loses_nothing(self, text):
        assert "".join(split_finished(text)) == text

    def test_keeps_an_open_code_block_together(self):
        assert split_finished("Look:\n\n```\na\n\nb")[1] == "```\na\n\nb"


class TestTitleFrom:
    def test_cuts_a_long_first_line_at_a_word(self):
        title = title_from("**Explain** photosynthesis to somebody who has never heard a single word about it")
        assert title == "Explain photosynthesis to somebody who has never heard a…"

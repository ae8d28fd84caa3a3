"""Markdown of people and models as HTML that cannot do anything but be read."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_FORMAT = HtmlFormatter(nowrap=True)


def _coloured(code: str, language: str, _attributes: str) -> str:
    try:
        return str(highlight(code, get_lexer_by_name(language), _FORMAT)) if language else ""
    except ClassNotFound:
        return ""


_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "highlight": _coloured})
_markdown.enable(["table", "strikethrough"])
# A heading of a message is not a heading of the page.
_markdown.renderer.rules["heading_open"] = lambda tokens, index, *_: f'<p class="md-{tokens[index].tag}">'  # type: ignore[attr-defined]
_markdown.renderer.rules["heading_close"] = lambda *_: "</p>\n"  # type: ignore[attr-defined]
# A picture from elsewhere would tell its server who reads.
_markdown.disable("image")


@lru_cache(maxsize=2_000)
def to_html(text: str) -> str:
    """Sanitised HTML: text, lists, tables, code, and links that open apart. No pictures, scripts, styles or forms."""
    return nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "span": {"class"}, "p": {"class"}, "code": {"class"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}, "pre": {"tabindex": "0"}},
    )


def split_finished(text: str) -> tuple[str, str]:
    """The paragraphs of a growing answer that will not change any more, and the rest."""
    fences, cut = 0, 0
    position = 0
    for line in text.splitlines(keepends=True):
        position += len(line)
        if line.lstrip().startswith(("```", "~~~")):
            fences += 1
        if fences % 2 == 0 and not line.strip():
            cut = position
    return text[:cut], text[cut:]

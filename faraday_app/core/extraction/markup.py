"""The words of a page, without what only a browser needs."""

from html.parser import HTMLParser

from faraday_app.core.errors import Invalid
from faraday_app.core.extraction.kinds import decoded

_UNSEEN = {"script", "style", "template", "noscript", "svg", "iframe", "object"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "title"}
_BLOCKS = {"p", "div", "li", "tr", "section", "article", "table", "ul", "ol", "br", "blockquote", "pre", "header"}


def text_of_html(content: bytes) -> str:
    text = decoded(content)
    if text is None:
        raise Invalid("This page is in no encoding that Faraday knows.")
    words = _Words()
    words.feed(text)
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.parts).splitlines())
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _HEADINGS:
            self.parts.append("\n\n# ")
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if tag in ("p", "div", "section", "article", "table", "br") else "\n")
        elif tag in ("td", "th"):
            self.parts.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _HEADINGS | _BLOCKS:
            self.parts.append("\n\n" if tag in _HEADINGS else "\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(" ".join(data.split()) + " " if data.strip() else " ")

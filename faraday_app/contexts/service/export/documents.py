"""The branch shown as Markdown, and as the parts that a PDF is set from."""

import re
from collections.abc import Iterator
from typing import Any, TypedDict

from markdown_it import MarkdownIt
from markdown_it.token import Token

from faraday_app.contexts.models import Author, Context
from faraday_app.contexts.service.branches import Shown

_HEADING = re.compile(r"^(#{1,6})(?=\s)")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


class Printable(TypedDict):
    """Plain data for the template: no text in it is ever run."""

    title: str
    about: str
    messages: list[dict[str, Any]]


def markdown(title: str, shown: list[Shown]) -> str:
    """Headings of a message become smaller ones: the second level says who speaks."""
    parts = [f"# {title}"]
    for item in shown:
        parts += [f"## {_name(item)}", _demoted(item.message.content.strip())]
    return "\n\n".join(part for part in parts if part) + "\n"


def printable(context: Context, shown: list[Shown]) -> Printable:
    messages = [
        {
            "name": _name(item) or "A former member",
            "model": item.message.author == Author.model,
            "at": f"{item.message.created_at:%d %b %Y, %H:%M} UTC",
            "blocks": blocks(item.message.content),
        }
        for item in shown
    ]
    return {"title": context.title, "about": f"{len(shown):,} messages", "messages": messages}


def blocks(text: str) -> list[dict[str, Any]]:
    """Markdown as blocks of runs. What has no block of its own here, such as a table, comes as its text."""
    found: list[dict[str, Any]] = []
    marks: list[str] = []
    depth = quoted = 0
    is_heading = False
    for token in _markdown.parse(text):
        if token.type.endswith("_list_open") or token.type.endswith("_list_close"):
            depth += token.nesting
        elif token.type.startswith("blockquote_"):
            quoted += token.nesting
        elif token.type.startswith("heading_"):
            is_heading = token.nesting > 0
        elif token.type == "list_item_open":
            marks.append(f"{token.info}." if token.info else "•")
        elif token.type in ("fence", "code_block"):
            found.append({"kind": "code", "text": token.content.rstrip("\n"), "depth": depth})
        elif token.type == "hr":
            found.append({"kind": "line", "depth": depth})
        elif token.type == "inline":
            kind = "heading" if is_heading else "quote" if quoted else "text"
            mark = marks.pop() if marks else ""
            found.append({"kind": kind, "runs": list(_runs(token)), "depth": depth, "mark": mark})
    return found


def _runs(token: Token) -> Iterator[dict[str, Any]]:
    bold = italic = struck = False
    for each in token.children or []:
        match each.type:
            case "strong_open" | "strong_close":
                bold = each.nesting > 0
            case "em_open" | "em_close":
                italic = each.nesting > 0
            case "s_open" | "s_close":
                struck = each.nesting > 0
            case "softbreak" | "hardbreak":
                yield {"text": "\n" if each.type == "hardbreak" else " "}
            case "code_inline":
                yield {"text": each.content, "code": True}
            case _ if each.content:
                yield {"text": each.content, "bold": bold, "italic": italic, "struck": struck}
            case _:
                pass


def _demoted(text: str) -> str:
    fence, lines = "", []
    for line in text.splitlines():
        if opened := _FENCE.match(line):
            mark = opened[1]
            fence = mark if not fence else "" if mark[0] == fence[0] and len(mark) >= len(fence) else fence
        lines.append(line if fence else _HEADING.sub(lambda found: "#" * min(6, len(found[1]) + 2), line))
    return "\n".join(lines)


def _name(item: Shown) -> str:
    return item.author_name or (item.message.model if item.message.author == Author.model else "")

"""The language of templates: text with ``{{name}}``, and parts that show only with a filled field. Nothing is run.

``{{name}}`` stands for what was entered. ``{{?name}} … {{/name}}`` is kept when the field is filled in or answered
with yes, and ``{{!name}} … {{/name}}`` when it is not. ``\\{{`` is a plain pair of braces. That is all there is: what
people enter is put in once, as it is, and never read again.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

LONGEST_TEXT = 20_000
MOST_MARKS = 500
DEEPEST = 8
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MARK = re.compile(r"\\?\{\{")
Kind = Literal["text", "field", "if", "unless"]


@dataclass(frozen=True, slots=True)
class Node:
    """Plain text, a field, or a part with its condition and what stands in it."""

    kind: Kind
    value: str
    inside: tuple["Node", ...] = ()


class Mistake(ValueError):
    """What cannot be read, and in which line."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"Line {line}: {message}")
        self.line = line


def parse(text: str) -> tuple[Node, ...]:
    """Mistake for what is no template."""
    return _Reader(text).read()


def names_in(nodes: tuple[Node, ...]) -> tuple[str, ...]:
    """Each variable once, in the order of its first place."""
    return tuple(dict.fromkeys(_names(nodes)))


def render(nodes: tuple[Node, ...], values: Mapping[str, str], truths: Mapping[str, bool]) -> str:
    """Values are put in as they are; a field without one is empty."""
    return "".join(_rendered(nodes, values, truths))


def fixed_text(nodes: tuple[Node, ...]) -> str:
    """What a template says whatever is entered, with all its parts."""
    return "".join(node.value if node.kind == "text" else fixed_text(node.inside) for node in nodes)


def _names(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        if node.kind != "text":
            yield node.value
            yield from _names(node.inside)


def _rendered(nodes: tuple[Node, ...], values: Mapping[str, str], truths: Mapping[str, bool]) -> Iterator[str]:
    for node in nodes:
        if node.kind == "text":
            yield node.value
        elif node.kind == "field":
            yield values.get(node.value, "")
        elif truths.get(node.value, False) == (node.kind == "if"):
            yield from _rendered(node.inside, values, truths)


class _Reader:
    """One pass from left to right; open parts are on a stack, so nothing recurses while it reads."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._stack: list[tuple[Kind, str, int, list[Node]]] = [("text", "", 0, [])]
        self._marks = 0

    def read(self) -> tuple[Node, ...]:
        if len(self._text) > LONGEST_TEXT:
            raise Mistake(f"A template has {LONGEST_TEXT:,} characters at most.", 1)
        position = 0
        while found := _MARK.search(self._text, position):
            self._say(self._text[position : found.start()])
            position = self._mark(found)
        self._say(self._text[position:])
        if len(self._stack) > 1:
            _, name, began, _ = self._stack[-1]
            raise self._mistake(f"The part “{name}” is not closed. Write {{{{/{name}}}}} where it ends.", began)
        return tuple(self._stack[0][3])

    def _mark(self, found: re.Match[str]) -> int:
        """Reads what begins here; where reading goes on."""
        if found.group() == r"\{{":
            self._say("{{")
            return found.end()

        end = self._text.find("}}", found.end())
        if end < 0:
            raise self._mistake(
                "There is {{ without }} after it. Write \\{{ for braces that mean nothing.", found.start()
            )
        self._marks += 1
        if self._marks > MOST_MARKS:
            raise self._mistake(f"A template has {MOST_MARKS} marks at most.", found.start())
        self._act(self._text[found.end() : end].strip(), found.start())
        return end + 2

    def _act(self, words: str, at: int) -> None:
        sign, name = (words[0], words[1:].strip()) if words[:1] in ("?", "!", "/") else ("", words)
        if not NAME.fullmatch(name):
            raise self._mistake(
                f"“{words[:40]}” is no name. Use small letters, digits and _, beginning with a letter.", at
            )
        if sign == "/":
            self._close(name, at)
        elif sign:
            if len(self._stack) > DEEPEST:
                raise self._mistake(f"Parts stand in each other {DEEPEST} deep at most.", at)
            self._stack.append(("if" if sign == "?" else "unless", name, at, []))
        else:
            self._stack[-1][3].append(Node("field", name))

    def _close(self, name: str, at: int) -> None:
        kind, opened, _, inside = self._stack[-1]
        if len(self._stack) == 1 or opened != name:
            raise self._mistake(f"{{{{/{name}}}}} closes a part that is not open here.", at)
        self._stack.pop()
        self._stack[-1][3].append(Node(kind, name, tuple(inside)))

    def _say(self, text: str) -> None:
        if text:
            self._stack[-1][3].append(Node("text", text))

    def _mistake(self, message: str, at: int) -> Mistake:
        return Mistake(message, self._text.count("\n", 0, at) + 1)

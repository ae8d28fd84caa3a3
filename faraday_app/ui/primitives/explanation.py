"""Why something came out as it did: what was decided, then each thing that was weighed, in order."""

from dataclasses import dataclass, field

import reflex as rx

from faraday_app.ui.primitives.badge import badge
from faraday_app.ui.primitives.tile import row_item, rows


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One thing that was weighed: what it is, how it stood, and in a word what became of it."""

    id: str
    title: str
    meta: str
    says: str
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class ExplainedPart:
    title: str
    lines: list[ExplainedLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Explanation:
    """``facts`` are names and values."""

    summary: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    parts: list[ExplainedPart] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExplainedText:
    """Something to be read word for word."""

    id: str
    title: str
    text: str


def explained_texts(
    lead: str, gone: str, *, texts: rx.Var[list[ExplainedText]], looked: rx.Var[bool], look: rx.Component
) -> rx.Component:
    """What is fetched only when somebody wants to look: the button, then the texts, or that there is nothing left."""
    found = rx.cond(texts, rx.el.div(rx.foreach(texts, _text), class_name="stack"), rx.el.p(gone, class_name="muted"))
    return rx.el.section(rx.el.p(lead, class_name="muted"), rx.cond(looked, found, rx.el.div(look)), class_name="stack")


def explanation(shown: rx.Var[Explanation]) -> rx.Component:
    """All of it, to be put into a dialog or a panel."""
    return rx.el.div(
        rx.el.p(shown.summary, class_name="strong"),
        rx.el.dl(rx.foreach(shown.facts, _fact), class_name="facts"),
        rx.foreach(shown.parts, _part),
        class_name="stack explanation",
    )


def _fact(fact: rx.Var[tuple[str, str]]) -> rx.Component:
    return rx.fragment(rx.el.dt(fact[0], class_name="muted"), rx.el.dd(fact[1], class_name="num"))


def _part(part: rx.Var[ExplainedPart]) -> rx.Component:
    return rx.el.section(rx.el.h3(part.title), rows(rx.foreach(part.lines, _line)), key=part.title)


def _line(line: rx.Var[ExplainedLine]) -> rx.Component:
    return row_item(line.title, line.meta, trailing=badge(line.says, line.tone), key=line.id)


def _text(shown: rx.Var[ExplainedText]) -> rx.Component:
    words = rx.el.pre(rx.el.code(shown.text), class_name="verbatim", tab_index=0, aria_label=shown.title)
    return rx.el.section(rx.el.h3(shown.title), rx.el.div(words, class_name="prose"), key=shown.id)

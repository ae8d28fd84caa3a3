"""What a browser may know of versions and of merging, and how it is put into words."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from faraday_app.contexts.gpt_views import model_words
from faraday_app.contexts.models import Gpt, MemoryRights, Mode, Reason
from faraday_app.contexts.service.findings import Finding
from faraday_app.contexts.service.merging import Choice, MergedFields
from faraday_app.contexts.service.versions.reading import TITLES, Difference, Listed, title_of, titles
from faraday_app.contexts.tool_views import tool_names
from faraday_app.core.clock import now
from faraday_app.credits.views import credits_text
from faraday_app.ui.session import tone_of
from faraday_app.ui.times import ago

MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class VersionView:
    id: str
    title: str
    about: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class LineView:
    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """Of one field: a text by its lines, else both values in words."""

    title: str
    before: str
    after: str
    lines: list[LineView]


@dataclass(frozen=True, slots=True)
class ClashView:
    """Where somebody has to choose. ``joins``: both can stand."""

    id: str
    title: str
    mine: str
    theirs: str
    choice: str
    joins: bool


@dataclass(frozen=True, slots=True)
class ResultView:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class CaretView:
    """Where somebody is in the notes, in characters from their beginning."""

    key: str
    name: str
    tone: str
    at: int


@dataclass(frozen=True, slots=True)
class FindingView:
    """``remedy``: what one click does about it, ``act``: in words; empty for nothing."""

    text: str
    severity: str
    remedy: str
    act: str
    target: str
    of: str = ""


def finding_view(found: Finding) -> FindingView:
    remedy = found.remedy
    return FindingView(
        found.text,
        found.severity.value,
        remedy.value if remedy else "",
        remedy.label if remedy else "",
        str(found.target or ""),
        str(found.of or ""),
    )


def version_view(found: Listed, zone: str, current: bool) -> VersionView:
    version = found.version
    about = f"{found.author_name or 'a former member'} · {ago(version.created_at, now(), zone)}"
    title = f"{version.number} · {what_changed(found)}"
    return VersionView(str(version.id), title, about, version.label, current)


def what_changed(found: Listed) -> str:
    """Why there is this version; of a plain change what it changed, the first two things by name."""
    reason = Reason(found.version.reason)
    if reason is not Reason.changed or not found.changed:
        return reason.label
    first, *others = (title_of(name) for name in found.changed)
    named = [first, *(title[0].lower() + title[1:] for title in others)]
    if len(named) < 3:
        return " and ".join(named)
    return f"{named[0]}, {named[1]} and {len(named) - 2} more"


def difference_views(found: Sequence[Difference], gpts: Mapping[UUID, Gpt]) -> list[DifferenceView]:
    names = titles(found)
    return [
        DifferenceView(
            names[each.name],
            "" if each.lines else value_words(each.name, each.before, gpts),
            "" if each.lines else value_words(each.name, each.after, gpts),
            [LineView(line.sign, line.text) for line in each.lines[:MOST_LINES]],
        )
        for each in found
    ]


def gpt_ids_of(found: Sequence[Difference]) -> set[UUID]:
    """The GPTs that the differences speak of."""
    ids = [id for each in found if each.name == "gpt_ids" for id in [*(each.before or []), *(each.after or [])]]
    return {UUID(id) for id in ids}


def value_words(name: str, value: Any, gpts: Mapping[UUID, Gpt] | None = None) -> str:
    """A field's value as a person says it."""
    if name == "gpt_ids":
        known = gpts or {}
        named = [known[UUID(id)].name if UUID(id) in known else "a GPT that is gone" for id in value or []]
        return ", ".join(named) or "The plain assistant"
    if name in _WORDS:
        return _WORDS[name](value)
    return str(value).replace("_", " ") if value not in (None, "") else "Nothing"


_WORDS: dict[str, Callable[[Any], str]] = {
    "budget": lambda value: f"{credits_text(value)} credits" if value else "No limit",
    "memory_rights": lambda value: MemoryRights(value).label if value else "Nothing",
    "tools": lambda value: tool_names(value or ()) or "None",
    "left_out": lambda value: f"{len(value or []):,} things",
    "longest_answer": lambda value: f"{value:,} tokens" if value else "As long as the model may",
    "mode": lambda value: Mode(value).label if value else "Nothing",
    "model": lambda value: model_words(value) if value else "Nothing",
    "shared": lambda value: "With everybody" if value else "With nobody",
}


def clash_views(
    merged: MergedFields, names: Mapping[str, str], choices: Mapping[str, Sequence[Choice]]
) -> list[ClashView]:
    values = [
        ClashView(
            _id(name, 0),
            _title(name, names),
            value_words(name, mine),
            value_words(name, theirs),
            choices[name][0],
            joins=False,
        )
        for name, (mine, theirs) in merged.clashing.items()
    ]
    texts = [
        ClashView(
            _id(name, place),
            _title(name, names),
            clash.mine.rstrip("\n"),
            clash.theirs.rstrip("\n"),
            choices[name][place],
            joins=True,
        )
        for name, text in merged.texts.items()
        for place, clash in enumerate(text.clashes)
    ]
    return [*values, *texts]


def result_views(
    merged: MergedFields, names: Mapping[str, str], choices: Mapping[str, Sequence[Choice]]
) -> list[ResultView]:
    """What would stand, of each field that somebody has to choose in."""
    chosen = merged.chosen(choices)
    fields = [*merged.clashing, *merged.texts]
    return [
        ResultView(_title(name, names), chosen[name] if name in merged.texts else value_words(name, chosen[name]))
        for name in fields
    ]


def caret_views(signs: Mapping[tuple[UUID, str], str], names: Mapping[UUID, str], own_tab: str) -> list[CaretView]:
    """Everybody else's; a caret of somebody who is not in the conversation any more is nobody's."""
    found = []
    for (user_id, tab), words in sorted(signs.items()):
        at = json.loads(words).get("at", 0)
        if tab != own_tab and user_id in names and isinstance(at, int):
            found.append(CaretView(f"{user_id}{tab}", names[user_id], tone_of(user_id), at))
    return found


def _id(name: str, place: int) -> str:
    return f"{name}:{place}"


def _title(name: str, names: Mapping[str, str]) -> str:
    return names.get(name, TITLES.get(name, name))

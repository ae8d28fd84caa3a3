"""What the browser may know of rosters."""

from dataclasses import dataclass
from typing import Any

from faraday_app.classes.models import RosterChange, RosterImport, RosterState
from faraday_app.classes.oneroster import Action, File
from faraday_app.classes.service.rosters import can_take_back
from faraday_app.classes.service.rosters.words import FILES
from faraday_app.ui.times import short

ACTIONS = {
    Action.create: ("new", "green"),
    Action.update: ("changed", "iris"),
    Action.deactivate: ("ends", "amber"),
    Action.reject: ("not taken", "red"),
}
STATES = {
    RosterState.refused: ("refused", "red"),
    RosterState.checked: ("waiting", "amber"),
    RosterState.applied: ("applied", "green"),
    RosterState.discarded: ("discarded", "neutral"),
}
_SEVERITY = {"refuses": ("not taken", "red"), "rejects": ("row not taken", "amber"), "note": ("to know", "neutral")}
_TONES = {"refuses": 0, "rejects": 1, "note": 2}
SHOWN_FINDINGS = 100
SHOWN_FIELDS = 4


@dataclass(frozen=True, slots=True)
class RosterView:
    """The package that was looked at last. ``warnings`` have to be confirmed before it is applied."""

    id: str
    name: str
    about: str
    state: str
    digest: str
    sweeping: str
    administrators: str
    findings_count: str


NO_ROSTER = RosterView("", "", "", "", "", "", "", "")


@dataclass(frozen=True, slots=True)
class CountView:
    """How many rows of a file are what."""

    id: str
    label: str
    new: str
    changed: str
    ends: str
    same: str
    refused: str


@dataclass(frozen=True, slots=True)
class FindingView:
    id: str
    kind: str
    tone: str
    place: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    id: str
    action: str
    tone: str
    file: str
    label: str
    place: str
    details: str


@dataclass(frozen=True, slots=True)
class HistoryView:
    id: str
    name: str
    at: str
    who: str
    state: str
    tone: str
    came: str
    can_take_back: bool


def roster_view(row: RosterImport) -> RosterView:
    told = [
        f"OneRoster {row.format}" if row.format else "",
        {"mixed": "whole files and changes"}.get(row.mode, row.mode),
    ]
    about = " · ".join(each for each in (row.source and f"from {row.source}", *told) if each)
    counted = len(row.findings) + row.more
    return RosterView(
        str(row.id),
        row.name,
        about,
        row.state,
        row.digest,
        " and ".join(row.sweeping),
        ", ".join(row.administrators),
        f"{counted:,} finding{'s' * (counted != 1)}" if counted else "",
    )


def count_views(row: RosterImport) -> list[CountView]:
    def said(counts: dict[str, int], action: Action) -> str:
        return f"{counts[action.value]:,}" if counts.get(action.value) else "–"

    actions = (Action.create, Action.update, Action.deactivate, Action.unchanged, Action.reject)
    return [
        CountView(file.value, FILES[file], *(said(row.counts[file.value], action) for action in actions))
        for file in File
        if file.value in row.counts
    ]


def finding_views(row: RosterImport) -> list[FindingView]:
    """What is worst first, in the order of the files."""
    found = sorted(row.findings, key=lambda each: _TONES.get(str(each["severity"]), 3))[:SHOWN_FINDINGS]
    return [_finding(str(number), each) for number, each in enumerate(found)]


def _finding(id: str, each: dict[str, Any]) -> FindingView:
    kind, tone = _SEVERITY[str(each["severity"])]
    place = [each["file"] or "the zip", f"row {each['row']}" if each["row"] else "", each["column"]]
    return FindingView(id, kind, tone, ", ".join(filter(None, place)), each["problem"], each["remedy"])


def change_view(row: RosterChange) -> ChangeView:
    word, tone = ACTIONS[Action(row.action)]
    shown = [f"{name}: {old or '–'} → {new or '–'}" for name, old, new in row.fields[:SHOWN_FIELDS]]
    if len(row.fields) > SHOWN_FIELDS:
        shown.append(f"and {len(row.fields) - SHOWN_FIELDS} more")
    details = " ".join(filter(None, [row.why, "; ".join(shown)]))
    place = f"{row.file}.csv, row {row.row}" if row.row else f"not in {row.file}.csv"
    return ChangeView(str(row.id), word, tone, FILES[File(row.file)], row.label or row.sourced_id, place, details)


def history_view(row: RosterImport, who: str, zone: str) -> HistoryView:
    word, tone = STATES[RosterState(row.state)]
    made = ", ".join(f"{what}: {count:,}" for what, count in row.made.items()).capitalize()
    came = made or ("Nothing had changed." if row.state == RosterState.applied else "")
    return HistoryView(str(row.id), row.name, short(row.created_at, zone), who, word, tone, came, can_take_back(row))

"""What the browser may know of the work of classes."""

from dataclasses import dataclass

STATUS_TONES = {"draft": "neutral", "scheduled": "amber", "published": "green", "closed": "neutral"}
STATE_WORDS = {
    "todo": "To do",
    "on_time": "Handed in",
    "late": "Handed in late",
    "missing": "Missing",
    "excused": "Excused",
}
STATE_TONES = {"todo": "iris", "on_time": "green", "late": "amber", "missing": "red", "excused": "neutral"}


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A piece of work in a list: ``about`` is when it is due and what it is worth."""

    id: str
    title: str
    class_name: str
    about: str
    badge: str
    tone: str
    counts: str = ""
    waiting: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class WorkSection:
    title: str
    rows: list[WorkRow]


@dataclass(frozen=True, slots=True)
class GroupView:
    """``about`` says its weight and what is dropped. The rest is for its form."""

    id: str
    name: str
    about: str
    rows: list[WorkRow]
    weight: str = ""
    drop_lowest: str = "0"
    drop_highest: str = "0"
    drop_by: str = "best_total"
    aggregate: str = "sum"
    version: int = 1


NO_GROUP = GroupView("", "", "", [])


@dataclass(frozen=True, slots=True)
class FileView:
    id: str
    name: str
    about: str
    problem: str
    href: str


@dataclass(frozen=True, slots=True)
class AttemptView:
    id: str
    title: str
    badge: str
    tone: str
    receipt: str
    html: str
    link: str
    files: list[FileView]


@dataclass(frozen=True, slots=True)
class HandedInView:
    """A student in the list of who handed in."""

    id: str
    name: str
    initials: str
    tone: str
    about: str
    badge: str
    badge_tone: str
    team: str


@dataclass(frozen=True, slots=True)
class OverrideView:
    id: str
    who: str
    about: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """A class, or in it a piece of work, that can be copied."""

    id: str
    name: str
    about: str
    chosen: bool = False

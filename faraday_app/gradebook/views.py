"""What the browser may know of grades."""

from dataclasses import dataclass, field

from faraday_app.classes.views import ClassPlace, register_place
from faraday_app.core.permissions import Permission
from faraday_app.gradebook.service import receipts
from faraday_app.gradebook.service.overview import Learnt

GRADEBOOK = ClassPlace("gradebook", "Gradebook", "table_2", "/class/gradebook", Permission.gradebook_read, 20)
register_place(GRADEBOOK)


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a receipt: what, how it came about, and what it brings."""

    title: str
    note: str
    figure: str


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """How a total came about. ``question`` is its heading, such as "Why 87.42 %?"; ``period`` is the present one."""

    student_id: str = ""
    name: str = ""
    question: str = ""
    lines: list[LineView] = field(default_factory=list)
    current: str = "—"
    current_letter: str = ""
    final: str = "—"
    goal: str = ""
    goal_words: str = ""
    period: str = ""


NO_RECEIPT = ReceiptView()


@dataclass(frozen=True, slots=True)
class ChangedView:
    """What of a student's total became another since a moment, and what made it so."""

    student_id: str = ""
    title: str = ""
    lines: list[LineView] = field(default_factory=list)
    problem: str = ""
    asks_for_day: bool = False


NOTHING_CHANGED = ChangedView()


@dataclass(frozen=True, slots=True)
class SaidView:
    """A sentence about the total whose receipt has this heading, ``origin`` says whose; or why there is none."""

    student_id: str = ""
    question: str = ""
    sentence: str = ""
    origin: str = ""
    problem: str = ""
    busy: bool = False


NOTHING_SAID = SaidView()


@dataclass(frozen=True, slots=True)
class WorkView:
    """A piece of work with what a student has for it. ``guess`` is what they suppose; nobody else knows it."""

    id: str
    title: str
    group: str
    score: str
    of: str
    note: str
    guess: str


@dataclass(frozen=True, slots=True)
class OwnView:
    """One student in a class, as they or their parents may see it. ``guessed`` is what would come of what if."""

    student_id: str
    name: str
    receipt: ReceiptView
    work: list[WorkView]
    guessed: str
    problem: str


@dataclass(frozen=True, slots=True)
class ClassTotalView:
    id: str
    name: str
    meta: str
    percent: str
    letter: str
    key: str


def class_total(each: Learnt, about: str) -> ClassTotalView:
    """What a class comes to for one student, as far as whoever asked may see it."""
    current = each.record.grades.current
    percent = receipts.DASH if current.percent is None else f"{current.percent} %"
    key = f"{each.class_id}{each.record.student_id}"
    return ClassTotalView(str(each.class_id), each.name, about, percent, current.letter or "", key)


@dataclass(frozen=True, slots=True)
class PolicyView:
    """The rules of a class as they stand in the fields of a form."""

    version: int
    scheme: str
    weighted_periods: bool
    letters: str
    cap: str
    late: str
    percent: str
    floor: str
    tiers: str
    missing_percent: str
    posting: str
    scale: str


NO_POLICY = PolicyView(0, "points", False, "", "", "none", "", "", "", "", "automatic", "")


@dataclass(frozen=True, slots=True)
class GroupView:
    id: str
    name: str
    weight: str
    lowest: str
    highest: str
    by: str
    version: int


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A student whose grade would be another; ``flips``: the letter too."""

    id: str
    name: str
    before: str
    after: str
    flips: bool

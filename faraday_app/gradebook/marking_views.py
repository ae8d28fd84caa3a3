"""What the browser may know while work is marked, and of feedback."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal

from faraday_app.coursework.models import SubmissionFile
from faraday_app.coursework.service.assessing import Comment, Held, Sheet, marking
from faraday_app.coursework.service.assessing.agreeing import Agreeing
from faraday_app.coursework.service.assessing.anchors import Segment
from faraday_app.coursework.service.drafting import Draft
from faraday_app.coursework.service.rubrics import Criterion, Mark, Plan, plain
from faraday_app.gradebook.service import ledger
from faraday_app.gradebook.service.marking import Screen, Sheaf, Stage

WORDS = {
    Stage.nothing: ("No work", "neutral"),
    Stage.to_mark: ("To mark", "iris"),
    Stage.begun: ("Begun", "amber"),
    Stage.marked: ("Marked", "amber"),
    Stage.graded: ("Graded", "green"),
    Stage.posted: ("Posted", "green"),
}


@dataclass(frozen=True, slots=True)
class StudentRow:
    """Somebody in the pile, by a code that stands for them on this page alone."""

    code: str
    name: str
    stage: str
    tone: str
    about: str


@dataclass(frozen=True, slots=True)
class LevelView:
    place: int
    title: str
    text: str
    points: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class CriterionView:
    """``quote`` and what follows are a model's proposal; empty where there is none, or it was decided about."""

    id: str
    title: str
    details: str
    most: str
    scored: bool
    ranged: bool
    levels: list[LevelView]
    points: str
    remark: str
    quote: str = ""
    why: str = ""
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A stretch of the text. ``remarks`` are the numbers of those about it, as text; empty where there are none."""

    key: str
    text: str
    remarks: str


@dataclass(frozen=True, slots=True)
class RemarkView:
    """``number`` is where it stands among those about words of the text; empty for the others."""

    id: str
    author: str
    when: str
    text: str
    quote: str
    number: str
    audio: str
    mine: bool
    version: int


@dataclass(frozen=True, slots=True)
class FileView:
    address: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class OtherView:
    """What another marker gave."""

    id: str
    name: str
    comes_to: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One student's work on the screen. ``key`` names it: the code, the submission and the attempt.

    ``turn`` counts what changed in the fields from elsewhere than the keyboard.
    """

    key: str = ""
    code: str = ""
    name: str = ""
    about: str = ""
    segments: list[SegmentView] = field(default_factory=list)
    link: str = ""
    files: list[FileView] = field(default_factory=list)
    criteria: list[CriterionView] = field(default_factory=list)
    score: str = ""
    comes_to: str = ""
    grade: str = ""
    grade_version: int = 0
    posted: bool = False
    on_the_way: bool = False
    others: list[OtherView] = field(default_factory=list)
    draft: str = ""
    draft_told: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class AgreementView:
    title: str
    pairs: str
    exact: str
    near: str
    kappa: str


@dataclass(frozen=True, slots=True)
class BankView:
    id: str
    text: str


def student_row(sheaf: Sheaf, zone: tzinfo) -> StudentRow:
    words, tone = WORDS[sheaf.stage]
    when = said_time(sheaf.handed_in_at, zone)
    late = " · late" if sheaf.is_late else ""
    tries = f" · attempt {sheaf.meant.attempt}" if sheaf.meant.attempt > 1 else ""
    return StudentRow(sheaf.code, sheaf.name, words, tone, f"{when}{late}{tries}")


def said_time(moment: datetime | None, zone: tzinfo) -> str:
    if moment is None:
        return ""
    here = moment.astimezone(zone)
    return f"{here.day} {here:%b}, {here:%H:%M}"


def number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def criterion_views(criteria: Sequence[Criterion], sheet: Sheet, draft: Draft | None = None) -> list[CriterionView]:
    open_ones = [each for each in draft.proposals if each.criterion_id not in draft.taken] if draft else []
    proposed = {each.criterion_id: each for each in open_ones}
    views = []
    for each in criteria:
        mark = sheet.marks.get(each.id, Mark())
        proposal = proposed.get(each.id)
        views.append(
            CriterionView(
                each.id,
                each.title,
                each.details,
                plain(each.points),
                each.scored,
                each.ranged,
                level_views(each, mark),
                number(mark.points),
                mark.remark,
                proposal.quote if proposal else "",
                proposal.why if proposal else "",
                each.ratings[proposal.rating].title if proposal else "",
            )
        )
    return views


def level_views(criterion: Criterion, mark: Mark) -> list[LevelView]:
    return [
        LevelView(place, each.title, each.text, _worth(criterion, place), mark.rating == place)
        for place, each in enumerate(criterion.ratings)
    ]


def _worth(criterion: Criterion, place: int) -> str:
    if not criterion.scored:
        return ""
    least, most = criterion.range_of(place)
    return plain(most) if least == most else f"{plain(least)}–{plain(most)}"


def segment_views(key: str, segments: Sequence[Segment]) -> list[SegmentView]:
    return [
        SegmentView(f"{key}{place}", each.text, ", ".join(str(about + 1) for about in each.about))
        for place, each in enumerate(segments)
    ]


def remark_views(
    remarks: Sequence[Comment], attempt: int, reader: object, zone: tzinfo, recording: str
) -> list[RemarkView]:
    """``recording`` is the address of a spoken remark, with ``{id}``. Those about the text are numbered in order."""
    views, place = [], 0
    for each in remarks:
        numbered = each.anchor is not None and each.attempt == attempt
        place += numbered
        views.append(
            RemarkView(
                str(each.id),
                each.author_name,
                said_time(each.made_at, zone),
                each.text,
                each.anchor.quote if each.anchor else "",
                str(place) if numbered else "",
                recording.format(id=each.id) if each.audio else "",
                each.author_id == reader,
                each.version,
            )
        )
    return views


def other_view(name: str, held: Held, comes_to: Decimal | None) -> OtherView:
    return OtherView(str(held.id), name, number(comes_to) or "—", held.status == "chosen")


def agreement_view(found: Agreeing) -> AgreementView:
    figures = found.figures
    if figures is None:
        return AgreementView(found.criterion.title, "0", "—", "—", "—")
    kappa = "—" if figures.kappa is None else f"{figures.kappa:.2f}"
    return AgreementView(
        found.criterion.title, str(figures.pairs), f"{figures.exact:.0%}", f"{figures.within_one:.0%}", kappa
    )


def key_of(sheaf: Sheaf) -> str:
    meant = sheaf.meant
    return f"{sheaf.code}.{meant.submission_id or ''}.{meant.attempt}"


def _address(file: SubmissionFile) -> str:
    return f"/api/v1/submissions/{file.submission_id}/files/{file.id}"


def _safe(link: str) -> str:
    """Only what opens a website: anything else could run on this page."""
    return link if link.lower().startswith(("https://", "http://")) else ""


def shown(plan: Plan, screen: Screen, draft: Draft | None, zone: tzinfo, turn: int = 0) -> Shown:
    sheaf, held = screen.sheaf, screen.held
    key = key_of(sheaf)
    criteria = plan.rubric.criteria if plan.rubric else ()
    return Shown(
        key,
        sheaf.code,
        sheaf.name,
        student_row(sheaf, zone).about,
        segment_views(key, screen.segments) if screen.text else [],
        _safe(sheaf.submission.link) if sheaf.submission else "",
        [FileView(_address(each), each.name, each.kind) for each in screen.files],
        criterion_views(criteria, held.sheet, draft),
        number(held.sheet.score),
        number(marking.comes_to(plan, held.sheet)),
        ledger.said(sheaf.mark),
        sheaf.mark.version,
        sheaf.mark.posted_at is not None,
        held.is_on_the_way,
        [other_view(name, each, marking.comes_to(plan, each.sheet)) for name, each in screen.others],
        draft.status if draft else "",
        draft.error if draft else "",
        turn,
    )

"""What the browser may know of work that has passages in common."""

from dataclasses import dataclass

from faraday_app.coursework.models import Outcome
from faraday_app.coursework.service.similarity.beside import Part, SideOfPair
from faraday_app.coursework.service.similarity.pairs import Pair
from faraday_app.coursework.service.similarity.reviews import WORDS, Review

OUTCOMES = [(outcome.value, words) for outcome, words in WORDS.items()]


@dataclass(frozen=True, slots=True)
class WorkRow:
    id: str
    title: str
    pairs: str


@dataclass(frozen=True, slots=True)
class PairRow:
    id: str
    left: str
    right: str
    where: str
    left_share: str
    right_share: str
    longest: str


@dataclass(frozen=True, slots=True)
class HandoutRow:
    id: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class PartView:
    text: str
    mark: str
    number: int


@dataclass(frozen=True, slots=True)
class SideView:
    text_id: str
    name: str
    where: str
    figures: str
    may_ask: bool


@dataclass(frozen=True, slots=True)
class ReviewRow:
    id: str
    version: int
    title: str
    student: str
    asked_by: str
    question: str
    passages: list[str]
    statement: str
    outcome: str
    note: str
    decided: str
    step: str  # asked, heard, decided, agreed
    own: bool  # the viewer decided: another has to confirm


NO_SIDE = SideView("", "", "", "", may_ask=False)


def percent(share: float) -> str:
    return "under 1 %" if 0 < share < 0.01 else f"{share * 100:.0f} %"


def pair_row(pair: Pair) -> PairRow:
    row = pair.row
    where = pair.right.elsewhere or "This assignment"
    left, right = percent(row.left_share), percent(row.right_share)
    return PairRow(str(row.id), pair.left.name, pair.right.name, where, left, right, f"{row.longest:,} words")


def side_view(found: SideOfPair, *, may_ask: bool) -> SideView:
    figures = f"{percent(found.side.share)} of {found.side.words:,} words"
    if found.side.left_out:
        figures += f"; {found.side.left_out:,} more left out as everybody’s"
    author = found.author
    return SideView(str(author.text.id), author.name, author.elsewhere, figures, may_ask and not author.elsewhere)


def part_view(part: Part) -> PartView:
    return PartView(part.text, part.mark.value, part.number)


def review_row(found: Review, viewer: object) -> ReviewRow:
    row = found.row
    step = "agreed" if row.confirmed_at and found.outcome else "decided" if found.outcome else ""
    decided = f"{found.decided_by}, confirmed by {found.confirmed_by}" if found.confirmed_by else found.decided_by
    return ReviewRow(
        str(row.id),
        row.version,
        found.title,
        found.student_name,
        found.asked_by,
        found.question,
        list(found.passages),
        found.statement,
        WORDS[Outcome(found.outcome)] if found.outcome else "",
        found.note,
        decided,
        step or ("heard" if row.stated_at else "asked"),
        row.decided_by == viewer,
    )

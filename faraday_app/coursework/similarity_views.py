"""What the browser may know of work that has passages in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from faraday_app.coursework.models import Outcome
from faraday_app.coursework.service.similarity.beside import Part, SideOfPair
from faraday_app.coursework.service.similarity.hearing import WORDS, Review
from faraday_app.coursework.service.similarity.pairs import Pair

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
    team: bool


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
    team: bool  # others were asked the same


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with what each of its authors says. ``silent`` says whom it waits for, empty when all were heard;
    ``open_id`` is of an answer that two have not agreed on yet, by which the question can be taken back."""

    id: str
    authors: str
    asked_by: str
    question: str
    silent: str
    team: bool
    answers: list[ReviewRow]
    open_id: str
    open_version: int


NO_SIDE = SideView("", "", "", "", may_ask=False, team=False)


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
    asks, team = may_ask and not author.elsewhere, author.text.team_id is not None
    return SideView(str(author.text.id), author.name, author.elsewhere, figures, asks, team)


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
        found.authors > 1,
    )


def question_rows(found: Sequence[Review], viewer: object) -> list[QuestionRow]:
    """All that are asked the same stand together."""
    return [_question(list(each), viewer) for _, each in groupby(found, key=lambda review: review.row.question_id)]


def _question(found: list[Review], viewer: object) -> QuestionRow:
    first, answers = found[0], [review_row(each, viewer) for each in found]
    still = next((each for each in answers if each.step != "agreed"), None)
    return QuestionRow(
        str(first.row.question_id),
        ", ".join(each.student for each in answers) if len(answers) <= 3 else f"A team of {len(answers)}",
        first.asked_by,
        first.question,
        _silent(first),
        first.authors > 1,
        answers,
        still.id if still else "",
        still.version if still else 0,
    )


def _silent(review: Review) -> str:
    if not review.silent:
        return ""
    if review.authors == 1:
        return "Has not answered yet. Nothing can be recorded before."
    have = f"{review.silent} of {review.authors} {'has' if review.silent == 1 else 'have'}"
    return f"{have} not answered yet. Nothing can be recorded before all were heard."

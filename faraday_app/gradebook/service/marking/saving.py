"""A marker's sheet becomes a grade: against what was on the screen, and through the ledger."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import AssessmentStatus
from faraday_app.coursework.service.assessing import Held, Meant, marking
from faraday_app.coursework.service.rubrics import Plan, unmarked, using
from faraday_app.coursework.service.submissions import finding
from faraday_app.gradebook.calculation import Grading
from faraday_app.gradebook.service import ledger
from faraday_app.gradebook.service.entering import Typed
from faraday_app.gradebook.service.ledger import Change
from faraday_app.gradebook.service.marks import Mark


@dataclass(frozen=True, slots=True)
class Saving:
    """What a page says that it shows. ``grade`` is the version of the grade on it, 0 where there was none."""

    assignment_id: UUID
    meant: Meant
    grade: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """``mark`` is the grade as it is now; None where the marks are provisional, or come to no grade yet.
    ``unmarked``: criteria that count and that nobody has judged."""

    held: Held
    mark: Mark | None
    unmarked: int = 0


class Regraded(Conflict):
    """Somebody graded this since the page showed it: ``theirs`` is there, ``mine`` was not written."""

    title = "Somebody else graded this meanwhile"

    def __init__(self, theirs: Mark, mine: Decimal | None) -> None:
        wanted = "no grade" if mine is None else ledger.number(mine)
        super().__init__(f"Somebody else graded this meanwhile: it is {ledger.said(theirs)} now, yours is {wanted}.")
        self.theirs, self.mine = theirs, mine


class NewerAttempt(Conflict):
    title = "There is a newer attempt"


async def save(session: AsyncSession, actor: Actor, saving: Saving) -> Saved:
    """Give the marks that are on the way, and enter what they come to.

    Refused, with nothing written, when the student or attempt is not the one meant (``Moved``), when they handed in
    again since (``NewerAttempt``), or when somebody graded since (``Regraded``). In moderated work marks are
    provisional, and the grade is entered when the moderator chooses.
    """
    plan = await using.plan_to_mark(session, actor, saving.assignment_id)
    await marking.submission_of(session, plan, saving.meant)
    await _must_be_newest(session, plan, saving.meant)
    held = await marking.give(session, actor, plan, saving.meant)
    left = len(unmarked(plan.rubric.criteria, held.sheet.marks)) if plan.rubric else 0
    if held.status != AssessmentStatus.chosen:
        return Saved(held, None, left)
    return Saved(held, await _entered(session, actor, plan, held, saving), left)


async def choose(session: AsyncSession, actor: Actor, assessment_id: UUID, saving: Saving) -> Saved:
    """The moderator's choice becomes the grade."""
    plan = await using.plan_to_mark(session, actor, saving.assignment_id)
    held = await marking.choose(session, actor, plan, assessment_id)
    if held.meant.student_id != saving.meant.student_id:
        raise marking.Moved("The student on your screen has changed. Nothing was chosen.")
    return Saved(held, await _entered(session, actor, plan, held, saving))


async def _entered(session: AsyncSession, actor: Actor, plan: Plan, held: Held, saving: Saving) -> Mark | None:
    score = marking.comes_to(plan, held.sheet)
    if score is None:
        return None
    typed = Typed(score, _word(plan, score))
    attempt = held.meant.attempt or None
    change = Change(plan.work.id, held.meant.student_id, typed, saving.grade, attempt)
    entered = await ledger.enter(session, actor, plan.work.class_id, [change], reason=saving.reason)
    for refused in entered.refused:
        if isinstance(refused.why, ledger.Stale):
            raise Regraded(refused.mark, score) from refused.why
        raise refused.why
    return entered.cells[change.cell]


def _word(plan: Plan, score: Decimal) -> str:
    """What a cell shows where a number says little."""
    if plan.work.grading_type != Grading.pass_fail:
        return ""
    return "pass" if score > 0 else "fail"


async def _must_be_newest(session: AsyncSession, plan: Plan, meant: Meant) -> None:
    newest = (await finding.latest(session, [plan.work.id])).get((plan.work.id, meant.student_id))
    if newest and newest.attempt > meant.attempt:
        told = f"Attempt {newest.attempt} was handed in since. Nothing was saved; look at it before you grade."
        raise NewerAttempt(told)


def parsed_score(text: str) -> Decimal | None:
    """What stands in the field of the grade; nothing typed is nothing, and the rubric decides."""
    words = text.strip().replace(",", ".")
    if not words:
        return None
    try:
        number = Decimal(words)
    except ArithmeticError:
        raise Invalid("Enter the grade in points, such as 17.5.", field="score") from None
    if not number.is_finite():
        raise Invalid("Enter the grade in points, such as 17.5.", field="score")
    return number

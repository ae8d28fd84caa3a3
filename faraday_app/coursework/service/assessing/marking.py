"""What markers think of a student's work: written on the way, given, and of several given ones the chosen one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolled, Enrolment
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assessment, AssessmentStatus, Submission
from faraday_app.coursework.service import teams
from faraday_app.coursework.service.assessing import sheets
from faraday_app.coursework.service.assessing.sheets import Sheet
from faraday_app.coursework.service.rubrics import Criterion, Mark, Plan, settled, total
from faraday_app.security.service import record

MOST_SCORE = Decimal(1_000_000)
_ALONE = text("select pg_advisory_xact_lock(hashtextextended('marks ' || :work, 0))")


@dataclass(frozen=True, slots=True)
class Meant:
    """Which work somebody has before them. ``submission_id`` None and ``attempt`` 0: nothing was handed in here."""

    student_id: UUID
    submission_id: UUID | None = None
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A marker's sheet for a piece of work. ``sheet`` is what they see: what is on the way, else what they gave."""

    meant: Meant
    marker_id: UUID
    sheet: Sheet = field(default_factory=Sheet)
    status: str = AssessmentStatus.draft
    is_on_the_way: bool = False
    id: UUID | None = None
    version: int = 0


class Moved(Conflict):
    """What is on the screen is not what is there: another student, or another attempt."""

    title = "The work on your screen is no longer the newest"


async def submission_of(session: AsyncSession, plan: Plan, meant: Meant) -> Submission | None:
    """The attempt that is meant, handed in by that student for this assignment. Moved where it is not all three."""
    learns = select(col(Enrolment.id)).where(
        col(Enrolment.class_id) == plan.work.class_id,
        col(Enrolment.student_id) == meant.student_id,
        col(Enrolment.status) != Enrolled.withdrawn,
    )
    if await session.scalar(learns) is None:
        raise NotFound("This student is not in the class.")
    if meant.submission_id is None:
        return None
    submission = await session.get(Submission, meant.submission_id)
    if submission is None or submission.assignment_id != plan.work.id or submission.submitted_at is None:
        raise NotFound("This was not handed in for this assignment.")
    if not await _is_theirs(session, submission, meant.student_id) or submission.attempt != meant.attempt:
        raise Moved("The student on your screen has changed. Nothing was saved; what you wrote is still in the field.")
    return submission


async def _is_theirs(session: AsyncSession, submission: Submission, student_id: UUID) -> bool:
    """Also what their team handed in, whoever began it."""
    if submission.team_id is None:
        return submission.student_id == student_id
    team = await teams.team_of(session, submission.assignment_id, student_id)
    return team is not None and team.id == submission.team_id


async def held(session: AsyncSession, actor: Actor, plan: Plan, meant: Meant) -> Held:
    """The actor's own sheet for this attempt; an empty one where they have not begun."""
    row = await session.scalar(select(Assessment).where(*_own(actor, plan, meant)))
    return await _held(row) if row else Held(meant, actor.user)


async def write_mark(
    session: AsyncSession, actor: Actor, plan: Plan, meant: Meant, criterion_id: str, mark: Mark
) -> Held:
    """Keep one mark on the way: nobody else sees it. Invalid where it does not fit the rubric."""
    fitting = settled(_criteria(plan), {criterion_id: mark}).get(criterion_id, Mark())
    row = await _begun(session, actor, plan, meant)
    sheet = (await sheets.on_the_way(row) or await sheets.given(row)).with_mark(criterion_id, fitting)
    return await _put_aside(session, row, plan, sheet)


async def write_score(session: AsyncSession, actor: Actor, plan: Plan, meant: Meant, score: Decimal | None) -> Held:
    """Keep what was typed as the score on the way; None: what the rubric comes to."""
    row = await _begun(session, actor, plan, meant)
    sheet = await sheets.on_the_way(row) or await sheets.given(row)
    return await _put_aside(session, row, plan, Sheet(sheet.marks, _score(score)))


async def write(session: AsyncSession, actor: Actor, plan: Plan, meant: Meant, sheet: Sheet) -> Held:
    """Keep a whole sheet on the way."""
    row = await _begun(session, actor, plan, meant)
    marks = settled(_criteria(plan), sheet.marks)
    return await _put_aside(session, row, plan, Sheet(marks, _score(sheet.score)))


async def give(session: AsyncSession, actor: Actor, plan: Plan, meant: Meant) -> Held:
    """Let what is on the way stand. Where one marks alone it is chosen at once, in place of what a colleague gave."""
    row = await _begun(session, actor, plan, meant)
    sheet = await sheets.on_the_way(row) or await sheets.given(row)
    await sheets.put_down(row, sheet)
    row.version_id, row.changed_at, row.version = _version(plan), now(), row.version + 1
    if plan.moderated:
        row.status = AssessmentStatus.chosen if row.status == AssessmentStatus.chosen else AssessmentStatus.given
    else:
        await _choose(session, plan, row)
    record(session, actor, "work.marked", row, title=plan.work.title, attempt=meant.attempt, status=str(row.status))
    publish_on_commit(session, topic("marking", plan.work.id))
    await session.flush()
    return await _held(row)


async def choose(session: AsyncSession, actor: Actor, plan: Plan, assessment_id: UUID) -> Held:
    """The moderator's: of several given marks, the one that stands."""
    if not plan.moderates(actor):
        raise NotPermitted("Only the moderator of this work chooses what stands.")
    row = await session.get(Assessment, assessment_id, with_for_update=True)
    if row is None or row.assignment_id != plan.work.id or row.status == AssessmentStatus.draft:
        raise NotFound("This was not given for this work.")
    await _choose(session, plan, row)
    row.version += 1
    record(session, actor, "marks.chosen", row, title=plan.work.title)
    publish_on_commit(session, topic("marking", plan.work.id))
    await session.flush()
    return await _held(row)


async def given_for(session: AsyncSession, actor: Actor, plan: Plan, student_id: UUID) -> list[Held]:
    """What may be compared: of moderated work the moderator's to see; a marker sees others' only once one is chosen."""
    query = select(Assessment).where(
        col(Assessment.assignment_id) == plan.work.id,
        col(Assessment.student_id) == student_id,
        col(Assessment.status) != AssessmentStatus.draft,
    )
    rows = (await session.scalars(query.order_by(col(Assessment.id)))).all()
    is_open = plan.moderates(actor) or any(row.status == AssessmentStatus.chosen for row in rows)
    if plan.moderated and not is_open:
        rows = [row for row in rows if row.marker_id == actor.user_id]
    return [await _given(row) for row in rows]


async def chosen(session: AsyncSession, assignment_id: UUID, student_id: UUID) -> tuple[Assessment, Sheet] | None:
    """What stands. For whoever has decided that it may be read."""
    query = select(Assessment).where(
        col(Assessment.assignment_id) == assignment_id,
        col(Assessment.student_id) == student_id,
        col(Assessment.status) == AssessmentStatus.chosen,
    )
    row = await session.scalar(query)
    return (row, await sheets.given(row)) if row else None


async def all_given(session: AsyncSession, plan: Plan) -> Sequence[Assessment]:
    """Of all students, for figures of agreement."""
    query = select(Assessment).where(
        col(Assessment.assignment_id) == plan.work.id, col(Assessment.status) != AssessmentStatus.draft
    )
    return (await session.scalars(query.order_by(col(Assessment.student_id), col(Assessment.marker_id)))).all()


def comes_to(plan: Plan, sheet: Sheet) -> Decimal | None:
    """The grade that a sheet stands for: what was typed, else what the rubric comes to."""
    if sheet.score is not None:
        return sheet.score
    return total(_criteria(plan), sheet.marks) if plan.rubric and plan.fills_grade else None


async def _begun(session: AsyncSession, actor: Actor, plan: Plan, meant: Meant) -> Assessment:
    """The marker's row, locked. Whoever writes must grade in the class, and mean work that is there."""
    plan.standing.must_grade()
    plan.standing.must_be_open()
    await submission_of(session, plan, meant)
    values = {
        "id": new_id(),
        "created_at": now(),
        "changed_at": now(),
        "organization_id": plan.work.organization_id,
        "assignment_id": plan.work.id,
        "student_id": meant.student_id,
        "submission_id": meant.submission_id,
        "attempt": meant.attempt,
        "marker_id": actor.user,
        "version_id": _version(plan),
        **{"marks": {}, "status": AssessmentStatus.draft, "version": 0},
    }
    same = ["assignment_id", "student_id", "attempt", "marker_id"]
    await session.execute(insert(Assessment).values(**values).on_conflict_do_nothing(index_elements=same))
    query = select(Assessment).where(*_own(actor, plan, meant)).with_for_update()
    return (await session.execute(query, execution_options={"populate_existing": True})).scalar_one()


async def _put_aside(session: AsyncSession, row: Assessment, plan: Plan, sheet: Sheet) -> Held:
    if row.version_id != _version(plan):  # the rubric was changed before anything was given
        known = {each.id for each in _criteria(plan)}
        sheet = Sheet({id: mark for id, mark in sheet.marks.items() if id in known}, sheet.score)
        row.version_id = _version(plan)
    await sheets.put_aside(row, sheet)
    row.changed_at, row.version = now(), row.version + 1
    await session.flush()
    return await _held(row)


async def _choose(session: AsyncSession, plan: Plan, row: Assessment) -> None:
    """Two who choose for the same student take turns."""
    await session.execute(_ALONE, {"work": f"{plan.work.id} {row.student_id}"})
    before = update(Assessment).where(
        col(Assessment.assignment_id) == plan.work.id,
        col(Assessment.student_id) == row.student_id,
        col(Assessment.status) == AssessmentStatus.chosen,
        col(Assessment.id) != row.id,
    )
    await session.execute(before.values(status=AssessmentStatus.given))
    row.status = AssessmentStatus.chosen


async def _held(row: Assessment) -> Held:
    draft = await sheets.on_the_way(row)
    sheet = draft or await sheets.given(row)
    meant = Meant(row.student_id, row.submission_id, row.attempt)
    return Held(meant, row.marker_id, sheet, row.status, draft is not None, row.id, row.version)


async def _given(row: Assessment) -> Held:
    meant = Meant(row.student_id, row.submission_id, row.attempt)
    return Held(meant, row.marker_id, await sheets.given(row), row.status, False, row.id, row.version)


def _own(actor: Actor, plan: Plan, meant: Meant) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Assessment.assignment_id) == plan.work.id,
        col(Assessment.student_id) == meant.student_id,
        col(Assessment.attempt) == meant.attempt,
        col(Assessment.marker_id) == actor.user,
    )


def _criteria(plan: Plan) -> tuple[Criterion, ...]:
    return plan.rubric.criteria if plan.rubric else ()


def _version(plan: Plan) -> UUID | None:
    return plan.rubric.id if plan.rubric else None


def _score(score: Decimal | None) -> Decimal | None:
    if score is None:
        return None
    if not score.is_finite() or not -MOST_SCORE <= score <= MOST_SCORE or score != score.quantize(Decimal("0.0001")):
        raise Invalid("A score is a number with four decimal places at most.", field="score")
    return score

"""From draft to published to closed, by a teacher or when its time has come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, AssignmentOverride, AssignmentStatus, Submission
from faraday_app.coursework.service.assignments import own
from faraday_app.coursework.service.changes import announce, decided
from faraday_app.coursework.service.telling import tell_of
from faraday_app.security.service import record

Status = AssignmentStatus


async def publish(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Assignment:
    """Students see it from now on."""
    _, work = await own(session, actor, assignment_id)
    if work.status in (Status.published, Status.closed):
        raise Conflict(f"“{work.title}” is published already.")
    await _must_be_for_somebody(session, work)
    await publish_now(session, actor, work)
    return work


async def schedule(session: AsyncSession, actor: Actor, assignment_id: UUID, at: datetime) -> Assignment:
    """It is published at that moment, by itself."""
    _, work = await own(session, actor, assignment_id)
    if work.status not in (Status.draft, Status.scheduled):
        raise Conflict(f"“{work.title}” is published already.")
    if at <= now():
        raise Invalid("Choose a moment that is still to come, or publish it now.", field="publish_at")
    if work.available_until and at >= work.available_until:
        raise Invalid("It would be published after it is closed.", field="publish_at")
    await _must_be_for_somebody(session, work)
    work.status, work.publish_at = Status.scheduled, at
    work.version += 1
    record(session, actor, "assignment.scheduled", work, name=work.title, publish_at=at.isoformat())
    announce(session, work.class_id)
    return work


async def withdraw(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Assignment:
    """A draft again, which students do not see. Only as long as nobody has handed anything in."""
    _, work = await own(session, actor, assignment_id)
    handed_in = exists().where(col(Submission.assignment_id) == work.id, col(Submission.submitted_at).is_not(None))
    if await session.scalar(select(handed_in)):
        raise Conflict(f"Students have handed in “{work.title}” already. Close it instead.")
    was_shown = work.status in (Status.published, Status.closed)
    work.status, work.publish_at = Status.draft, None
    work.version += 1
    record(session, actor, "assignment.withdrawn", work, name=work.title)
    if was_shown:
        await decided(session, work.class_id)
    else:
        announce(session, work.class_id)
    return work


async def close(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Assignment:
    """Nothing can be handed in any more. Students still see it, and what they handed in."""
    _, work = await own(session, actor, assignment_id)
    if work.status == Status.closed:
        raise Conflict(f"“{work.title}” is already closed.")
    if work.status != Status.published:
        raise Conflict(f"“{work.title}” is not published yet.")
    await close_now(session, actor, work)
    return work


async def reopen(session: AsyncSession, actor: Actor, assignment_id: UUID, until: datetime | None = None) -> Assignment:
    """It can be handed in again: until then, or with no end. The due date stays what it is."""
    _, work = await own(session, actor, assignment_id)
    if work.status != Status.closed:
        raise Conflict(f"“{work.title}” is not closed.")
    if until is not None and until <= now():
        raise Invalid("Choose a moment that is still to come.", field="available_until")
    if until is not None and work.due_at and until < work.due_at:
        raise Invalid("It would be closed before it is due.", field="available_until")
    work.status, work.available_until = Status.published, until
    work.version += 1
    record(session, actor, "assignment.reopened", work, name=work.title, until=until.isoformat() if until else None)
    await decided(session, work.class_id)
    return work


async def publish_now(session: AsyncSession, actor: Actor, work: Assignment) -> None:
    work.status, work.publish_at = Status.published, now()
    work.version += 1
    record(session, actor, "assignment.published", work, name=work.title)
    await decided(session, work.class_id)
    await tell_of(session, work)


async def close_now(session: AsyncSession, actor: Actor, work: Assignment) -> None:
    work.status = Status.closed
    work.version += 1
    record(session, actor, "assignment.closed", work, name=work.title)
    await decided(session, work.class_id)


async def _must_be_for_somebody(session: AsyncSession, work: Assignment) -> None:
    if work.for_everyone:
        return
    if not await session.scalar(select(exists().where(col(AssignmentOverride.assignment_id) == work.id))):
        raise Conflict("It is for nobody yet. Say for which sections or students it is, then publish it.")

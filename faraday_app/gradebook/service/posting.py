"""Grades are posted or hidden, and released to students and parents from a moment on."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service.access import standing, teaching
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment
from faraday_app.gradebook.models import Audience, EntryKind, GradeRelease, GradeTotal
from faraday_app.gradebook.service import marks, reading, totals
from faraday_app.gradebook.service.marks import Line, Mark
from faraday_app.security.service.audit import Thing, record

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Released:
    """What an audience was promised: ``plain`` as soon as it is posted; else from then on, None: not until a word."""

    plain: bool = True
    visible_from: datetime | None = None


class ReleaseChanged(Conflict):
    """Somebody else released it otherwise since it was read; ``present`` is what they set."""

    def __init__(self, present: Released) -> None:
        super().__init__("Somebody released these grades otherwise meanwhile. Look at it again, then set it.")
        self.present = present


async def post(
    session: AsyncSession,
    actor: Actor,
    class_id: UUID,
    assignment_ids: Collection[UUID] | None = None,
    section_id: UUID | None = None,
) -> UUID | None:
    """Post what is graded of these assignments, or of all, of everybody or of one section; students and parents see it
    as far as it is released.

    The answer is the batch that ``undoing.undo`` takes back, None where all was posted already.
    """
    return await _turn(session, actor, class_id, assignment_ids, EntryKind.posted, section_id)


async def hide(
    session: AsyncSession, actor: Actor, class_id: UUID, assignment_ids: Collection[UUID] | None = None
) -> UUID | None:
    """The reverse: what was posted is seen by the staff alone until it is posted again."""
    return await _turn(session, actor, class_id, assignment_ids, EntryKind.hidden)


async def _turn(
    session: AsyncSession,
    actor: Actor,
    class_id: UUID,
    assignment_ids: Collection[UUID] | None,
    kind: EntryKind,
    section_id: UUID | None = None,
) -> UUID | None:
    found = await teaching(session, actor, class_id, Permission.gradebook_manage)
    await reading.alone(session, class_id)
    structure, moment, batch_id = await reading.read(session, class_id), now(), new_id()
    works = structure.by_id.keys() if assignment_ids is None else structure.by_id.keys() & set(assignment_ids)
    people = {id for id, section in structure.sections.items() if section_id is None or section == section_id}
    lines = [
        Line(cell, mark, replace(mark, posted_at=moment if kind is EntryKind.posted else None), kind)
        for cell, mark in (await marks.of_class(session, class_id)).items()
        if cell[0] in works and cell[1] in people and _turns(mark, kind)
    ]
    if not lines:
        return None
    organization_id = found.school_class.organization_id
    await marks.write(session, organization_id, class_id, lines, made_by=actor.user_id, batch_id=batch_id)
    await reading.remember(session, structure)
    await totals.refresh(session, structure, {line.cell[1] for line in lines})
    details = {"cells": len(lines), "assignments": len({line.cell[0] for line in lines}), "batch_id": str(batch_id)}
    record(session, actor, f"grades.{kind.value}", Thing("classes", class_id), **details)
    publish_on_commit(session, topic("grades", class_id), batch_id)
    return batch_id


def _turns(mark: Mark, kind: EntryKind) -> bool:
    if kind is EntryKind.posted:
        return mark.posted_at is None and mark.says
    return mark.posted_at is not None


async def releases(session: AsyncSession, actor: Actor, class_id: UUID) -> dict[UUID, dict[str, datetime | None]]:
    """What is released when, by assignment and audience. For the staff of the class."""
    if not (await standing(session, actor, class_id, Permission.gradebook_read)).is_staff:
        raise NotPermitted("Only the staff of this class sees when grades are released.")
    structure = await reading.read(session, class_id)
    return {work: dict(each) for work, each in structure.releases.items()}


async def release(
    session: AsyncSession,
    actor: Actor,
    assignment_id: UUID,
    audience: Audience,
    visible_from: datetime | None,
    read: Released | None = None,
) -> None:
    """Let the audience see the posted grades of an assignment from then on; None hides them until further notice.

    Refused where it is not as it was ``read`` any more.
    """
    await _release(session, actor, assignment_id, audience, Released(plain=False, visible_from=visible_from), read)


async def release_when_posted(
    session: AsyncSession, actor: Actor, assignment_id: UUID, audience: Audience, read: Released | None = None
) -> None:
    """Back to what is so without a word: the audience sees a grade as soon as it is posted."""
    await _release(session, actor, assignment_id, audience, Released(), read)


async def _release(
    session: AsyncSession,
    actor: Actor,
    assignment_id: UUID,
    audience: Audience,
    wanted: Released,
    read: Released | None,
) -> None:
    actor.must_at_all(Permission.gradebook_manage)
    class_id = await _class_of(session, actor, assignment_id)
    await teaching(session, actor, class_id, Permission.gradebook_manage)
    await reading.alone(session, class_id)
    which = col(GradeRelease.assignment_id) == assignment_id, col(GradeRelease.audience) == audience
    present = await _present(session, assignment_id, audience)
    if read is not None and read != present:
        raise ReleaseChanged(present)
    visible_from = wanted.visible_from
    if wanted.plain:
        await session.execute(delete(GradeRelease).where(*which))
    else:
        await session.execute(_from(actor, assignment_id, audience, visible_from))
    told = "when posted" if wanted.plain else visible_from.isoformat() if visible_from else "hidden"
    record(session, actor, "grades.released", Thing("assignments", assignment_id), audience=audience, when=told)
    structure = await reading.read(session, class_id)
    await reading.remember(session, structure)
    await totals.refresh(session, structure)
    publish_on_commit(session, topic("grades", class_id))


async def _present(session: AsyncSession, assignment_id: UUID, audience: Audience) -> Released:
    query = select(col(GradeRelease.visible_from)).where(
        col(GradeRelease.assignment_id) == assignment_id, col(GradeRelease.audience) == audience
    )
    row = (await session.execute(query)).one_or_none()
    return Released(plain=False, visible_from=row[0]) if row else Released()


def _from(actor: Actor, assignment_id: UUID, audience: Audience, visible_from: datetime | None) -> Insert:
    """Not by the row's class: it would take no moment for now."""
    first = insert(GradeRelease).values(
        id=new_id(),
        created_at=now(),
        organization_id=actor.organization,
        assignment_id=assignment_id,
        audience=audience.value,
        visible_from=visible_from,
        version=1,
    )
    again = {"visible_from": visible_from, "version": col(GradeRelease.version) + 1}
    return first.on_conflict_do_update(index_elements=["assignment_id", "audience"], set_=again)


async def _class_of(session: AsyncSession, actor: Actor, assignment_id: UUID) -> UUID:
    work = await session.get(Assignment, assignment_id)
    if work is None or work.deleted_at is not None or work.organization_id != actor.organization:
        raise NotFound("This assignment does not exist, or you cannot see it.")
    return work.class_id


async def reveal() -> int:
    """Classes in which a moment of release has come since their totals were figured out: figure them out again, and
    have open pages read. How many."""
    begun = col(GradeRelease.visible_from) <= now(), col(GradeRelease.visible_from) > col(GradeTotal.figured_at)
    async with transaction(Actor.system()) as session:
        query = (
            select(col(Assignment.organization_id), col(Assignment.class_id))
            .join(GradeRelease, col(GradeRelease.assignment_id) == col(Assignment.id))
            .join(GradeTotal, col(GradeTotal.class_id) == col(Assignment.class_id))
            .where(*begun)
            .distinct()
        )
        classes = (await session.execute(query)).all()
    for organization_id, class_id in classes:
        try:
            async with transaction(Actor.system(organization_id)) as session:
                await totals.refresh(session, await reading.read(session, class_id))
                publish_on_commit(session, topic("grades", class_id))
        except Exception:
            _log.exception("grades_not_revealed", class_id=str(class_id))
    return len(classes)

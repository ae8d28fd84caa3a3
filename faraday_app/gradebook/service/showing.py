"""Who sees the grades of one piece of work: what is posted of them, to whom they are released, and from when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service.access import standing, teaching
from faraday_app.core.clock import now
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.models import AssignmentPosting, Audience, Posting
from faraday_app.gradebook.service import grid, marks, posting, reading
from faraday_app.gradebook.service.posting import Released
from faraday_app.gradebook.service.structure import Structure, WorkOf
from faraday_app.gradebook.service.visibility import visible
from faraday_app.security.service.audit import Thing, record

GONE = "This assignment does not exist, or you cannot see it."


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the class: how many of its grades are there, and how many are posted."""

    id: UUID
    name: str
    graded: int
    posted: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What an audience sees: ``now`` of the posted grades. ``held`` it waits for ``begins``, or, None, for a word."""

    now: int
    held: bool
    begins: datetime | None


@dataclass(frozen=True, slots=True)
class Showing:
    """``students`` are those whom the work is for. ``own`` is its own way of posting, None: as the class does."""

    work: WorkOf
    students: int
    graded: int
    posted: int
    sections: tuple[Part, ...]
    own: Posting | None
    of_class: Posting
    sights: dict[Audience, Sight]
    released: dict[Audience, Released]


async def shown(session: AsyncSession, actor: Actor, class_id: UUID, assignment_id: UUID) -> Showing:
    """How it stands with one piece of work. For the staff of the class."""
    if not (await standing(session, actor, class_id, Permission.gradebook_read)).is_staff:
        raise NotPermitted("Only the staff of this class sees what is posted.")
    structure = await reading.read(session, class_id)
    work = _work(structure, assignment_id)
    people = [id for id in structure.sections if structure.due(work, id) is not None]
    theirs = await marks.of_class(session, class_id, people)
    given = {student: mark for (id, student), mark in theirs.items() if id == work.id and mark.says}
    names = {structure.sections[id]: name for id, _, name in await grid.people(session, structure) if name}
    parts = [
        Part(section, name, len(here), sum(given[id].posted_at is not None for id in here))
        for section, name in sorted(names.items(), key=lambda each: each[1])
        if section is not None
        for here in [[id for id in given if structure.sections[id] == section]]
    ]
    moment, releases = now(), structure.releases.get(work.id, {})
    sights = {}
    for audience in Audience:
        seen = sum(visible(mark.posted_at, releases, audience, moment) for mark in given.values())
        begins = releases.get(audience)
        held = audience in releases and (begins is None or begins > moment)
        sights[audience] = Sight(seen, held, begins if held else None)
    posted = sum(mark.posted_at is not None for mark in given.values())
    own, common = work.posting, structure.policy.posting
    released = {each: Released(each not in releases, releases.get(each)) for each in Audience}
    return Showing(work, len(people), len(given), posted, tuple(parts), own, common, sights, released)


async def post_by(
    session: AsyncSession, actor: Actor, class_id: UUID, assignment_id: UUID, how: Posting | None
) -> None:
    """How grades of this work are posted from now on; None: as the class does. What is there already stays as it is."""
    found = await teaching(session, actor, class_id, Permission.gradebook_manage)
    await reading.alone(session, class_id)
    if _work(await reading.read(session, class_id), assignment_id).posting is how:
        return
    if how is None:
        await session.execute(delete(AssignmentPosting).where(col(AssignmentPosting.assignment_id) == assignment_id))
    else:
        organization_id = found.school_class.organization_id
        values = {"id": new_id(), "created_at": now(), "organization_id": organization_id}
        row = insert(AssignmentPosting).values(**values, assignment_id=assignment_id, posting=how.value)
        again = row.on_conflict_do_update(index_elements=["assignment_id"], set_={"posting": how.value})
        await session.execute(again)
    record(session, actor, "grades.posted_by", Thing("assignments", assignment_id), how=how.value if how else "class")
    await reading.remember(session, await reading.read(session, class_id))
    publish_on_commit(session, topic("grades", class_id))


async def post_for_everyone(session: AsyncSession, actor: Actor, class_id: UUID, assignment_id: UUID) -> UUID | None:
    """Post what is graded of this work, and what will be graded as soon as it is."""
    await post_by(session, actor, class_id, assignment_id, Posting.automatic)
    return await posting.post(session, actor, class_id, [assignment_id])


async def hide(session: AsyncSession, actor: Actor, class_id: UUID, assignment_id: UUID) -> UUID | None:
    """Take this work's grades out of sight, and keep those that come later out of it until they are posted."""
    await post_by(session, actor, class_id, assignment_id, Posting.manual)
    return await posting.hide(session, actor, class_id, [assignment_id])


async def show_to_all(session: AsyncSession, actor: Actor, class_id: UUID, assignment_id: UUID) -> UUID | None:
    """Students and parents see all that is graded of this work, from this moment."""
    await teaching(session, actor, class_id, Permission.gradebook_manage)
    _work(await reading.read(session, class_id), assignment_id)
    for audience in Audience:
        await posting.release_when_posted(session, actor, assignment_id, audience)
    return await posting.post(session, actor, class_id, [assignment_id])


def _work(structure: Structure, assignment_id: UUID) -> WorkOf:
    work = structure.by_id.get(assignment_id)
    if work is None:
        raise NotFound(GONE)
    return work

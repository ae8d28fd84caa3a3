"""Who learns in a class. What became of each is told in the audit trail."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolled, Enrolment, SchoolClass, Section
from faraday_app.classes.service import changes
from faraday_app.classes.service.checking import members_named, must_be_current, must_be_few, name_of, names_of
from faraday_app.classes.service.classes import announce, changing
from faraday_app.classes.service.guardians import guardians_of
from faraday_app.classes.service.sections import within
from faraday_app.core.clock import now
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Role
from faraday_app.security.service import record

ONLY_STUDENTS = "Only students can learn in a class."


@dataclass(frozen=True, slots=True)
class EnrolmentDraft:
    status: Enrolled
    section_id: UUID | None = None


async def enrol(
    session: AsyncSession,
    actor: Actor,
    class_id: UUID,
    student_ids: Collection[UUID],
    section_id: UUID | None = None,
) -> int:
    """How many came newly or came back. Who is active already is left where they are."""
    school_class = (await changing(session, actor, class_id)).school_class
    must_be_few(student_ids)
    section = await within(session, class_id, section_id)
    there = await _of(session, class_id, student_ids)
    wanted = [id for id in dict.fromkeys(student_ids) if id not in there or there[id].status != Enrolled.active]
    names = await members_named(session, actor, wanted, (Role.student,), ONLY_STUDENTS)
    for student_id in wanted:
        details = _details(student_id, names[student_id], school_class, section)
        if enrolment := there.get(student_id):
            before = enrolment.status
            _become(enrolment, Enrolled.active, section_id)
            record(session, actor, "enrolment.changed", enrolment, before={"status": before}, **details)
        else:
            enrolment = Enrolment(
                organization_id=actor.organization, class_id=class_id, student_id=student_id, section_id=section_id
            )
            session.add(enrolment)
            record(session, actor, "enrolment.created", enrolment, **details)
    await session.flush()
    if wanted:
        await _announce(session, school_class, wanted)
    return len(wanted)


async def change(
    session: AsyncSession, actor: Actor, enrolment_id: UUID, version: int, draft: EnrolmentDraft
) -> Enrolment:
    """Give a student another status or section. Conflict when the version is old."""
    enrolment = await session.get(Enrolment, enrolment_id)
    if enrolment is None or enrolment.organization_id != actor.organization:
        raise NotFound("This student is not in the class.")
    school_class = (await changing(session, actor, enrolment.class_id)).school_class
    await session.refresh(enrolment)
    name = await name_of(session, enrolment.student_id)
    must_be_current(version, enrolment.version, f"the place of {name} in “{school_class.name}”")
    section = await within(session, enrolment.class_id, draft.section_id)
    if (enrolment.status, enrolment.section_id) != (draft.status, draft.section_id):
        await _change(session, actor, school_class, enrolment, draft, section, name)
        await _announce(session, school_class, [enrolment.student_id])
    return enrolment


async def set_status(
    session: AsyncSession, actor: Actor, class_id: UUID, student_ids: Collection[UUID], status: Enrolled
) -> int:
    """Of several students at once; how many changed. Whoever is withdrawn sees nothing of the class any more."""
    return await _change_many(
        session, actor, class_id, student_ids, lambda there: EnrolmentDraft(status, there.section_id)
    )


async def move(
    session: AsyncSession, actor: Actor, class_id: UUID, student_ids: Collection[UUID], section_id: UUID | None
) -> int:
    """Several students into a section, or out of any; how many changed."""
    return await _change_many(
        session, actor, class_id, student_ids, lambda there: EnrolmentDraft(Enrolled(there.status), section_id)
    )


async def places(
    session: AsyncSession, actor: Actor, class_id: UUID, student_ids: Collection[UUID]
) -> dict[UUID, EnrolmentDraft]:
    """Where these students are now, for whoever may change it: to put them back later."""
    await changing(session, actor, class_id)
    must_be_few(student_ids)
    there = await _of(session, class_id, student_ids)
    return {id: EnrolmentDraft(Enrolled(each.status), each.section_id) for id, each in there.items()}


async def put_back(session: AsyncSession, actor: Actor, class_id: UUID, wanted: Mapping[UUID, EnrolmentDraft]) -> int:
    """Each to where they were; how many changed."""
    return await _change_many(session, actor, class_id, wanted, lambda there: wanted[there.student_id])


async def _change_many(
    session: AsyncSession,
    actor: Actor,
    class_id: UUID,
    student_ids: Collection[UUID],
    draft_of: Callable[[Enrolment], EnrolmentDraft],
) -> int:
    school_class = (await changing(session, actor, class_id)).school_class
    must_be_few(student_ids)
    there = await _of(session, class_id, student_ids)
    names = await names_of(session, there)
    changed = []
    for student_id, enrolment in there.items():
        draft = draft_of(enrolment)
        if (enrolment.status, enrolment.section_id) == (draft.status, draft.section_id):
            continue
        section = await _kept(session, enrolment, draft)
        await _change(session, actor, school_class, enrolment, draft, section, names[student_id])
        changed.append(student_id)
    if changed:
        await _announce(session, school_class, changed)
    return len(changed)


async def _kept(session: AsyncSession, enrolment: Enrolment, draft: EnrolmentDraft) -> Section | None:
    """The section they stay in, or the one they come to, which must be one of the class."""
    if draft.section_id == enrolment.section_id:
        return await _whatever(session, draft.section_id)
    return await within(session, enrolment.class_id, draft.section_id)


async def _whatever(session: AsyncSession, section_id: UUID | None) -> Section | None:
    """The section by its id, whatever became of it."""
    return await session.get(Section, section_id) if section_id else None


async def _change(
    session: AsyncSession,
    actor: Actor,
    school_class: SchoolClass,
    enrolment: Enrolment,
    draft: EnrolmentDraft,
    section: Section | None,
    name: str,
) -> None:
    left = await _whatever(session, enrolment.section_id)
    before = {"status": enrolment.status, "section": left.name if left else ""}
    _become(enrolment, draft.status, draft.section_id)
    details = _details(enrolment.student_id, name, school_class, section, draft.status)
    record(session, actor, "enrolment.changed", enrolment, before=before, **details)


def _become(enrolment: Enrolment, status: Enrolled, section_id: UUID | None) -> None:
    if enrolment.status != status:
        enrolment.ended_at = None if status is Enrolled.active else now()
    enrolment.status, enrolment.section_id = status, section_id
    enrolment.version += 1


def _details(
    student_id: UUID, name: str, school_class: SchoolClass, section: Section | None, status: str = Enrolled.active
) -> dict[str, object]:
    after = {"status": str(status), "section": section.name if section else ""}
    return {"name": name, "user_id": str(student_id), "class_name": school_class.name, "after": after}


async def _of(session: AsyncSession, class_id: UUID, student_ids: Collection[UUID]) -> dict[UUID, Enrolment]:
    query = select(Enrolment).where(col(Enrolment.class_id) == class_id, col(Enrolment.student_id).in_(student_ids))
    return {each.student_id: each for each in await session.scalars(query)}


async def _announce(session: AsyncSession, school_class: SchoolClass, student_ids: Iterable[UUID]) -> None:
    """Also to their guardians, whose classes these are as well; and what is built on classes follows."""
    students = list(student_ids)
    await changes.decided(session, [school_class.id], students)
    announce(session, school_class, *students, *await guardians_of(session, students))

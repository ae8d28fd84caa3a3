"""What is needed for an assignment, of the library of its class."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service import access
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment, AssignmentMaterial, Material, MaterialFile, MaterialVersion
from faraday_app.coursework.service import copies, reading
from faraday_app.coursework.service.materials import giving
from faraday_app.coursework.service.materials.reaching import readable, touched
from faraday_app.coursework.service.materials.shelf import Entry, entries, latest
from faraday_app.security.service import record

MOST = 30


async def attach(session: AsyncSession, actor: Actor, assignment_id: UUID, material_ids: Sequence[UUID]) -> None:
    """Exactly these, in this order; none of another class."""
    assignment = await _own(session, actor, assignment_id)
    wanted = list(dict.fromkeys(material_ids))
    if len(wanted) > MOST:
        raise Invalid(f"An assignment can have {MOST} materials.", field="material_ids")
    theirs = select(col(Material.id)).where(
        col(Material.id).in_(wanted), col(Material.class_id) == assignment.class_id, col(Material.deleted_at).is_(None)
    )
    if len(list(await session.scalars(theirs))) != len(wanted):
        raise Invalid("One of these materials is not in the library of this class.", field="material_ids")
    await _put(session, actor, assignment, wanted)


async def add(session: AsyncSession, actor: Actor, assignment_id: UUID, material_ids: Sequence[UUID]) -> None:
    """These too, behind those that are there."""
    await _own(session, actor, assignment_id)
    await attach(session, actor, assignment_id, [*await _present(session, assignment_id), *material_ids])


async def take_away(session: AsyncSession, actor: Actor, assignment_id: UUID, material_id: UUID) -> None:
    """It stays in the library."""
    assignment = await _own(session, actor, assignment_id)
    there = await _present(session, assignment_id)
    if material_id in there:
        await _put(session, actor, assignment, [id for id in there if id != material_id])


async def move(session: AsyncSession, actor: Actor, assignment_id: UUID, material_id: UUID, steps: int) -> None:
    """Up (below zero) or down among the others; at the end it stays where it is."""
    assignment = await _own(session, actor, assignment_id)
    there = await _present(session, assignment_id)
    if material_id not in there:
        raise NotFound("This material is not attached any more.")
    place = there.index(material_id)
    there.insert(max(0, min(len(there) - 1, place + steps)), there.pop(place))
    await _put(session, actor, assignment, there)


async def attached_to(session: AsyncSession, actor: Actor, assignment_id: UUID) -> list[Entry]:
    """Those that the actor may read, in their order. Students and parents are shown none before the assignment is
    open, as its description."""
    seen = await reading.get(session, actor, assignment_id)
    if not seen.is_open:
        return []
    query = (
        entries()
        .join(AssignmentMaterial, col(AssignmentMaterial.material_id) == col(Material.id))
        .where(col(AssignmentMaterial.assignment_id) == assignment_id, readable(actor))
        .order_by(col(AssignmentMaterial.position), col(Material.id))
    )
    return [Entry(*row) for row in (await session.execute(query)).all()]


async def given_with(session: AsyncSession, assignment_id: UUID) -> list[tuple[MaterialVersion, MaterialFile | None]]:
    """What those who learn are handed out with it, as it is now: no draft, and nothing in quarantine. For whoever has
    asked already what one may see."""
    query = (
        entries()
        .join(AssignmentMaterial, col(AssignmentMaterial.material_id) == col(Material.id))
        .where(
            col(AssignmentMaterial.assignment_id) == assignment_id,
            col(Material.deleted_at).is_(None),
            ~col(Material.draft),
            ~col(Material.withheld),
        )
        .order_by(col(AssignmentMaterial.position), col(Material.id))
    )
    return [(row[1], row[2]) for row in (await session.execute(query)).all()]


async def needed_by(session: AsyncSession, material_id: UUID) -> list[Assignment]:
    """The assignments that name it, for whoever is about to take it away."""
    query = (
        select(Assignment)
        .join(AssignmentMaterial, col(AssignmentMaterial.assignment_id) == col(Assignment.id))
        .where(col(AssignmentMaterial.material_id) == material_id, col(Assignment.deleted_at).is_(None))
    )
    return list(await session.scalars(query.order_by(col(Assignment.title)).limit(20)))


async def copy_attached(session: AsyncSession, actor: Actor, copied: Mapping[UUID, UUID]) -> None:
    """A copy is given what its original is given. In another class that is what lies in that class's library: of the
    same kind, and called the same or holding the same."""
    del actor  # the work was theirs to copy, and nothing of another library is shown
    attached = (
        select(AssignmentMaterial, Material, MaterialVersion, MaterialFile)
        .join(Material, col(Material.id) == col(AssignmentMaterial.material_id))
        .join(MaterialVersion, latest())
        .outerjoin(MaterialFile, col(MaterialFile.id) == col(MaterialVersion.file_id))
        .where(col(AssignmentMaterial.assignment_id).in_(copied), col(Material.deleted_at).is_(None))
        .order_by(col(AssignmentMaterial.position), col(AssignmentMaterial.id))
    )
    rows = (await session.execute(attached)).all()
    known = await _here(session, copied.values(), [_signs(*row[1:]) for row in rows])
    found: dict[tuple[UUID, UUID], int] = {}
    for row, material, version, file in rows:
        id = next((known[each] for each in _signs(material, version, file) if each in known), None)
        if id is not None:
            found.setdefault((copied[row.assignment_id], id), row.position)
    for (assignment_id, material_id), position in found.items():
        session.add(
            AssignmentMaterial(
                organization_id=rows[0][0].organization_id,
                assignment_id=assignment_id,
                material_id=material_id,
                position=position,
            )
        )
    await session.flush()


copies.COPIED.append(copy_attached)


def _signs(material: Material, version: MaterialVersion, file: MaterialFile | None) -> list[tuple[str, str, str]]:
    """By what a material is known elsewhere: itself, its name, what it holds; the surest first."""
    holds = file.digest if file else version.url or version.body
    return [
        ("", "id", str(material.id)),
        (material.kind, "title", material.title.lower()),
        (material.kind, "is", holds),
    ]


async def _here(
    session: AsyncSession, assignment_ids: Collection[UUID], wanted: Sequence[Sequence[tuple[str, str, str]]]
) -> dict[tuple[str, str, str], UUID]:
    """The materials of the class of these assignments that have one of the signs, by each of their signs."""
    titles, holds = [{each[place][2] for each in wanted} for place in (1, 2)]
    their_class = select(col(Assignment.class_id)).where(col(Assignment.id).in_(assignment_ids))
    alike = or_(
        func.lower(col(Material.title)).in_(titles),
        *(each.in_(holds) for each in (col(MaterialFile.digest), col(MaterialVersion.url), col(MaterialVersion.body))),
    )
    query = entries().where(col(Material.class_id).in_(their_class), col(Material.deleted_at).is_(None), alike)
    found: dict[tuple[str, str, str], UUID] = {}
    for material, version, file, _ in (await session.execute(query.order_by(col(Material.id)))).all():
        for each in _signs(material, version, file):
            found.setdefault(each, material.id)
    return found


async def _own(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Assignment:
    """For a teacher of its class; the row is locked."""
    assignment = await session.get(Assignment, assignment_id, with_for_update=True)
    if assignment is None or assignment.deleted_at is not None:
        raise NotFound
    await access.teaching(session, actor, assignment.class_id, Permission.coursework_manage)
    return assignment


async def _present(session: AsyncSession, assignment_id: UUID) -> list[UUID]:
    """Without what was deleted from the library since."""
    query = (
        select(col(AssignmentMaterial.material_id))
        .join(Material, col(Material.id) == col(AssignmentMaterial.material_id))
        .where(col(AssignmentMaterial.assignment_id) == assignment_id, col(Material.deleted_at).is_(None))
        .order_by(col(AssignmentMaterial.position), col(Material.id))
    )
    return list(await session.scalars(query))


async def _put(session: AsyncSession, actor: Actor, assignment: Assignment, ids: Sequence[UUID]) -> None:
    """What is in the waste of the library stays attached, and comes back with it."""
    gone = select(col(Material.id)).where(col(Material.deleted_at).is_not(None))
    mine = col(AssignmentMaterial.assignment_id) == assignment.id
    await session.execute(delete(AssignmentMaterial).where(mine, col(AssignmentMaterial.material_id).not_in(gone)))
    session.add_all(
        AssignmentMaterial(
            organization_id=assignment.organization_id, assignment_id=assignment.id, material_id=id, position=position
        )
        for position, id in enumerate(ids)
    )
    await session.flush()
    record(session, actor, "assignment.materials_changed", assignment, materials=[str(id) for id in ids])
    await giving.changed(session, assignment.organization_id, [assignment.id])
    touched(session, assignment.class_id)

"""What is needed for an assignment, of the library of its class."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service import access
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment, AssignmentMaterial, Material
from faraday_app.coursework.service.materials.reaching import readable, touched
from faraday_app.security.service import record

MOST = 30


async def attach(session: AsyncSession, actor: Actor, assignment_id: UUID, material_ids: Sequence[UUID]) -> None:
    """Exactly these, in this order; none of another class."""
    assignment = await session.get(Assignment, assignment_id, with_for_update=True)
    if assignment is None or assignment.deleted_at is not None:
        raise NotFound
    await access.teaching(session, actor, assignment.class_id, Permission.coursework_manage)
    wanted = list(dict.fromkeys(material_ids))
    if len(wanted) > MOST:
        raise Invalid(f"An assignment can have {MOST} materials.", field="material_ids")
    theirs = select(col(Material.id)).where(
        col(Material.id).in_(wanted), col(Material.class_id) == assignment.class_id, col(Material.deleted_at).is_(None)
    )
    if len(list(await session.scalars(theirs))) != len(wanted):
        raise Invalid("One of these materials is not in the library of this class.", field="material_ids")
    await session.execute(delete(AssignmentMaterial).where(col(AssignmentMaterial.assignment_id) == assignment_id))
    session.add_all(
        AssignmentMaterial(
            organization_id=assignment.organization_id, assignment_id=assignment_id, material_id=id, position=position
        )
        for position, id in enumerate(wanted)
    )
    await session.flush()
    record(session, actor, "assignment.materials_changed", assignment, materials=[str(id) for id in wanted])
    touched(session, assignment.class_id)


async def attached_to(session: AsyncSession, actor: Actor, assignment_id: UUID) -> list[Material]:
    """Those that the actor may read, in their order. Whoever shows an assignment has asked whether they may see it."""
    query = (
        select(Material)
        .join(AssignmentMaterial, col(AssignmentMaterial.material_id) == col(Material.id))
        .where(col(AssignmentMaterial.assignment_id) == assignment_id, readable(actor))
        .order_by(col(AssignmentMaterial.position))
    )
    return list(await session.scalars(query))


async def needed_by(session: AsyncSession, material_id: UUID) -> list[Assignment]:
    """The assignments that name it, for whoever is about to take it away."""
    query = (
        select(Assignment)
        .join(AssignmentMaterial, col(AssignmentMaterial.assignment_id) == col(Assignment.id))
        .where(col(AssignmentMaterial.material_id) == material_id, col(Assignment.deleted_at).is_(None))
    )
    return list(await session.scalars(query.order_by(col(Assignment.title)).limit(20)))

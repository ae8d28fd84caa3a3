"""Whoever goes by the words that a class is given for an assignment hears that they are others now."""

from collections.abc import Awaitable, Callable, Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.coursework.models import AssignmentMaterial, Material

# Called in the same transaction, with the organisation and the assignments.
GIVEN: list[Callable[[AsyncSession, UUID, Collection[UUID]], Awaitable[None]]] = []


async def changed(session: AsyncSession, organization_id: UUID, assignment_ids: Collection[UUID]) -> None:
    for heard in GIVEN if assignment_ids else ():
        await heard(session, organization_id, assignment_ids)


async def material_changed(session: AsyncSession, material: Material) -> None:
    """It says something else now, is shown now, or is shown no more."""
    query = select(col(AssignmentMaterial.assignment_id)).where(col(AssignmentMaterial.material_id) == material.id)
    await changed(session, material.organization_id, list(await session.scalars(query)))

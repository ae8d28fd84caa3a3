"""Materials that an assignment needs, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.api.materials.schemas import MaterialOut, material_out
from faraday_app.coursework.service import materials, reading
from faraday_app.coursework.service.materials.attaching import MOST

router = APIRouter(prefix="/assignments/{assignment_id}/materials", tags=["assignments"])
Reader = Annotated[Actor, Depends(signed_in(Permission.materials_read))]
Teacher = Annotated[Actor, Depends(signed_in(Permission.coursework_manage))]


class AttachedIn(BaseModel):
    material_ids: list[UUID] = Field(max_length=MOST, description="In this order, of the library of its class.")


@router.get("", summary="List what an assignment needs", responses=problems(404, 422))
async def list_attached(actor: Reader, assignment_id: UUID) -> list[MaterialOut]:
    """In the teacher's order. Students and parents get what is shown to them at this moment."""
    async with transaction(actor) as session:
        return await _shown(session, actor, assignment_id)


@router.put("", summary="Say what an assignment needs", responses=problems(404, 409, 422))
async def attach(actor: Teacher, assignment_id: UUID, wanted: AttachedIn) -> list[MaterialOut]:
    """Exactly these."""
    async with transaction(actor) as session:
        await materials.attach(session, actor, assignment_id, wanted.material_ids)
        return await _shown(session, actor, assignment_id)


async def _shown(session: AsyncSession, actor: Actor, assignment_id: UUID) -> list[MaterialOut]:
    staff = (await reading.get(session, actor, assignment_id)).standing.is_staff
    found = await materials.attached_to(session, actor, assignment_id)
    return [material_out(each, staff=staff, whole=False) for each in found]

"""HTTP: who teaches a class and helps in it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.classes.api.classes import Keeper
from faraday_app.classes.api.terms import Reader
from faraday_app.classes.models import StaffRole
from faraday_app.classes.service import staff
from faraday_app.core.database import transaction
from faraday_app.core.http.description import problems

router = APIRouter(prefix="/classes/{class_id}/staff", tags=["classes"])


class StaffIn(BaseModel):
    role: StaffRole


class StaffOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    user_id: UUID
    name: str
    email: Annotated[str, Field(description="Empty for whoever is not of the staff.")]
    role: StaffRole


@router.get("", summary="List teachers and aides", responses=problems(404, 422))
async def list_staff(actor: Reader, class_id: UUID) -> list[StaffOut]:
    """Teachers first."""
    async with transaction(actor) as session:
        return [StaffOut.model_validate(each) for each in await staff.listed(session, actor, class_id)]


@router.put(
    "/{user_id}", status_code=204, summary="Make somebody a teacher or an aide", responses=problems(404, 409, 422)
)
async def put_staff(actor: Keeper, class_id: UUID, user_id: UUID, wanted: StaffIn) -> None:
    """Adds them, or changes what they are. 409 where it would leave the class without a teacher."""
    async with transaction(actor) as session:
        if not await staff.add(session, actor, class_id, [user_id], wanted.role):
            await staff.change_role(session, actor, class_id, user_id, wanted.role)


@router.delete("/{user_id}", status_code=204, summary="Take somebody off the staff", responses=problems(404, 409, 422))
async def remove_staff(actor: Keeper, class_id: UUID, user_id: UUID) -> None:
    """409 for the last teacher."""
    async with transaction(actor) as session:
        await staff.remove(session, actor, class_id, user_id)

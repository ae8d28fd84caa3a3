"""HTTP: who the caller is, and the members of their organisation."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Search
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.service import people
from faraday_app.organizations.service.looking import open_person
from faraday_app.organizations.service.people import PeopleFilter, Person

router = APIRouter()
Anybody = Annotated[Actor, Depends(signed_in(None))]
Reader = Annotated[Actor, Depends(signed_in(Permission.people_read))]


class MeOut(BaseModel):
    """The person behind the key or the session, and what it may do at this moment."""

    user_id: UUID
    name: str
    email: str
    role: Role
    department: str = Field(description="Empty when the person belongs to none.")
    organization_id: UUID
    organization: str
    permissions: list[Permission] = Field(examples=[["assistant:use", "credits:read"]])


class PersonOut(BaseModel):
    """A member of the organisation."""

    user_id: UUID
    name: str = Field(examples=["Maya Okafor"])
    email: str = Field(examples=["maya.okafor@example.org"])
    role: Role
    department_id: UUID | None
    department: str = Field(examples=["Science"])
    last_seen_at: datetime | None
    active: bool
    version: int = Field(description="Counts the changes to this membership.")


@router.get("/me", tags=["me"], summary="Who am I?")
async def get_me(actor: Anybody) -> MeOut:
    """Works with any key, whatever its scopes."""
    assert actor.role
    return MeOut(
        user_id=actor.user,
        name=actor.name,
        email=actor.email,
        role=actor.role,
        department=actor.department,
        organization_id=actor.organization,
        organization=actor.organization_name,
        permissions=sorted(actor.permissions),
    )


@router.get("/people", tags=["people"], summary="List people", responses=problems(422))
async def list_people(
    actor: Reader,
    text: Annotated[Search, Query(description="Part of a name or an e-mail address.")] = "",
    role: Role | None = None,
    department_id: UUID | None = None,
    active: Annotated[bool | None, Query(description="Leave out for both.")] = None,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[PersonOut]:
    """By name."""
    wanted = PeopleFilter(
        text=text, role=role or "", department_id=department_id, active=active, after=parsed(cursor, str, UUID)
    )
    async with transaction(actor) as session:
        found = await people.search(session, actor, wanted, limit + 1)
    return page(found, limit, _shown, "name", "user_id")


@router.get("/people/{user_id}", tags=["people"], summary="Get a person", responses=problems(404, 422))
async def get_person(actor: Reader, user_id: UUID) -> PersonOut:
    """That you looked is recorded; administrators see it in the audit trail."""
    async with transaction(actor) as session:
        return _shown(await open_person(session, actor, user_id))


def _shown(person: Person) -> PersonOut:
    return PersonOut(**asdict(person))

"""HTTP: the organisations of the installation, for platform administrators."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.core import mail
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.access import site_of
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Search, Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.http.parts import Part
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.platform.service import founding, overview

router = Part(prefix="/platform", tags=["platform"])
Reader = Annotated[Actor, Depends(signed_in(Permission.platform_read))]
Founder = Annotated[Actor, Depends(signed_in(Permission.organizations_manage))]


class OrganizationLineOut(BaseModel):
    """An organisation in the list: counts only."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str = Field(examples=["Hill School"])
    people: int = Field(description="Active members.")
    created_at: datetime
    active_at: datetime | None = Field(description="When anybody there last did anything.")
    credits_issued: int = Field(description="Micro-credits.")


class OrganizationOut(OrganizationLineOut):
    """One organisation in numbers."""

    time_zone: str
    roles: dict[Role, int]
    deactivated: int
    invited: int = Field(description="Open invitations.")
    departments: int
    signed_in: int = Field(description="Browsers that are signed in.")
    conversations: int
    credits_pool: int
    credits_wallets: int
    credits_spent: int


class AdministratorIn(BaseModel):
    """Who shall administer the organisation."""

    email: Annotated[Text, Field(max_length=254, examples=["olga.petrova@example.org"])]
    by_link: bool = Field(False, description="Answer with the link instead of mailing it.")


class OrganizationIn(AdministratorIn):
    name: Annotated[Text, Field(min_length=1, max_length=120, examples=["Lake School"])]


class FoundedOut(BaseModel):
    organization_id: UUID
    name: str
    email: str
    link: str = Field(description="Shown once; empty when it was mailed.")
    expires_at: datetime


@router.get("/organizations", summary="List organisations", responses=problems(422))
async def list_organizations(
    actor: Reader,
    text: Annotated[Search, Query(description="Part of a name.")] = "",
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[OrganizationLineOut]:
    """Newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await overview.list_organizations(session, actor, text, limit + 1, before[0] if before else None)
    return page(found, limit, OrganizationLineOut.model_validate, "id")


@router.post("/organizations", status_code=201, summary="Found an organisation", responses=problems(409, 422))
async def found_organization(actor: Founder, request: Request, wanted: OrganizationIn) -> FoundedOut:
    """With an invitation to its first administrator. You do not become a member, and see nothing of it but counts."""
    by_mail = mail.is_configured() and not wanted.by_link
    async with transaction(actor) as session:
        founded = await founding.found(session, actor, wanted.name, wanted.email, site_of(request), by_mail=by_mail)
    return FoundedOut(**asdict(founded))


@router.get("/organizations/{organization_id}", summary="Get an organisation", responses=problems(404, 422))
async def get_organization(actor: Reader, organization_id: UUID) -> OrganizationOut:
    async with transaction(actor) as session:
        found = await overview.figures(session, actor, organization_id)
    counted = {"people": found.people, "credits_issued": found.credits.issued, "credits_pool": found.credits.pool}
    rest = {"credits_wallets": found.credits.wallets, "credits_spent": found.credits.spent}
    return OrganizationOut(**asdict(found) | counted | rest)


@router.post(
    "/organizations/{organization_id}/administrator",
    status_code=201,
    summary="Invite the first administrator again",
    responses=problems(404, 409, 422),
)
async def invite_administrator(
    actor: Founder, request: Request, organization_id: UUID, wanted: AdministratorIn
) -> FoundedOut:
    """While nobody has joined. The link before stops working."""
    by_mail = mail.is_configured() and not wanted.by_link
    async with transaction(actor) as session:
        founded = await founding.invite_again(
            session, actor, organization_id, wanted.email, site_of(request), by_mail=by_mail
        )
    return FoundedOut(**asdict(founded))

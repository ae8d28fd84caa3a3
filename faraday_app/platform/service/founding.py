"""Founding an organisation: it begins with nobody but an invitation to its first administrator."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.database import as_faraday, enter_scope
from faraday_app.core.errors import Conflict, NotFound
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.models import Membership, Organization
from faraday_app.organizations.service import create_organization, invitations
from faraday_app.security.service import record


@dataclass(frozen=True, slots=True)
class Founded:
    """``link`` is shown once and is empty when it was mailed."""

    organization_id: UUID
    name: str
    email: str
    link: str
    expires_at: datetime


async def found(session: AsyncSession, actor: Actor, name: str, email: str, site: str, *, by_mail: bool) -> Founded:
    """A new organisation, and the way in for whoever administers it. Its founder is no member and sees nothing of it.

    Conflict when there is one of this name, so that a repeat founds no second one.
    """
    _may_found(actor)
    async with as_faraday(session):
        await session.execute(text("select pg_advisory_xact_lock(hashtext('faraday founding'))"))
        named = func.lower(Organization.name) == " ".join(name.split()).lower()
        if await session.scalar(select(col(Organization.id)).where(named).limit(1)):
            raise Conflict(f"There is an organisation named “{' '.join(name.split())}” already.")
        made = await create_organization(session, Actor.system(), name)
        founded = await _invite(session, actor, made, email, site, by_mail)
        _record(session, actor, "platform.organization_founded", made)
    await enter_scope(session, actor)
    return founded


async def invite_again(
    session: AsyncSession, actor: Actor, organization_id: UUID, email: str, site: str, *, by_mail: bool
) -> Founded:
    """Another invitation while nobody has joined; afterwards it is for the organisation itself to invite."""
    _may_found(actor)
    async with as_faraday(session):
        made = await session.get(Organization, organization_id)
        if made is None:
            raise NotFound("This organisation does not exist.")
        members = select(col(Membership.id)).where(col(Membership.organization_id) == organization_id).limit(1)
        if await session.scalar(members):
            raise Conflict("Somebody has joined: its administrators invite people from now on.")
        await enter_scope(session, Actor.system(made.id))
        for open_one in await invitations.open_invitations(session, _founder(actor, made)):
            await invitations.revoke_invitation(session, _founder(actor, made), open_one.id)
        founded = await _invite(session, actor, made, email, site, by_mail)
        _record(session, actor, "platform.administrator_invited", made)
    await enter_scope(session, actor)
    return founded


def _may_found(actor: Actor) -> None:
    actor.must(Permission.organizations_manage)
    if actor.api_key_id is None:
        actor.must_be_confirmed()


def _founder(actor: Actor, made: Organization) -> Actor:
    """Whoever founds, for as long as they do: what is written into the trail of the organisation names them."""
    faraday = Actor.system(made.id)
    return replace(faraday, user_id=actor.user, name=actor.name, address=actor.address, organization_name=made.name)


async def _invite(
    session: AsyncSession, actor: Actor, made: Organization, email: str, site: str, by_mail: bool
) -> Founded:
    founder = _founder(actor, made)
    invitation, token = await invitations.invite(session, founder, email, Role.administrator)
    if by_mail:
        await invitations.send(session, founder, invitation, token, site)
    link = "" if by_mail else f"{site}/invitation?token={token}"
    return Founded(made.id, made.name, invitation.email, link, invitation.expires_at)


def _record(session: AsyncSession, actor: Actor, action: str, made: Organization) -> None:
    """Into Faraday's own chain, which belongs to no organisation. Addresses of people stay in the organisation's."""
    record(session, replace(actor, organization_id=None), action, made, name=made.name)

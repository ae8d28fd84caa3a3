"""What is checked the same way wherever somebody enters something about classes."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.models import Membership

MOST_AT_ONCE = 200
SCHOOL_STAFF = tuple(role for role in Role if role not in (Role.student, Role.parent))
MAY_TEACH = (Role.administrator, Role.head, Role.teacher)


def line(text: str, most: int, field: str, *, needed: bool = True) -> str:
    """One line of text without spaces around it. Invalid when it is too long, or empty where it is needed."""
    cleaned = " ".join(text.replace("\x00", "").split())
    if needed and not cleaned:
        raise Invalid(f"Enter a {field} of up to {most} characters.", field=field)
    if len(cleaned) > most:
        raise Invalid(f"The {field} can have up to {most} characters.", field=field)
    return cleaned


def must_be_current(version: int, there: int, what: str) -> None:
    if version != there:
        raise Conflict(f"Somebody else changed {what} meanwhile. Look again and repeat your change.")


def must_be_few(ids: Collection[UUID]) -> None:
    if len(ids) > MOST_AT_ONCE:
        raise Invalid(f"Choose up to {MOST_AT_ONCE} people at once.")


async def members_named(
    session: AsyncSession, actor: Actor, user_ids: Collection[UUID], roles: Collection[Role], needed: str
) -> dict[UUID, str]:
    """The names of active members who have one of these roles. NotFound for others, Invalid for another role."""
    query = (
        select(col(User.id), col(User.name), col(Membership.role))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(
            col(Membership.organization_id) == actor.organization,
            col(Membership.deactivated_at).is_(None),
            col(User.id).in_(user_ids),
        )
    )
    found = {id: (name, Role(role)) for id, name, role in await session.execute(query)}
    if set(user_ids) - set(found):
        raise NotFound("Somebody of these people is not a member here.")
    for name, role in found.values():
        if role not in roles:
            raise Invalid(f"{name} is {_spoken(role)}. {needed}")
    return {id: name for id, (name, _) in found.items()}


def _spoken(role: Role) -> str:
    return f"an {role.label.lower()}" if role in (Role.administrator, Role.aide) else f"a {role.label.lower()}"


async def names_of(session: AsyncSession, user_ids: Collection[UUID]) -> dict[UUID, str]:
    rows = await session.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(user_ids)))
    return {row[0]: row[1] for row in rows}


async def name_of(session: AsyncSession, user_id: UUID) -> str:
    return str(await session.scalar(select(col(User.name)).where(col(User.id) == user_id)) or "")

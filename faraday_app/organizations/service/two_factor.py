"""The second step of signing in, showing again who one is, and resetting the factors of others."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.accounts.service import changes, factors
from faraday_app.core import mail
from faraday_app.core.database import enter_scope, transaction
from faraday_app.core.errors import Conflict, Invalid, NotSignedIn
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.models import Membership
from faraday_app.organizations.service import people
from faraday_app.organizations.service.identity import member
from faraday_app.organizations.service.sign_in import admit
from faraday_app.security.models import SignInTicket
from faraday_app.security.service import attempts, record, sessions, tickets
from faraday_app.security.service.devices import Browser

WRONG = "This code is not right, or it was used before."
PASSWORD = "password"  # the name of a way, not a secret  # noqa: S105  # pragma: allowlist secret
MAIL = "mail"


async def ways_of(session: AsyncSession, ticket: SignInTicket) -> list[str]:
    """How the holder of a ticket may go on; e-mail is the last resort where it can leave."""
    found = (await factors.standing(session, ticket.user_id)).ways
    return [*found, MAIL] if mail.is_configured() else found


async def pass_second(
    token: str,
    way: str,
    code: str,
    challenge: bytes | None,
    address: str,
    user_agent: str,
    browser: Browser | None = None,
) -> str:
    """The token of a session for the holder of a ticket who shows a second factor. The ticket works once."""
    faraday = replace(Actor.system(), address=address)
    async with transaction(faraday) as session:
        ticket = await tickets.take_try(session, token)
        await attempts.take_factor_attempt(session, ticket.user_id)
    async with transaction(faraday) as session:
        actor = await member(session, ticket.user_id, ticket.organization_id)
        if actor is None:
            raise tickets.TicketGone
        if await _is_right(session, token, ticket.user_id, way, code, challenge):
            await tickets.use_ticket(session, token)
            await attempts.give_back_factor(session, ticket.user_id)
            return await _let_in(session, actor, way, address, user_agent, browser)
        record(session, replace(actor, address=address), "session.refused", method=way)
    raise Invalid(WRONG, field="code")


async def post_code(token: str) -> None:
    """Send six digits to the holder of a ticket."""
    if not mail.is_configured():
        raise Invalid("No e-mail can be sent from here. Choose another way.")
    async with transaction(Actor.system()) as session:
        code = await tickets.new_mail_code(session, token)
        ticket = await tickets.find_ticket(session, token)
        user = await session.get_one(User, ticket.user_id) if ticket else None
        if user is None:
            raise tickets.TicketGone
        text = f"{code} is your code to sign in to Faraday.\n\nIt works once, for ten minutes.\n{changes.UNEXPECTED}\n"
        await mail.post(session, user.email, "Your code to sign in", text)


async def ways_to_confirm(session: AsyncSession, actor: Actor) -> list[str]:
    """How the actor shows that it is them: a factor where they have one, else the password."""
    return (await factors.standing(session, actor.user)).ways or [PASSWORD]


async def confirm(actor: Actor, way: str, code: str, challenge: bytes | None) -> str:
    """The new token of the actor's session, once they have shown again who they are; empty when it just got one."""
    faraday = Actor.system(actor.organization)
    if actor.session_id is None:
        raise NotSignedIn
    async with transaction(faraday) as session:
        await attempts.take_factor_attempt(session, actor.user)
    async with transaction(faraday) as session:
        if await _is_shown(session, actor, way, code, challenge):
            await attempts.give_back_factor(session, actor.user)
            record(session, actor, "session.confirmed", method=way)
            return await sessions.confirm_session(session, actor.session_id)
        record(session, actor, "session.not_confirmed", method=way)
    raise Invalid("This is not right. Please try again.", field="code")


async def reset(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """Remove every factor of a member who has lost theirs. Not of somebody whom other organisations rely on too."""
    actor.must(Permission.people_manage)
    actor.must_be_confirmed()
    if user_id == actor.user_id:
        raise Invalid("Change your own factors on your account page.")
    person = await people.get_person(session, actor, user_id)
    await enter_scope(session, Actor.system(actor.organization))
    if await _memberships(session, user_id) > 1:
        raise Conflict(f"{person.name} belongs to other organisations too. Only they can change their factors.")
    if not await factors.remove_all(session, user_id):
        raise Invalid(f"{person.name} has no second factor.")
    await enter_scope(session, actor)
    target = await session.get(User, user_id)
    record(session, actor, "factor.reset", target, name=person.name)
    title = "An administrator removed your second factors"
    await changes.notify(session, actor.organization, user_id, "factor.reset", title)
    changes.tell_pages(session, actor.organization, user_id)


async def _is_right(
    session: AsyncSession, token: str, user_id: UUID, way: str, code: str, challenge: bytes | None
) -> bool:
    if way == MAIL:
        return await tickets.use_mail_code(session, token, code.strip())
    return await factors.check(session, user_id, way, code, challenge)


async def _let_in(
    session: AsyncSession, actor: Actor, way: str, address: str, user_agent: str, browser: Browser | None
) -> str:
    if way == "backup":
        left = (await factors.standing(session, actor.user)).codes_left
        record(session, replace(actor, address=address), "backup_code.used", left=left)
        title = f"A backup code was used to sign in. {left} left."
        await changes.notify(session, actor.organization, actor.user, "backup_code.used", title)
        changes.tell_pages(session, actor.organization, actor.user)
    user = await session.get_one(User, actor.user)
    membership = await session.scalar(
        select(Membership).where(
            col(Membership.user_id) == user.id, col(Membership.organization_id) == actor.organization
        )
    )
    assert membership
    return await admit(session, user, membership, address, user_agent, browser=browser)


async def _is_shown(session: AsyncSession, actor: Actor, way: str, code: str, challenge: bytes | None) -> bool:
    if way not in await ways_to_confirm(session, actor):
        return False
    if way == PASSWORD:
        return await accounts.check_password(await session.get(User, actor.user), code)
    return await factors.check(session, actor.user, way, code, challenge)


async def _memberships(session: AsyncSession, user_id: UUID) -> int:
    return int(
        await session.scalar(
            select(func.count()).where(col(Membership.user_id) == user_id, col(Membership.deactivated_at).is_(None))
        )
        or 0
    )

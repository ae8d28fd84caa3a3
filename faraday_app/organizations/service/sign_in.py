"""Sign in with e-mail and password or with a passkey; sign out."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.accounts.service import factors, passkeys
from faraday_app.accounts.service.passkeys import Signature
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotSignedIn
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.organizations.models import Membership
from faraday_app.organizations.service.identity import member
from faraday_app.security.service import attempts, record, sessions, tickets

REFUSAL = "E-mail or password is wrong."
TICKET_COOKIE = f"{'__Host-' if settings().secure else ''}faraday-ticket"


@dataclass(frozen=True, slots=True)
class Admission:
    """The token of a session, or that of a ticket for the page that asks for the second factor."""

    token: str = ""
    ticket: str = ""


class SecondFactorNeeded(NotSignedIn):
    """The password was right. The ticket leads on at ``/sign-in/verify``."""

    title = "Please show your second factor"

    def __init__(self, ticket: str) -> None:
        super().__init__()
        self.ticket = ticket


async def sign_in(email: str, password: str, address: str, user_agent: str) -> str:
    """The token of a new session. A wrong password and an unknown person are refused alike, in words and in time.

    SecondFactorNeeded, which nobody gets without the right password, for a person who has one.
    """
    admission = await _with_password(email, password, address, user_agent)
    if admission.ticket:
        raise SecondFactorNeeded(admission.ticket)
    return admission.token


async def _with_password(email: str, password: str, address: str, user_agent: str) -> Admission:
    faraday = replace(Actor.system(), address=address)
    async with transaction(faraday) as session:
        await attempts.take_attempt(session, email, address)
    async with transaction(faraday) as session:
        user = await accounts.find_user(session, email)
        membership = user and await _membership(session, user)
        right = await accounts.check_password(user, password)
        if user and membership and right:
            await attempts.give_back(session, user.email, address)
            return await begin(session, user, membership, address, user_agent)
        acting = replace(faraday, organization_id=membership.organization_id) if membership else faraday
        record(session, acting, "session.refused", user)
    raise NotSignedIn(REFUSAL)


async def sign_in_with_passkey(signed: Signature, address: str, user_agent: str) -> str:
    """The token of a new session. A passkey whose device has verified its person is both factors at once."""
    faraday = replace(Actor.system(), address=address)
    async with transaction(faraday) as session:
        await attempts.take_passkey_attempt(session, address)
    async with transaction(faraday) as session:
        user = await passkeys.whose(session, signed)
        membership = user and await _membership(session, user)
        if user and membership:
            await attempts.give_back_passkey(session, address)
            return await admit(session, user, membership, address, user_agent)
        record(session, faraday, "session.refused", method="passkey")
    raise NotSignedIn(passkeys.REFUSED)


async def sign_out(session: AsyncSession, actor: Actor) -> None:
    """End this session, in every tab of the browser at once."""
    if actor.session_id:
        await sessions.revoke_session(session, actor.session_id)
        record(session, actor, "session.ended")


async def begin(session: AsyncSession, user: User, membership: Membership, address: str, user_agent: str) -> Admission:
    """Let somebody in who has shown one factor (a password, a reset link, an identity provider that asked for one).

    Whoever has a second factor gets a ticket instead of a session: the route answers with ``admission.go_on``, which
    sets the right cookie and leads to the right page. Use ``admit`` where both factors have been shown.
    """
    if await factors.has_any(session, user.id):
        return Admission(ticket=await tickets.open_ticket(session, user.id, membership.organization_id))
    return Admission(token=await admit(session, user, membership, address, user_agent))


async def admit(session: AsyncSession, user: User, membership: Membership, address: str, user_agent: str) -> str:
    """The token of a new session for somebody who has shown who they are, by whatever means."""
    row, token = await sessions.open_session(session, user.id, membership.organization_id, address, user_agent)
    actor = await member(session, user.id, membership.organization_id)
    if actor:
        record(session, replace(actor, address=address), "session.opened", row)
    return token


async def _membership(session: AsyncSession, user: User) -> Membership | None:
    return await session.scalar(
        select(Membership)
        .where(col(Membership.user_id) == user.id, col(Membership.deactivated_at).is_(None))
        .order_by(col(Membership.id))
        .limit(1)
    )

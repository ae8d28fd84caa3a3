"""Sign in with e-mail and password; sign out."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.accounts.service import factors, passkeys
from faraday_app.accounts.service.passkeys import Signature
from faraday_app.core.abuse import Violation, abuse
from faraday_app.core.addresses import gate
from faraday_app.core.crypto import token_hash
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotSignedIn
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.pace import Pace
from faraday_app.core.permissions import Actor, Role
from faraday_app.core.settings import settings
from faraday_app.organizations.models import Membership
from faraday_app.organizations.service.identity import member
from faraday_app.security.service import attempts, devices, record, sessions, tickets
from faraday_app.security.service.devices import Browser

REFUSAL = "E-mail or password is wrong."
REFUSED_AFTER = 0.5  # seconds: longer than looking at a password takes
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


async def sign_in(
    email: str, password: str, address: str, user_agent: str, device: str = "", browser: Browser | None = None
) -> str:
    """The token of a new session. A wrong password and an unknown person are refused alike, in words and in time.

    SecondFactorNeeded, which nobody gets without the right password, for a person who has one. ``device``: the name
    of a browser from which this person has signed in before.
    """
    admission = await _with_password(email, password, address, user_agent, device, browser)
    if admission.ticket:
        raise SecondFactorNeeded(admission.ticket)
    return admission.token


async def _with_password(
    email: str, password: str, address: str, user_agent: str, device: str, browser: Browser | None
) -> Admission:
    faraday = replace(Actor.system(), address=address)
    async with transaction(faraday) as session:
        await attempts.take_attempt(session, email, address, device)
    pace = Pace(REFUSED_AFTER)
    async with transaction(faraday) as session:
        user, membership = await _found(session, email)
        right = await accounts.check_password(user, password)
        if user and membership and right:
            await attempts.give_back(session, user.email, address, device)
            return await begin(session, user, membership, address, user_agent, browser=browser)
        acting = replace(faraday, organization_id=membership.organization_id) if membership else faraday
        record(session, acting, "session.refused", user)
        if membership is None:
            publish_on_commit(session, topic("audit", new_id()))  # heard by nobody; takes as long as the other
    abuse.note(address, Violation.sign_in, token_hash(email.strip().lower())[:16], acting.organization_id)
    await pace.over()
    raise NotSignedIn(REFUSAL)


async def sign_in_with_passkey(signed: Signature, address: str, user_agent: str, browser: Browser | None = None) -> str:
    """The token of a new session. A passkey whose device has verified its person is both factors at once."""
    faraday = replace(Actor.system(), address=address)
    async with transaction(faraday) as session:
        await attempts.take_passkey_attempt(session, address)
    async with transaction(faraday) as session:
        user = await passkeys.whose(session, signed)
        membership = user and await membership_of(session, user.id)
        if user and membership:
            await attempts.give_back_passkey(session, address)
            return await admit(session, user, membership, address, user_agent, method="passkey", browser=browser)
        record(session, faraday, "session.refused", method="passkey")
    abuse.note(address, Violation.sign_in, "passkey", None)
    raise NotSignedIn(passkeys.REFUSED)


async def sign_out(session: AsyncSession, actor: Actor) -> None:
    """End this session, in every tab of the browser at once."""
    if actor.session_id:
        await sessions.revoke_session(session, actor.session_id)
        record(session, actor, "session.ended")


async def begin(
    session: AsyncSession,
    user: User,
    membership: Membership,
    address: str,
    user_agent: str,
    *,
    method: str = "password",
    browser: Browser | None = None,
) -> Admission:
    """Let somebody in who has shown one factor (a password, an identity provider that asked for one).

    Whoever has a second factor gets a ticket instead of a session: the route answers with ``admission.go_on``, which
    sets the right cookie and leads to the right page. Use ``admit`` where both factors have been shown.
    """
    if await factors.has_any(session, user.id):
        return Admission(ticket=await tickets.open_ticket(session, user.id, membership.organization_id))
    return Admission(token=await admit(session, user, membership, address, user_agent, method=method, browser=browser))


async def admit(
    session: AsyncSession,
    user: User,
    membership: Membership,
    address: str,
    user_agent: str,
    *,
    method: str = "password",
    browser: Browser | None = None,
) -> str:
    """The token of a new session for somebody who has shown who they are, by whatever ``method``.

    The session that the browser had until now ends. A browser the person never used before is told to them.
    """
    browser, where = browser or Browser(), membership.organization_id
    staff = membership.role not in (Role.student, Role.parent)
    await gate.must_be_admitted(address, where, staff=staff, api=False)
    await sessions.revoke_token(session, browser.session_token)
    found = await devices.recognise(session, user.id, where, user_agent, browser)
    row, token = await sessions.open_session(
        session, user.id, where, address, user_agent, method=method, browser=browser, device_id=found.device_id
    )
    if actor := await member(session, user.id, where):
        record(session, replace(actor, address=address), "session.opened", row, method=method, device=row.device_name)
        abuse.greet(address, user.id)
    if found.is_strange:
        await devices.warn(session, row)
    return token


async def membership_of(session: AsyncSession, user_id: UUID) -> Membership | None:
    """The membership a person acts in: the first active one."""
    return await session.scalar(
        select(Membership)
        .where(col(Membership.user_id) == user_id, col(Membership.deactivated_at).is_(None))
        .order_by(col(Membership.id))
        .limit(1)
    )


async def _found(session: AsyncSession, email: str) -> tuple[User | None, Membership | None]:
    """As many questions to the database for nobody as for somebody."""
    user = await accounts.find_user(session, email)
    membership = await membership_of(session, user.id if user else new_id())
    return user, membership

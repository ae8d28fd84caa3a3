"""Sign in with e-mail and password; sign out."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotSignedIn
from faraday_app.core.permissions import Actor
from faraday_app.organizations.models import Membership
from faraday_app.organizations.service.identity import member
from faraday_app.security.service import attempts, devices, record, sessions
from faraday_app.security.service.devices import Browser

REFUSAL = "E-mail or password is wrong."


async def sign_in(email: str, password: str, address: str, user_agent: str, browser: Browser | None = None) -> str:
    """The token of a new session. A wrong password and an unknown person are refused alike, in words and in time."""
    faraday = replace(Actor.system(), address=address)
    async with transaction(faraday) as session:
        await attempts.take_attempt(session, email, address)
    async with transaction(faraday) as session:
        user = await accounts.find_user(session, email)
        membership = user and await _membership(session, user)
        right = await accounts.check_password(user, password)
        if user and membership and right:
            await attempts.give_back(session, user.email, address)
            return await admit(session, user, membership, address, user_agent, browser=browser)
        acting = replace(faraday, organization_id=membership.organization_id) if membership else faraday
        record(session, acting, "session.refused", user)
    raise NotSignedIn(REFUSAL)


async def sign_out(session: AsyncSession, actor: Actor) -> None:
    """End this session, in every tab of the browser at once."""
    if actor.session_id:
        await sessions.revoke_session(session, actor.session_id)
        record(session, actor, "session.ended")


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
    await sessions.revoke_token(session, browser.session_token)
    found = await devices.recognise(session, user.id, where, user_agent, browser)
    row, token = await sessions.open_session(
        session, user.id, where, address, user_agent, method=method, browser=browser, device_id=found.device_id
    )
    if actor := await member(session, user.id, where):
        record(session, replace(actor, address=address), "session.opened", row, method=method, device=row.device_name)
    if found.is_strange:
        await devices.warn(session, row)
    return token


async def _membership(session: AsyncSession, user: User) -> Membership | None:
    return await session.scalar(
        select(Membership)
        .where(col(Membership.user_id) == user.id, col(Membership.deactivated_at).is_(None))
        .order_by(col(Membership.id))
        .limit(1)
    )

"""Links that are sent to a person: good once, for a limited time, for one purpose, known here by a hash alone."""

from datetime import timedelta

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import AccountLink, Purpose, User
from faraday_app.core.clock import now
from faraday_app.core.crypto import new_token, token_hash
from faraday_app.core.errors import NotFound

GOOD_FOR = {
    Purpose.change_email: timedelta(hours=24),
    Purpose.reset_password: timedelta(minutes=30),
    Purpose.verify_email: timedelta(hours=24),
}
GONE = "This link has expired or was already used. Ask for a new one."
_KEPT_FOR = timedelta(days=7)


async def make(session: AsyncSession, user: User, purpose: Purpose, email: str = "") -> str:
    """The token of a new link. It proves the address it is sent to: the person's own unless another is named."""
    token = new_token()
    session.add(
        AccountLink(
            user_id=user.id,
            purpose=purpose,
            email=email or user.email,
            token_hash=token_hash(token),
            expires_at=now() + GOOD_FOR[purpose],
        )
    )
    return token


async def take(session: AsyncSession, token: str, *purposes: Purpose) -> tuple[AccountLink, User]:
    """Use a link up, and find whose it is. One of many at once: the others, like anything else, are not found."""
    link = await session.scalar(
        update(AccountLink)
        .where(
            col(AccountLink.token_hash) == token_hash(token),
            col(AccountLink.purpose).in_(purposes),
            col(AccountLink.used_at).is_(None),
            col(AccountLink.expires_at) > now(),
        )
        .values(used_at=now())
        .returning(AccountLink)
    )
    if link is None:
        raise NotFound(GONE)
    return link, await session.get_one(User, link.user_id, with_for_update=True)


async def end(session: AsyncSession, user: User, *purposes: Purpose) -> None:
    """No open link of these kinds works any more."""
    await session.execute(
        update(AccountLink)
        .where(
            col(AccountLink.user_id) == user.id,
            col(AccountLink.purpose).in_(purposes),
            col(AccountLink.used_at).is_(None),
        )
        .values(used_at=now())
    )


async def forget_old(session: AsyncSession) -> None:
    await session.execute(delete(AccountLink).where(col(AccountLink.expires_at) < now() - _KEPT_FOR))

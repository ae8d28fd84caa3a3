"""People and their addresses."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.accounts.service.passwords import NO_PASSWORD, checked_password, hashed
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotPermitted
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record


def clean_email(text: str) -> str:
    """An address as it is stored and compared: trimmed and lower case."""
    email = text.strip().lower()
    local, _, domain = email.partition("@")
    odd = any(sign.isspace() or not sign.isprintable() or sign in ",;<>()" for sign in email)
    if not local or "." not in domain or "@" in domain or len(email) > 254 or odd:
        raise Invalid("Enter an e-mail address such as name@school.org.", field="email")
    return email


def clean_name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 120:
        raise Invalid("Enter a name of up to 120 characters.", field="name")
    return name


async def create_user(
    session: AsyncSession, actor: Actor, name: str, email: str, password: str | None, *about: str
) -> User:
    """A new person. Conflict when the address is taken. No password: they sign in by other means.

    ``about``: what else may not carry the password, such as the organisation's name.
    """
    email, name = clean_email(email), clean_name(name)
    if await find_user(session, email):
        raise Conflict(f"{email} already has an account.")
    kept = NO_PASSWORD if password is None else await hashed(await checked_password(password, name, email, *about))
    user = User(name=name, email=email, password_hash=kept)
    session.add(user)
    await session.flush()
    record(session, actor, "user.created", user, name=user.name)
    return user


async def appoint_platform_admin(session: AsyncSession, actor: Actor, user: User) -> None:
    """Make a person responsible for the installation itself. For Faraday alone: at set-up, and from its console."""
    if not actor.is_system:
        raise NotPermitted
    user.platform_admin = True
    record(session, actor, "platform.admin_appointed", user, name=user.name)
    publish_on_commit(session, topic("rights", user.id))


async def withdraw_platform_admin(session: AsyncSession, actor: Actor, user: User) -> None:
    """Take that from them again, at once. For Faraday alone."""
    if not actor.is_system:
        raise NotPermitted
    user.platform_admin = False
    record(session, actor, "platform.admin_withdrawn", user, name=user.name)
    publish_on_commit(session, topic("rights", user.id))


async def find_user(session: AsyncSession, email: str) -> User | None:
    return await session.scalar(select(User).where(col(User.email) == email.strip().lower()))


async def note_seen(session: AsyncSession, user_id: UUID) -> None:
    """Remember that the person is here now; written at most once a minute."""
    await session.execute(
        update(User)
        .where(
            col(User.id) == user_id,
            col(User.last_seen_at).is_(None) | (col(User.last_seen_at) < now() - timedelta(minutes=1)),
        )
        .values(last_seen_at=now())
    )

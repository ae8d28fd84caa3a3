"""People and their passwords."""

import asyncio
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.clock import now
from faraday_app.core.crypto import new_token
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

SHORTEST_PASSWORD = 10
_hasher = PasswordHasher()


def clean_email(text: str) -> str:
    """An address as it is stored and compared: trimmed and lower case."""
    email = text.strip().lower()
    local, _, domain = email.partition("@")
    if not local or "." not in domain or len(email) > 254 or any(sign.isspace() for sign in email):
        raise Invalid("Enter an e-mail address such as name@school.org.", field="email")
    return email


def clean_name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 120:
        raise Invalid("Enter a name of up to 120 characters.", field="name")
    return name


def clean_password(text: str) -> str:
    if len(text) < SHORTEST_PASSWORD:
        raise Invalid(f"Choose a password of at least {SHORTEST_PASSWORD} characters.", field="password")
    if len(text) > 500:
        raise Invalid("This password is too long.", field="password")
    return text


async def create_user(session: AsyncSession, actor: Actor, name: str, email: str, password: str) -> User:
    """A new person. Conflict when the address is taken."""
    email = clean_email(email)
    if await find_user(session, email):
        raise Conflict(f"{email} already has an account.")
    hashed = await asyncio.to_thread(_hasher.hash, clean_password(password))
    user = User(name=clean_name(name), email=email, password_hash=hashed)
    session.add(user)
    await session.flush()
    record(session, actor, "user.created", user, name=user.name)
    return user


async def find_user(session: AsyncSession, email: str) -> User | None:
    return await session.scalar(select(User).where(col(User.email) == email.strip().lower()))


async def check_password(user: User | None, password: str) -> bool:
    """Whether the password is this person's. Takes as long for nobody as for somebody."""
    hashed = user.password_hash if user else await asyncio.to_thread(_nobodys_hash)
    try:
        await asyncio.to_thread(_hasher.verify, hashed, password)
    except (VerificationError, InvalidHashError):
        return False
    return user is not None


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


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash(new_token())

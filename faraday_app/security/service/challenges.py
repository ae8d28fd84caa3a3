"""What passkeys sign: made here, kept here, taken once by the browser that asked."""

import secrets
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.crypto import new_token, token_hash
from faraday_app.core.errors import Invalid
from faraday_app.security.models import Challenge

VALID_FOR = timedelta(minutes=5)
_BYTES = 32


async def new_challenge(session: AsyncSession, purpose: str) -> tuple[str, bytes]:
    """The token for the browser's cookie, and the value to sign; sweeps those that have expired."""
    await session.execute(delete(Challenge).where(col(Challenge.expires_at) < now()))
    token, value = new_token(), secrets.token_bytes(_BYTES)
    session.add(Challenge(token_hash=token_hash(token), purpose=purpose, value=value, expires_at=now() + VALID_FOR))
    await session.flush()
    return token, value


async def take_challenge(session: AsyncSession, token: str, purpose: str) -> bytes:
    """Once, however many ask; Invalid for another purpose, another browser, or too late."""
    value: bytes | None = await session.scalar(
        delete(Challenge)
        .where(
            col(Challenge.token_hash) == token_hash(token),
            col(Challenge.purpose) == purpose,
            col(Challenge.expires_at) > now(),
        )
        .returning(col(Challenge.value))
    )
    if value is None:
        raise Invalid("This took too long. Please try your passkey again.")
    return value

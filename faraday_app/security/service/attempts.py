"""Failed sign-ins make the next one wait: per e-mail and per address, whether or not the person exists.

An attempt is counted before the password is looked at and taken back when it was right,
so that many at once cannot slip through together.
"""

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import LimitReached
from faraday_app.security.models import SignInFailures

FREE_PER_EMAIL = 3
FREE_PER_ADDRESS = 60
FREE_PER_FACTOR = 5
LONGEST_WAIT = 900  # seconds
FORGET_AFTER = timedelta(hours=24)


async def take_attempt(session: AsyncSession, email: str, address: str) -> None:
    """Count an attempt. LimitReached, with the seconds to wait, while earlier ones still block."""
    await _count(session, _key("email", email), FREE_PER_EMAIL)
    await _count(session, _key("address", address), FREE_PER_ADDRESS)


async def give_back(session: AsyncSession, email: str, address: str) -> None:
    """The password was right: forget this person's failures, and this one attempt of the address."""
    await session.execute(delete(SignInFailures).where(col(SignInFailures.key) == _key("email", email)))
    await _less_one(session, address)


async def take_factor_attempt(session: AsyncSession, user_id: UUID) -> None:
    """Count a try of a person's second factor, or of showing again who they are. LimitReached as above."""
    await _count(session, _key("factor", str(user_id)), FREE_PER_FACTOR)


async def give_back_factor(session: AsyncSession, user_id: UUID) -> None:
    await session.execute(delete(SignInFailures).where(col(SignInFailures.key) == _key("factor", str(user_id))))


async def take_passkey_attempt(session: AsyncSession, address: str) -> None:
    """A passkey names its person only when it is right: the tries of an address are counted."""
    await _count(session, _key("address", address), FREE_PER_ADDRESS)


async def give_back_passkey(session: AsyncSession, address: str) -> None:
    await _less_one(session, address)


async def forget_old(session: AsyncSession) -> None:
    await session.execute(delete(SignInFailures).where(col(SignInFailures.last_at) < now() - FORGET_AFTER))


async def _less_one(session: AsyncSession, address: str) -> None:
    await session.execute(
        update(SignInFailures)
        .where(col(SignInFailures.key) == _key("address", address))
        .values(failures=func.greatest(col(SignInFailures.failures) - 1, 0))
    )


async def _count(session: AsyncSession, key: str, free: int) -> None:
    """One statement: the wait doubles with each attempt beyond the free ones; a blocked key is left as it is."""
    failures = col(SignInFailures.failures)
    wait = func.least(func.power(2, failures + 1 - free), LONGEST_WAIT)
    counted = await session.scalar(
        insert(SignInFailures)
        .values(key=key, failures=1, last_at=now())
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "failures": failures + 1,
                "last_at": func.now(),
                "blocked_until": case((failures + 1 >= free, func.now() + func.make_interval(0, 0, 0, 0, 0, 0, wait))),
            },
            where=func.coalesce(SignInFailures.blocked_until, func.to_timestamp(0)) <= func.now(),
        )
        .returning(failures)
    )
    if counted is None:
        until = await session.scalar(select(col(SignInFailures.blocked_until)).where(col(SignInFailures.key) == key))
        seconds = max(int((until - now()).total_seconds()) + 1, 1) if until else 1
        raise LimitReached(f"Too many attempts. Please try again in {_spoken(seconds)}.", retry_after=seconds)


def _key(kind: str, value: str) -> str:
    return sha256(f"{kind}:{value.strip().lower()}".encode()).hexdigest()


def _spoken(seconds: int) -> str:
    count, unit = (seconds, "second") if seconds < 60 else (-(-seconds // 60), "minute")
    return f"{count} {unit}{'s' if count != 1 else ''}"

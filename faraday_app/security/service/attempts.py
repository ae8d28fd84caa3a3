"""Failed sign-ins make the next one wait: per e-mail and per address, whether or not the person exists.

An attempt is counted before the password is looked at and taken back when it was right,
so that many at once cannot slip through together.

A browser from which the person has signed in before has a budget of its own: whoever fails on purpose elsewhere can
make strangers wait, and not the person.
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


async def take_attempt(session: AsyncSession, email: str, address: str, device: str = "") -> None:
    """Count an attempt. LimitReached, with the seconds to wait, while earlier ones still block.

    ``device`` names a browser that is known for this e-mail: see ``devices``.
    """
    if device:
        await _count(session, _key("device", device), FREE_PER_EMAIL)
        return
    await _count(session, _key("email", email), FREE_PER_EMAIL)
    await _count(session, _key("address", address), FREE_PER_ADDRESS)


async def take_turn(session: AsyncSession, what: str, who: str, free: int) -> None:
    """Count something else that nobody needs often, such as asking for a link, for somebody or for an address."""
    await _count(session, _key(what, who), free)


async def give_back_turn(session: AsyncSession, what: str, who: str) -> None:
    """It was right: forget what was counted for somebody."""
    await session.execute(delete(SignInFailures).where(col(SignInFailures.key) == _key(what, who)))


async def give_back_one(session: AsyncSession, what: str, who: str) -> None:
    """It was right: take one back from a budget that many share."""
    await session.execute(
        update(SignInFailures)
        .where(col(SignInFailures.key) == _key(what, who))
        .values(failures=func.greatest(col(SignInFailures.failures) - 1, 0))
    )


async def take_factor_attempt(session: AsyncSession, user_id: UUID) -> None:
    """Count a try of a person's second factor, or of showing again who they are. LimitReached as above."""
    await take_turn(session, "factor", str(user_id), FREE_PER_FACTOR)


async def give_back_factor(session: AsyncSession, user_id: UUID) -> None:
    await give_back_turn(session, "factor", str(user_id))


async def take_passkey_attempt(session: AsyncSession, address: str) -> None:
    """A passkey names its person only when it is right: the tries of an address are counted."""
    await take_turn(session, "address", address, FREE_PER_ADDRESS)


async def give_back_passkey(session: AsyncSession, address: str) -> None:
    await give_back_one(session, "address", address)


async def give_back(session: AsyncSession, email: str, address: str, device: str = "") -> None:
    """The password was right: forget this person's failures, and this one attempt of the address."""
    if device:
        await give_back_turn(session, "device", device)
    else:
        await give_back_turn(session, "email", email)
        await give_back_one(session, "address", address)


async def forget_old(session: AsyncSession) -> None:
    await session.execute(delete(SignInFailures).where(col(SignInFailures.last_at) < now() - FORGET_AFTER))


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

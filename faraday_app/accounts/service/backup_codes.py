"""Ten codes for the day the phone is lost. Each works once."""

import secrets
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import BackupCode
from faraday_app.accounts.service.changes import changed
from faraday_app.core.clock import now
from faraday_app.core.crypto import token_hash
from faraday_app.core.permissions import Actor, Permission

HOW_MANY = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without what is read for something else  # pragma: allowlist secret
_LENGTH = 12  # 59 bits


async def renew(session: AsyncSession, actor: Actor) -> list[str]:
    """Ten new codes in the place of all others; known to nobody afterwards but the person.

    For those whom ``factors`` knows to have something that the codes stand in for.
    """
    actor.must(Permission.account_manage)
    actor.must_be_confirmed()
    codes = await _replace(session, actor.user)
    await changed(session, actor, "backup_codes.created", "New backup codes made")
    return codes


async def provide(session: AsyncSession, actor: Actor) -> list[str]:
    """Codes for somebody who has none left; nothing for others."""
    return [] if await left(session, actor.user) else await _replace(session, actor.user)


async def use(session: AsyncSession, user_id: UUID, code: str) -> bool:
    """One statement: of many at once with the same code, one finds it still unused."""
    used = await session.scalar(
        update(BackupCode)
        .where(
            col(BackupCode.user_id) == user_id,
            col(BackupCode.code_hash) == _hash(user_id, code),
            col(BackupCode.used_at).is_(None),
        )
        .values(used_at=now())
        .returning(col(BackupCode.id))
    )
    return used is not None


async def left(session: AsyncSession, user_id: UUID) -> int:
    unused = select(func.count()).where(col(BackupCode.user_id) == user_id, col(BackupCode.used_at).is_(None))
    return int(await session.scalar(unused) or 0)


async def remove(session: AsyncSession, user_id: UUID) -> None:
    await session.execute(delete(BackupCode).where(col(BackupCode.user_id) == user_id))


async def _replace(session: AsyncSession, user_id: UUID) -> list[str]:
    await remove(session, user_id)
    codes = [_new() for _ in range(HOW_MANY)]
    session.add_all(BackupCode(user_id=user_id, code_hash=_hash(user_id, code)) for code in codes)
    await session.flush()
    return codes


def _new() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _LENGTH, 4))


def _hash(user_id: UUID, code: str) -> str:
    """However it is typed: with or without dashes and spaces, in any case."""
    return token_hash(f"backup {user_id} " + "".join(sign for sign in code.lower() if sign.isalnum()))

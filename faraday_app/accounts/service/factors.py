"""A person's second factors, taken together."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import AuthenticatorApp, Passkey
from faraday_app.accounts.service import backup_codes, passkeys, totp
from faraday_app.accounts.service.changes import changed
from faraday_app.accounts.service.passkeys import Signature
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor, Permission

Kind = Literal["app", "passkey"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person can show beside their password."""

    app: bool
    passkeys: int
    codes_left: int

    @property
    def any(self) -> bool:
        return self.app or self.passkeys > 0

    @property
    def ways(self) -> list[str]:
        """How they may show it, the quickest first. Backup codes alone are no factor."""
        if not self.any:
            return []
        offered = {"passkey": self.passkeys > 0, "app": self.app, "backup": self.codes_left > 0}
        return [way for way, there in offered.items() if there]


async def standing(session: AsyncSession, user_id: UUID) -> Standing:
    return Standing(
        await totp.is_on(session, user_id),
        await passkeys.count(session, user_id),
        await backup_codes.left(session, user_id),
    )


async def has_any(session: AsyncSession, user_id: UUID) -> bool:
    return await totp.is_on(session, user_id) or await passkeys.count(session, user_id) > 0


async def check(session: AsyncSession, user_id: UUID, way: str, code: str, challenge: bytes | None = None) -> bool:
    """Whether this shows one of the person's factors; what can be used once is used by it."""
    if way == "app":
        return await totp.use(session, user_id, code)
    if way == "backup":
        return await has_any(session, user_id) and await backup_codes.use(session, user_id, code)
    if way == "passkey" and challenge:
        return await passkeys.use(session, user_id, Signature(code, challenge))
    return False


async def turn_off(session: AsyncSession, actor: Actor) -> None:
    """Remove every factor of the actor, who has just shown one."""
    actor.must(Permission.account_manage)
    actor.must_be_confirmed()
    if not await remove_all(session, actor.user):
        raise Invalid("Two-factor authentication is off already.")
    await changed(session, actor, "factor.removed", "Two-factor authentication turned off", kind="all")


async def remove_app(session: AsyncSession, actor: Actor) -> None:
    """The app alone; backup codes go with the last factor."""
    actor.must(Permission.account_manage)
    actor.must_be_confirmed()
    if not await totp.remove(session, actor.user):
        raise Invalid("No authenticator app is on.")
    await drop_idle_codes(session, actor.user)
    await changed(session, actor, "factor.removed", "Authenticator app removed", kind="authenticator app")


async def remove_passkey(session: AsyncSession, actor: Actor, passkey_id: UUID) -> None:
    await passkeys.remove(session, actor, passkey_id)
    await drop_idle_codes(session, actor.user)


async def renew_codes(session: AsyncSession, actor: Actor) -> list[str]:
    """New backup codes for somebody who has a factor; they stand in for it and are none themselves."""
    actor.must(Permission.account_manage)
    if not await has_any(session, actor.user):
        raise Invalid("Set up an authenticator app or a passkey first.")
    return await backup_codes.renew(session, actor)


async def drop_idle_codes(session: AsyncSession, user_id: UUID) -> None:
    if not await has_any(session, user_id):
        await backup_codes.remove(session, user_id)


async def remove_all(session: AsyncSession, user_id: UUID) -> bool:
    """Whether there were any."""
    app, keys = await totp.remove(session, user_id), await passkeys.remove_all(session, user_id)
    await backup_codes.remove(session, user_id)
    return app or keys > 0


async def kinds_of(user_ids: Collection[UUID]) -> dict[UUID, Kind]:
    """The stronger factor of each of these persons who has one. For lists of people whom the caller may see."""
    on = col(AuthenticatorApp.confirmed_at).is_not(None)
    async with transaction(Actor.system()) as session:
        apps = await session.scalars(
            select(col(AuthenticatorApp.user_id)).where(on, col(AuthenticatorApp.user_id).in_(user_ids))
        )
        keys = await session.scalars(select(col(Passkey.user_id)).where(col(Passkey.user_id).in_(user_ids)))
        found: dict[UUID, Kind] = dict.fromkeys(apps, "app")
        return found | dict.fromkeys(keys, "passkey")

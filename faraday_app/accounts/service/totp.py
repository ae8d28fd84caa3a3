"""The authenticator app: six digits that change every thirty seconds (RFC 6238)."""

import hmac
import io
from dataclasses import dataclass
from uuid import UUID

import pyotp
import segno
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import AuthenticatorApp
from faraday_app.accounts.service import backup_codes
from faraday_app.accounts.service.changes import changed
from faraday_app.core import vault
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Permission

STEP = 30  # seconds
DRIFT = (0, -1, 1)  # steps by which a phone's clock may be off


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the app has to learn, as a picture and as letters. Shown once."""

    secret: str
    picture: str


async def begin(session: AsyncSession, actor: Actor) -> Enrolment:
    """A new secret, which counts only once a code made with it was right. Conflict when an app is on already."""
    actor.must(Permission.account_manage)
    actor.must_be_confirmed()
    secret = pyotp.random_base32()
    values = {"sealed": await vault.seal(None, secret, _purpose(actor.user)), "created_at": now()}
    begun = await session.scalar(
        insert(AuthenticatorApp)
        .values(id=new_id(), user_id=actor.user, last_step=0, **values)
        .on_conflict_do_update(
            index_elements=["user_id"], set_=values, where=col(AuthenticatorApp.confirmed_at).is_(None)
        )
        .returning(col(AuthenticatorApp.id))
    )
    if begun is None:
        raise Conflict("An authenticator app is on already. Turn it off before you set up another.")
    uri = pyotp.TOTP(secret).provisioning_uri(name=actor.email, issuer_name=_issuer(actor))
    return Enrolment(secret, _picture(uri))


async def finish(session: AsyncSession, actor: Actor, code: str) -> list[str]:
    """Turn the app on with a first right code. Gives the backup codes where there are none yet, else nothing."""
    actor.must(Permission.account_manage)
    if not await _use(session, actor.user, code, enrolling=True):
        raise Invalid("This code is not right. Wait for the next one in the app and enter that.", field="code")
    await changed(session, actor, "factor.added", "Authenticator app added", kind="authenticator app")
    return await backup_codes.provide(session, actor)


async def use(session: AsyncSession, user_id: UUID, code: str) -> bool:
    """Whether the code is right and is used now for the first time."""
    return await _use(session, user_id, code, enrolling=False)


async def is_on(session: AsyncSession, user_id: UUID) -> bool:
    found = select(col(AuthenticatorApp.id)).where(
        col(AuthenticatorApp.user_id) == user_id, col(AuthenticatorApp.confirmed_at).is_not(None)
    )
    return await session.scalar(found) is not None


async def remove(session: AsyncSession, user_id: UUID) -> bool:
    gone = delete(AuthenticatorApp).where(col(AuthenticatorApp.user_id) == user_id)
    return await session.scalar(gone.returning(col(AuthenticatorApp.confirmed_at))) is not None


async def _use(session: AsyncSession, user_id: UUID, code: str, *, enrolling: bool) -> bool:
    """One statement takes the step: of many at once with the same code, one finds it still unused."""
    app = col(AuthenticatorApp.confirmed_at)
    which = (col(AuthenticatorApp.user_id) == user_id, app.is_(None) if enrolling else app.is_not(None))
    sealed = await session.scalar(select(col(AuthenticatorApp.sealed)).where(*which))
    step = _step_of(await vault.unseal(sealed, _purpose(user_id)), code) if sealed else None
    if step is None:
        return False
    values = {"last_step": step} | ({"confirmed_at": now()} if enrolling else {})
    taken = await session.scalar(
        update(AuthenticatorApp)
        .where(*which, col(AuthenticatorApp.sealed) == sealed, col(AuthenticatorApp.last_step) < step)
        .values(**values)
        .returning(col(AuthenticatorApp.id))
    )
    return taken is not None


def _step_of(secret: str, code: str) -> int | None:
    """The step to which a code belongs, within the drift."""
    digits, current, totp = "".join(code.split()), int(now().timestamp()) // STEP, pyotp.TOTP(secret, interval=STEP)
    right = [
        current + off for off in DRIFT if hmac.compare_digest(totp.at((current + off) * STEP).encode(), digits.encode())
    ]
    return right[0] if right else None


def _purpose(user_id: UUID) -> str:
    return f"totp:{user_id}"


def _issuer(actor: Actor) -> str:
    """The name in the app; a colon would end it."""
    return f"Faraday {actor.organization_name}".replace(":", " ").strip()


def _picture(uri: str) -> str:
    """A QR code as SVG, dark on light in either colour mode, because cameras want it so."""
    out = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(
        out, kind="svg", scale=4, border=3, dark="#111113", light="#ffffff", xmldecl=False, svgns=True
    )
    return out.getvalue().decode()

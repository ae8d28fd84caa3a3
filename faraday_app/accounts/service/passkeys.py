"""Passkeys (WebAuthn): a device signs a challenge of ours, at our address only."""

import json
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from faraday_app.accounts.models import Passkey, User
from faraday_app.accounts.service.changes import changed
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, LimitReached, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.settings import settings

MOST = 20
REFUSED = "This passkey was not accepted. Try again, or choose another way."


@dataclass(frozen=True, slots=True)
class Signature:
    """A credential's answer to a challenge, as the browser sent it."""

    credential: str
    challenge: bytes


@lru_cache(maxsize=1)
def site() -> str:
    """The host that passkeys belong to; `localhost` on one's own machine, because an address of numbers cannot be."""
    return urlsplit(settings().origins[0]).hostname or "localhost"


async def list_passkeys(session: AsyncSession, user_id: UUID) -> list[Passkey]:
    """A person's own, oldest first."""
    query = select(Passkey).where(col(Passkey.user_id) == user_id).order_by(col(Passkey.id)).limit(MOST)
    return list((await session.scalars(query)).all())


async def registration_options(session: AsyncSession, actor: Actor, challenge: bytes) -> str:
    """JSON for the browser to make a new passkey with; those the person has are not offered again."""
    actor.must(Permission.account_manage)
    actor.must_be_confirmed()
    known = await list_passkeys(session, actor.user)
    if len(known) >= MOST:
        raise LimitReached(f"You have {MOST} passkeys. Remove one before you add another.")
    options = webauthn.generate_registration_options(
        rp_id=site(),
        rp_name="Faraday",
        user_id=actor.user.bytes,
        user_name=actor.email,
        user_display_name=actor.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_descriptors(known),
    )
    return webauthn.options_to_json(options)


async def register(session: AsyncSession, actor: Actor, signed: Signature, name: str) -> Passkey:
    """Keep a passkey that the browser has just made for this person."""
    actor.must(Permission.account_manage)
    actor.must_be_confirmed()
    name = _clean(name)
    try:
        made = webauthn.verify_registration_response(
            credential=signed.credential,
            expected_challenge=signed.challenge,
            expected_rp_id=site(),
            expected_origin=settings().origins,
        )
    except WebAuthnException:
        raise Invalid(REFUSED) from None
    credential_id = bytes_to_base64url(made.credential_id)
    if await session.scalar(select(col(Passkey.id)).where(col(Passkey.credential_id) == credential_id)):
        raise Conflict("This passkey is registered already.")
    passkey = Passkey(
        user_id=actor.user,
        name=name,
        credential_id=credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
    )
    session.add(passkey)
    await session.flush()
    await changed(session, actor, "factor.added", f"Passkey “{name}” added", kind="passkey", name=name)
    return passkey


async def request_options(session: AsyncSession, challenge: bytes, user_id: UUID | None) -> str:
    """JSON for the browser to sign with. Nobody named: any passkey of this site, and the device asks who is there."""
    options = webauthn.generate_authentication_options(
        rp_id=site(),
        challenge=challenge,
        allow_credentials=_descriptors(await list_passkeys(session, user_id)) if user_id else None,
        user_verification=UserVerificationRequirement.PREFERRED if user_id else UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


async def use(session: AsyncSession, user_id: UUID, signed: Signature) -> bool:
    """Whether a passkey of this person has signed."""
    passkey = await _named(session, signed)
    return passkey is not None and passkey.user_id == user_id and await _verify(session, passkey, signed, alone=False)


async def whose(session: AsyncSession, signed: Signature) -> User | None:
    """The person whose passkey has signed, after their device has made sure of them: no password is needed then."""
    passkey = await _named(session, signed)
    if passkey is None or not await _verify(session, passkey, signed, alone=True):
        return None
    return await session.get(User, passkey.user_id)


async def rename(session: AsyncSession, actor: Actor, passkey_id: UUID, name: str) -> None:
    actor.must(Permission.account_manage)
    passkey = await _own(session, actor, passkey_id)
    passkey.name = _clean(name)
    await session.flush()


async def remove(session: AsyncSession, actor: Actor, passkey_id: UUID) -> None:
    actor.must(Permission.account_manage)
    actor.must_be_confirmed()
    passkey = await _own(session, actor, passkey_id)
    await session.delete(passkey)
    await session.flush()
    title = f"Passkey “{passkey.name}” removed"
    await changed(session, actor, "factor.removed", title, kind="passkey", name=passkey.name)


async def remove_all(session: AsyncSession, user_id: UUID) -> int:
    gone = await session.scalars(delete(Passkey).where(col(Passkey.user_id) == user_id).returning(col(Passkey.id)))
    return len(gone.all())


async def count(session: AsyncSession, user_id: UUID) -> int:
    return int(await session.scalar(select(func.count()).where(col(Passkey.user_id) == user_id)) or 0)


async def _verify(session: AsyncSession, passkey: Passkey, signed: Signature, *, alone: bool) -> bool:
    """Alone it stands for both factors, so the device must have verified its person. A counter that does not rise
    means a copy; one that stays at 0 is not kept by the device."""
    try:
        shown = webauthn.verify_authentication_response(
            credential=signed.credential,
            expected_challenge=signed.challenge,
            expected_rp_id=site(),
            expected_origin=settings().origins,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=alone,
        )
    except WebAuthnException:
        return False
    count, kept = shown.new_sign_count, col(Passkey.sign_count)
    used = await session.scalar(
        update(Passkey)
        .where(col(Passkey.id) == passkey.id, or_(kept < count, (kept == 0) & (count == 0)))
        .values(sign_count=count, last_used_at=now())
        .returning(col(Passkey.id))
    )
    return used is not None


async def _named(session: AsyncSession, signed: Signature) -> Passkey | None:
    try:
        named = json.loads(signed.credential)
    except ValueError:
        return None
    id = named.get("id") if isinstance(named, dict) else None
    if not isinstance(id, str):
        return None
    return await session.scalar(select(Passkey).where(col(Passkey.credential_id) == id))


async def _own(session: AsyncSession, actor: Actor, passkey_id: UUID) -> Passkey:
    passkey = await session.get(Passkey, passkey_id)
    if passkey is None or passkey.user_id != actor.user:
        raise NotFound("This passkey does not exist any more.")
    return passkey


def _clean(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise Invalid("Enter a name of up to 80 characters, such as “Laptop”.", field="passkey_name")
    return name


def _descriptors(known: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(each.credential_id)) for each in known]

"""Context packs: a GPT with what belongs to it, as one signed file that goes from here to elsewhere and back.

The file is a ZIP of two: ``pack.json``, canonical JSON, and ``signature.json``, an Ed25519 signature of it by the
installation's key. It carries no ids, owners or rights, and none are taken from it: what comes in belongs to whoever
brings it in, is shared with nobody, and passes the rules of anything that is made here.
"""

import asyncio
import base64
import binascii
import io
import json
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Gpt, Reason, Subject
from faraday_app.contexts.service import gpts, validation
from faraday_app.contexts.service.versions import parts, restoring
from faraday_app.contexts.service.versions.content import Content, canonical
from faraday_app.contexts.service.versions.stored import content_of
from faraday_app.contexts.service.versions.taking import held, keep, newest, take
from faraday_app.core.archives import unpacked
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import record, signing

FORMAT = "faraday-pack"
SCHEMA = 1
LARGEST = 20_000_000  # bytes, unpacked
PURPOSE = b"faraday context pack\n"  # a signature for this says nothing about anything else that the key signs
PACK, SIGNATURE = "pack.json", "signature.json"


class Origin(StrEnum):
    """Whose pack it is, by its signature."""

    here = "here"
    elsewhere = "elsewhere"


class PackGpt(BaseModel):
    """What a pack may say of a GPT. Anything else in it is not known, and so not taken."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(min_length=1, max_length=60)
    instructions: str = Field(max_length=gpts.LONGEST_INSTRUCTIONS)
    model: str = Field(max_length=120)
    temperature: float = Field(ge=0, le=2)
    longest_answer: int = Field(ge=0, le=gpts.MOST_TOKENS)
    icon: str = Field(max_length=32)
    tone: str = Field(max_length=16)


class Packed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    format: str
    schema_version: int
    made_at: str = Field(max_length=40)
    organization: str = Field(max_length=200)
    installation_organization: str = Field(max_length=40)
    gpt: PackGpt
    parts: dict[str, dict[str, Any]] = Field(max_length=20)


@dataclass(frozen=True, slots=True)
class Checked:
    """A pack whose signature holds. ``organization`` is what its maker calls themselves: from elsewhere only a claim.

    ``key`` is the fingerprint of who signed. ``findings`` are about the GPT as it would be here.
    """

    packed: Packed
    origin: Origin
    key: str
    findings: tuple[validation.Finding, ...] = ()

    @property
    def parts(self) -> list[str]:
        return [part.title for part in parts.PARTS if part.packed and part.name in self.packed.parts]


class MadeElsewhere(Conflict):
    """Somebody has to say that they want it all the same."""

    def __init__(self, checked: Checked) -> None:
        packed = checked.packed
        super().__init__(
            f"“{packed.gpt.name}” was made elsewhere: it says by “{packed.organization or 'nobody'}”, and is signed"
            f" with the key {checked.key}. Bring it in only if you know where it comes from."
        )


async def export(session: AsyncSession, actor: Actor, gpt_id: UUID) -> tuple[str, bytes]:
    """File name and content. Its owner's to do: the pack is one version of the GPT, with all that belongs to it."""
    gpt = await gpts.owned(session, actor, gpt_id)
    await keep(session, actor, gpt)
    version = await newest(session, gpt.id)
    assert version
    content = await content_of(session, version[0])
    packed = Packed(
        format=FORMAT,
        schema_version=SCHEMA,
        made_at=now().isoformat(timespec="seconds"),
        organization=actor.organization_name[:200],
        installation_organization=str(actor.organization),
        gpt=PackGpt(**{name: content.fields[name] for name in PackGpt.model_fields}),
        parts={part.name: content.parts[part.name] for part in _packable() if part.name in content.parts},
    )
    record(session, actor, "gpt.exported", gpt, name=gpt.name, version=version[0].number)
    safe = "".join(sign if sign.isalnum() else "-" for sign in gpt.name.lower()).strip("-")
    return f"{safe or 'gpt'}.pack.zip", sealed(packed)


def sealed(packed: Packed) -> bytes:
    """The file: what is packed and its signature."""
    text = canonical(packed.model_dump()).encode()
    key, signature = signing.sign(PURPOSE + text)
    public = base64.b64encode(signing.public_keys()[key]).decode()
    signed = {"key": key, "public_key": public, "signature": signature}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PACK, text)
        archive.writestr(SIGNATURE, canonical(signed))
    return file.getvalue()


def opened(file: bytes, organization_id: UUID) -> Checked:
    """A file that somebody brought: Invalid, with the reason, for what is no pack, unsigned or changed. It blocks."""
    files = dict(unpacked(io.BytesIO(file), LARGEST))
    if PACK not in files:
        raise Invalid("This archive is no context pack.")
    if SIGNATURE not in files:
        raise Invalid("This pack is not signed. Have it exported anew from where it comes.")
    key, is_ours = _signer(files[PACK], files[SIGNATURE])
    packed = _read(files[PACK])
    here = is_ours and packed.installation_organization == str(organization_id)
    return Checked(packed, Origin.here if here else Origin.elsewhere, key)


async def check(actor: Actor, file: bytes) -> Checked:
    """What a pack holds and whose it is; nothing comes in."""
    actor.must_at_all(Permission.gpts_manage)
    checked = await _in_a_thread(file, actor.organization)
    findings = await validation.of_gpt(actor, _draft(checked.packed), new_id())
    return Checked(checked.packed, checked.origin, checked.key, tuple(findings))


async def bring_in(session: AsyncSession, actor: Actor, file: bytes, *, from_elsewhere: bool = False) -> Gpt:
    """A GPT of the actor's own from a pack, shared with nobody. One from elsewhere only where they said so."""
    checked = await check(actor, file)
    if checked.origin is Origin.elsewhere and not from_elsewhere:
        raise MadeElsewhere(checked)
    validation.must_be_sound(checked.findings)
    with held(session):
        gpt = await gpts.create(session, actor, _draft(checked.packed))
        known = {part.name for part in _packable()}
        given = {name: value for name, value in checked.packed.parts.items() if name in known}
        await restoring.restore_parts(session, actor, gpt, Content({}, given))
    await take(session, actor, gpt, Reason.imported)
    record(session, actor, "gpt.imported", gpt, name=gpt.name, origin=checked.origin, key=checked.key)
    return gpt


async def _in_a_thread(file: bytes, organization_id: UUID) -> Checked:
    return await asyncio.to_thread(opened, file, organization_id)


def _packable() -> list[parts.Part]:
    return [part for part in parts.of(Subject.gpt) if part.packed]


def _draft(packed: Packed) -> gpts.Draft:
    """Of the fields that a pack may name; never shared."""
    return gpts.Draft(**packed.gpt.model_dump(), shared=False)


def _signer(text: bytes, signed: bytes) -> tuple[str, bool]:
    """The fingerprint of whoever signed, and whether that was this installation. Invalid where the text is another."""
    try:
        told = json.loads(signed)
        key, signature = str(told["key"]), str(told["signature"])
        public = base64.b64decode(str(told["public_key"]), validate=True)
        if signing.is_signed(PURPOSE + text, key, signature):
            return key, True
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), PURPOSE + text)
    except (ValueError, TypeError, KeyError, binascii.Error, RecursionError, InvalidSignature):
        raise Invalid("This pack was changed after it was signed, or its signature is damaged.") from None
    return signing.key_id(public), False


def _read(text: bytes) -> Packed:
    try:
        packed = Packed.model_validate_json(text)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])[:80]
        raise Invalid(f"This pack cannot be read here: look at “{place or 'its beginning'}”.") from None
    if packed.format != FORMAT or packed.schema_version != SCHEMA:
        raise Invalid("This pack was made by a version of Faraday that is not known here.")
    return packed

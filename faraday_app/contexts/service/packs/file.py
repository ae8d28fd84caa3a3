"""The file of a pack: what it may say, how it is signed, and how one that somebody brought is opened. It blocks.

The file is a ZIP: ``pack.json``, canonical JSON; ``signature.json``, an Ed25519 signature of it by the installation's
key; and under ``files/`` the knowledge files, each named by the SHA-256 of its content, which ``pack.json`` lists. So
the signature covers them too.
"""

import base64
import binascii
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from faraday_app.contexts.models import MemoryRights
from faraday_app.contexts.service import gpts
from faraday_app.contexts.service.findings import Finding
from faraday_app.contexts.service.versions import parts
from faraday_app.contexts.service.versions.content import canonical
from faraday_app.core import files
from faraday_app.core.archives import unpacked
from faraday_app.core.errors import Invalid
from faraday_app.core.extraction import kind_of
from faraday_app.security.service import signing

FORMAT = "faraday-pack"
SCHEMA = 2
READABLE = (1, 2)  # the first had neither files nor memory nor tools
LARGEST = 50_000_000  # bytes, unpacked
LARGEST_FILES = 48_000_000  # of these for knowledge files
PURPOSE = b"faraday context pack\n"  # a signature for this says nothing about anything else that the key signs
PACK, SIGNATURE, FILES = "pack.json", "signature.json", "files/"
DENSE = 1_000_000  # bytes from which a file is not packed: it might look like an archive bomb
_STRICT = ConfigDict(extra="forbid", strict=True)


class Origin(StrEnum):
    """Whose pack it is, by its signature."""

    here = "here"
    elsewhere = "elsewhere"


class PackGpt(BaseModel):
    """What a pack may say of a GPT. Anything else in it is not known, and so not taken."""

    model_config = _STRICT

    name: str = Field(min_length=1, max_length=60)
    instructions: str = Field(max_length=gpts.LONGEST_INSTRUCTIONS)
    model: str = Field(max_length=120)
    temperature: float = Field(ge=0, le=2)
    longest_answer: int = Field(ge=0, le=gpts.MOST_TOKENS)
    icon: str = Field(max_length=32)
    tone: str = Field(max_length=16)
    tools: list[str] = Field(default_factory=list, max_length=20)
    memory_rights: str = Field(MemoryRights.propose.value, pattern=f"^({'|'.join(MemoryRights)})$")


class PackedFile(BaseModel):
    model_config = _STRICT

    name: str = Field(min_length=1, max_length=200)
    kind: str = Field(max_length=16)
    size: int = Field(ge=1, le=files.LARGEST)
    digest: str = Field(pattern="^[0-9a-f]{64}$")


class Packed(BaseModel):
    model_config = _STRICT

    format: str
    schema_version: int
    made_at: str = Field(max_length=40)
    organization: str = Field(max_length=200)
    installation_organization: str = Field(max_length=40)
    gpt: PackGpt
    parts: dict[str, dict[str, Any]] = Field(max_length=20)

    @property
    def files(self) -> list[PackedFile]:
        """The knowledge files, as it lists them. Invalid for a list that is none."""
        return list(_FileList.model_validate(self.parts["knowledge"]).files) if "knowledge" in self.parts else []


class _FileList(BaseModel):
    model_config = _STRICT

    files: list[PackedFile] = Field(max_length=20)


@dataclass(frozen=True, slots=True)
class Checked:
    """A pack whose signature holds. ``organization`` is what its maker calls themselves: from elsewhere only a claim.

    ``key`` is the fingerprint of who signed. ``findings`` are about the GPT as it would be here. ``contents``: what is
    in its files, by their digests.
    """

    packed: Packed
    origin: Origin
    key: str
    findings: tuple[Finding, ...] = ()
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def parts(self) -> list[str]:
        return [part.title for part in parts.PARTS if part.carrier and part.name in self.packed.parts]


def sealed(packed: Packed, contents: Mapping[str, bytes] | None = None) -> bytes:
    """The file: what is packed, its signature, and what its files hold."""
    text = canonical(packed.model_dump()).encode()
    key, signature = signing.sign(PURPOSE + text)
    public = base64.b64encode(signing.public_keys()[key]).decode()
    signed = {"key": key, "public_key": public, "signature": signature}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PACK, text)
        archive.writestr(SIGNATURE, canonical(signed))
        for digest, content in sorted((contents or {}).items()):
            way = zipfile.ZIP_STORED if len(content) > DENSE else zipfile.ZIP_DEFLATED
            archive.writestr(f"{FILES}{digest}", content, way)
    return file.getvalue()


def opened(file: bytes, organization_id: UUID) -> Checked:
    """A file that somebody brought: Invalid, with the reason, for what is no pack, unsigned or changed.

    Each file in it is checked as one that is sent: its size, its kind by its content, and that it does not swell.
    """
    found = dict(unpacked(io.BytesIO(file), LARGEST))
    if PACK not in found:
        raise Invalid("This archive is no context pack.")
    if SIGNATURE not in found:
        raise Invalid("This pack is not signed. Have it exported anew from where it comes.")
    key, is_ours = _signer(found[PACK], found[SIGNATURE])
    packed = _read(found[PACK])
    contents = _contents(packed, found)
    here = is_ours and packed.installation_organization == str(organization_id)
    return Checked(packed, Origin.here if here else Origin.elsewhere, key, contents=contents)


def _contents(packed: Packed, found: Mapping[str, bytes]) -> dict[str, bytes]:
    """What the signature speaks of, and nothing else."""
    contents = {path.removeprefix(FILES): content for path, content in found.items() if path.startswith(FILES)}
    listed = {each.digest: each for each in packed.files}
    if set(contents) != set(listed) or len(found) != len(contents) + 2:
        raise Invalid("This pack does not hold the files that it lists. Have it exported anew from where it comes.")
    for digest, content in contents.items():
        if hashlib.sha256(content).hexdigest() != digest or len(content) != listed[digest].size:
            raise Invalid(f"The file “{listed[digest].name}” of this pack was changed after it was signed.")
    for each in packed.files:
        try:
            kind_of(contents[each.digest], each.name)
        except Invalid as refusal:
            raise Invalid(f"{each.name}: {refusal.message}") from None
    return contents


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
        _ = packed.files
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])[:80]
        raise Invalid(f"This pack cannot be read here: look at “{place or 'its beginning'}”.") from None
    if packed.format != FORMAT or packed.schema_version not in READABLE:
        raise Invalid("This pack was made by a version of Faraday that is not known here.")
    return packed

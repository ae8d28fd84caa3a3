"""The key of the audit trail: signs what each day holds. Its older keys go on verifying."""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from faraday_app.core.settings import settings


def sign(text: bytes) -> tuple[str, str]:
    """The key's id and the signature, in hexadecimal."""
    key = Ed25519PrivateKey.from_private_bytes(settings().audit_seeds[0])
    return key_id(_raw(key.public_key())), key.sign(text).hex()


def is_signed(text: bytes, key: str, signature: str) -> bool:
    """Whether one of our keys made this signature. None are read from the database, where they could be changed."""
    public = public_keys().get(key)
    if public is None or signature != signature.lower():
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_keys() -> dict[str, bytes]:
    """By id, the current one first."""
    seeds = settings().audit_seeds
    publics = [_raw(Ed25519PrivateKey.from_private_bytes(seed).public_key()) for seed in seeds]
    return {key_id(public): public for public in publics}


def key_id(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


def published() -> list[dict[str, str]]:
    return [{"id": id, "key": base64.b64encode(public).decode()} for id, public in public_keys().items()]


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)

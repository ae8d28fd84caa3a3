"""Secrets that leave as tokens and stay as keyed hashes."""

import hmac
import re
import secrets
import string
import zlib

from faraday_app.core.settings import settings

KEY_PREFIX = "fdy_"
KEY_RANDOM, KEY_CHECKSUM = 43, 6
KEY_PATTERN = re.compile(rf"{KEY_PREFIX}[0-9A-Za-z]{{{KEY_RANDOM + KEY_CHECKSUM}}}")
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase


def new_token() -> str:
    """256 random bits, safe in a URL and in a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Keyed SHA-256 of a token, hexadecimal. Tokens are random, so a fast hash is enough."""
    return hmac.digest(settings().key, token.encode(), "sha256").hex()


def new_key() -> str:
    """An API key: 256 random bits in base62 and a checksum. What it looks like is told in docs/api-keys.md."""
    body = KEY_PREFIX + "".join(secrets.choice(_DIGITS) for _ in range(KEY_RANDOM))
    return body + _checksum(body)


def is_key(text: str) -> bool:
    """Whether this can be a key at all: mistyped and invented ones are told without asking the database."""
    return bool(KEY_PATTERN.fullmatch(text)) and text[-KEY_CHECKSUM:] == _checksum(text[:-KEY_CHECKSUM])


def _checksum(body: str) -> str:
    """CRC-32 in base62, six digits, the most significant first."""
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(KEY_CHECKSUM):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits

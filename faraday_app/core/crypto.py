"""Secrets that leave as tokens and stay as keyed hashes."""

import hmac
import secrets

from faraday_app.core.settings import settings


def new_token() -> str:
    """256 random bits, safe in a URL and in a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Keyed SHA-256 of a token, hexadecimal. Tokens are random, so a fast hash is enough."""
    return hmac.digest(settings().key, token.encode(), "sha256").hex()

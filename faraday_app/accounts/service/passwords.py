"""Passwords: what is a good one, how it is kept, whether it is right."""

import asyncio
import re
import threading
from functools import lru_cache
from hashlib import sha1
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from faraday_app.accounts.models import User
from faraday_app.core.clock import now
from faraday_app.core.crypto import new_token
from faraday_app.core.errors import Invalid
from faraday_app.core.settings import settings

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 500
STRONG_ENOUGH = 3  # of 4: about 10^10 guesses
# The hash of whoever signs in by other means alone.
NO_PASSWORD = "none"  # noqa: S105  # pragma: allowlist secret
_LOOKED_AT = 72  # characters: beyond, the estimate takes long and changes nothing
_hasher = PasswordHasher()
_one_at_a_time = threading.Lock()  # zxcvbn keeps what is known of the person in a variable of its module

_REASONS = {
    "dictionary": "it is close to a common word, name or password",
    "spatial": "neighbouring keys are easy to guess",
    "repeat": "repeated characters are easy to guess",
    "sequence": "sequences such as “abc” or “4321” are easy to guess",
    "regex": "years are easy to guess",
    "date": "dates are easy to guess",
}


async def checked_password(text: str, *about: str) -> str:
    """The password, when it is a good one. ``about`` is what others know of the person: it may not carry it."""
    if len(text) < SHORTEST_PASSWORD:
        raise Invalid(f"Choose a password of at least {SHORTEST_PASSWORD} characters.", field="password")
    if len(text) > LONGEST_PASSWORD:
        raise Invalid("This password is too long.", field="password")
    if reason := await asyncio.to_thread(_weakness, text, _words(about)):
        raise Invalid(
            f"This password is too easy to guess: {reason}. Add a word or two that nobody would expect.",
            field="password",
        )
    if await asyncio.to_thread(_is_breached, text, settings().breached_passwords):
        raise Invalid("This password is on a list of stolen passwords. Choose another one.", field="password")
    return text


async def set_password(user: User, password: str, *about: str) -> None:
    """Give somebody a good password."""
    await checked_password(password, user.name, user.email, *about)
    user.password_hash = await hashed(password)
    user.password_changed_at = now()


async def hashed(password: str) -> str:
    return await asyncio.to_thread(_hasher.hash, password)


async def check_password(user: User | None, password: str) -> bool:
    """Whether the password is this person's. Takes as long for nobody as for somebody.

    A right one whose hash was made with other parameters than today's is hashed again.
    """
    kept = user.password_hash if user and user.password_hash != NO_PASSWORD else await asyncio.to_thread(_nobodys_hash)
    try:
        await asyncio.to_thread(_hasher.verify, kept, password)
    except (VerificationError, InvalidHashError):
        return False
    if user and _hasher.check_needs_rehash(kept):
        user.password_hash = await hashed(password)
    return user is not None


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash(new_token())


def _words(about: tuple[str, ...]) -> list[str]:
    """What is known of a person: whole, written as one word, and in its words."""
    parts = [word for text in about for word in re.split(r"[^\w]+", text) if len(word) > 2]
    joined = [re.sub(r"[^\w]+", "", text) for text in about]
    return [text.lower() for text in (*about, *joined, *parts) if text]


def _weakness(text: str, known: list[str]) -> str:
    """Why it is easy to guess, as the end of a sentence; nothing when it is not."""
    with _one_at_a_time:
        found = zxcvbn(text[:_LOOKED_AT], known)
    if found["score"] >= STRONG_ENOUGH:
        return ""
    longest = max(found["sequence"], key=lambda match: len(match["token"]))
    if longest.get("dictionary_name") == "user_inputs":
        return "it holds your name, your address or your organisation’s name"
    return _REASONS.get(longest["pattern"], "it is too short for what it is made of")


def _is_breached(text: str, folder: Path | None) -> bool:
    """Whether it is in the range files, which hold SHA-1 because their publisher chose it. No folder: no check."""
    if folder is None:
        return False
    digest = sha1(text.encode(), usedforsecurity=False).hexdigest().upper()
    path = folder / f"{digest[:5]}.txt"
    if not path.is_file():
        return False
    with path.open(encoding="ascii", errors="ignore") as lines:
        for line in lines:
            suffix, _, count = line.strip().partition(":")
            if suffix.upper() == digest[5:]:
                return count.strip() != "0"  # files may be padded with hashes that were never seen
    return False

"""Browsers from which somebody has signed in before.

A cookie says so: a random name and its keyed hash together with the e-mail. It opens nothing; it only gives the
browser an attempts budget of its own (``attempts.take_attempt``).
"""

import hmac
import re

from faraday_app.core.crypto import new_token, token_hash

MOST_PEOPLE = 4  # at one shared browser; the one who was here longest ago gives way
GOOD_FOR = 365 * 24 * 3600  # seconds
_ENTRY = re.compile(r"([A-Za-z0-9_-]{43})\.([0-9a-f]{64})")


def known(cookie: str, email: str) -> str:
    """The name of this browser for this person; empty when they have not signed in here."""
    for name, mark in _ENTRY.findall(cookie[:2_000]):
        if hmac.compare_digest(mark, _mark(name, email)):
            return str(name)
    return ""


def remembered(cookie: str, email: str) -> str:
    """The cookie's next value, after this person has signed in."""
    others = [f"{name}.{mark}" for name, mark in _ENTRY.findall(cookie[:2_000]) if mark != _mark(name, email)]
    name = known(cookie, email) or new_token()
    return "~".join([f"{name}.{_mark(name, email)}", *others][:MOST_PEOPLE])


def _mark(name: str, email: str) -> str:
    return token_hash(f"device {name} {email.strip().lower()}")

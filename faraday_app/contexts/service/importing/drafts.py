"""A conversation from a file, before it is one of ours: what was said and what followed what, and nothing else.

Whose it becomes, what it may cost and under which ids it is kept are no part of it: no file can say that.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid

LONGEST_TEXT = 200_000  # characters of a message
MOST_MESSAGES = 20_000  # of a conversation
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DraftMessage:
    """``key`` tells it from the others of its conversation; ``parent`` is the key of what it follows, if anything.

    ``name`` is of a person who is not whoever brings the file.
    """

    key: str
    parent: str
    by_model: bool
    text: str
    model: str = ""
    name: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """``messages``: whatever another follows comes before it. ``leaf`` ends the branch that was shown."""

    key: str
    title: str
    messages: tuple[DraftMessage, ...]
    leaf: str
    at: datetime | None = None
    unplaced: int = 0


def arranged(key: str, title: str, found: Sequence[DraftMessage], leaf: str, at: datetime | None) -> Draft:
    """Parents first. What says nothing is left out, and what followed it follows what came before.

    Invalid when nothing is left. Messages that follow each other in a circle cannot be placed.
    """
    if len(found) > MOST_MESSAGES:
        raise Invalid(f"it has {len(found):,} messages; at most {MOST_MESSAGES:,} are taken")
    parents = {message.key: message.parent for message in found}
    below: dict[str, list[DraftMessage]] = defaultdict(list)
    for message in found:
        below[message.parent if message.parent in parents else ""].append(message)
    placed, standing_for = _placed(below)
    if not placed:
        raise Invalid("there is nothing in it that can be read")
    end = standing_for.get(leaf, "") or placed[-1].key
    key = key or hashlib.sha256("\n".join(f"{m.key}:{m.text}" for m in placed).encode("utf-8", "replace")).hexdigest()
    return Draft(key, clean_title(title), tuple(placed), end, at, len(found) - len(standing_for))


def _placed(below: dict[str, list[DraftMessage]]) -> tuple[list[DraftMessage], dict[str, str]]:
    """The messages that say something, and for each key the one that stands there now: itself or one before it."""
    placed: list[DraftMessage] = []
    standing_for: dict[str, str] = {}
    waiting = [(message, "") for message in reversed(below[""])]
    while waiting:
        message, parent = waiting.pop()
        if message.key in standing_for:
            continue
        if message.text.strip():
            placed.append(replace(message, parent=parent))
            parent = message.key
        standing_for[message.key] = parent
        waiting += [(child, parent) for child in reversed(below[message.key])]
    return placed, standing_for


def clean_text(text: object) -> str:
    """What can be stored, and not without end."""
    said = str(text).replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()
    return said if len(said) <= LONGEST_TEXT else said[:LONGEST_TEXT] + "\n\n[The rest was too long to be taken.]"


def clean_title(title: object) -> str:
    return " ".join(clean_text(title).split())[:200] or "Imported conversation"


def moment_of(value: Any) -> datetime | None:
    """Seconds since 1970 or ISO 8601; nothing for a time that is none, or that lies ahead."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            moment = datetime.fromtimestamp(value, UTC)
        else:
            moment = datetime.fromisoformat(str(value))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if _EARLIEST <= moment <= now() else None


def texts(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part)

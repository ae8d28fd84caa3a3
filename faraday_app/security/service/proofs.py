"""What is hashed and signed, to the byte. ``tools/verify_audit.py`` says the same again, on purpose on its own."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

NOTHING = "0" * 64
_MICROSECONDS = "%Y-%m-%dT%H:%M:%S.%fZ"

# The database itself writes an event as it is hashed, so that sealing, verifying and exporting cannot differ.
EVENT_COLUMNS = {
    "action": "e.action",
    "actor_id": "e.actor_id::text",
    "actor_name": "e.actor_name",
    "address": "e.address",
    "api_key_id": "e.api_key_id::text",
    "created_at": """to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    "details": "e.details::text",
    "id": "e.id::text",
    "organization_id": "e.organization_id::text",
    "outcome": "e.outcome",
    "request_id": "e.request_id",
    "session_id": "e.session_id::text",
    "target_id": "e.target_id::text",
    "target_type": "e.target_type",
}
# Came after events had been sealed: where they are empty they are not part of an event, whose hash stays as it was.
LATER = ("api_key_id", "request_id", "session_id")
_NAMES = tuple(EVENT_COLUMNS)
EVENT_SQL = ", ".join(EVENT_COLUMNS.values())
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def canonical(value: dict[str, Any]) -> bytes:
    """JSON with sorted keys, without spaces, in ASCII."""
    return _canonical(value).encode()


def event_of(columns: Sequence[Any]) -> dict[str, Any]:
    """The event that ``EVENT_SQL`` selected."""
    event = dict(zip(_NAMES, columns, strict=True))
    event["details"] = json.loads(event["details"])
    return {name: value for name, value in event.items() if value or name not in LATER}


def leaf(event: dict[str, Any]) -> bytes:
    return hashlib.sha256(canonical(event)).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The root of the tree of these hashes; an odd one goes up as it is. A node begins with 1, no leaf's text does."""
    level = list(leaves)
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0] if level else bytes(32)


def block_hash(block: dict[str, Any]) -> str:
    return hashlib.sha256(canonical({key: value for key, value in block.items() if key != "hash"})).hexdigest()


def signed_text(root: dict[str, Any]) -> bytes:
    """Of a day, what its signature is for."""
    return canonical({key: value for key, value in root.items() if key not in ("key_id", "signature")})


def block_of(row: Any) -> dict[str, Any]:
    """A block as it is hashed and exported."""
    return {
        "chain": chain_name(row.organization_id),
        "count": row.count,
        "first_id": str(row.first_id),
        "hash": row.hash,
        "horizon": row.horizon,
        "last_id": str(row.last_id),
        "number": row.number,
        "previous_hash": row.previous_hash,
        "root": row.root,
        "sealed_at": moment_text(row.sealed_at),
    }


def root_of(row: Any) -> dict[str, Any]:
    """A day's root as it is signed and exported."""
    return {
        "chain": chain_name(row.organization_id),
        "day": row.day.isoformat(),
        "first_number": row.first_number,
        "key_id": row.key_id,
        "last_number": row.last_number,
        "root": row.root,
        "signature": row.signature,
    }


def chain_name(organization_id: UUID | None) -> str:
    return str(organization_id) if organization_id else "faraday"


def moment_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_MICROSECONDS)

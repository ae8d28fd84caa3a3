"""How things are written in the JSON of OneRoster 1.2."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

BASE = "/ims/oneroster/gradebook/v1p2"
ROSTERS = "/ims/oneroster/rostering/v1p2"
_PLACES = {
    "lineItem": f"{BASE}/lineItems",
    "category": f"{BASE}/categories",
    "class": f"{ROSTERS}/classes",
    "user": f"{ROSTERS}/users",
    "academicSession": f"{ROSTERS}/academicSessions",
    "org": f"{ROSTERS}/orgs",
}


def reference(kind: str, sourced_id: str) -> dict[str, str]:
    return {"href": f"{_PLACES[kind]}/{sourced_id}", "sourcedId": sourced_id, "type": kind}


def moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def flat(text: str) -> str:
    """On one line, as cells of a file are."""
    return " ".join(text.split())


def number(value: Decimal | None) -> int | float | None:
    """As JSON prints it: 300, not 300.0."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def shared(sourced_id: str, modified: datetime) -> dict[str, Any]:
    """What every document begins with. What is gone is not shown, so all of it is active."""
    return {"sourcedId": sourced_id, "status": "active", "dateLastModified": moment(modified)}


def without_nothing(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value not in (None, "")}

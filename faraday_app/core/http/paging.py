"""Lists over HTTP: one page at a time, with an opaque cursor to the next."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from faraday_app.core.errors import Invalid

LARGEST_PAGE = 50
Item = TypeVar("Item")
Shown = TypeVar("Shown")

Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Items on a page.")]
Cursor = Annotated[
    str, Query(max_length=1000, description="`next` of the page before; leave it out for the first page.")
]


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next: str | None = Field(None, description="Cursor of the following page; null on the last.")


def page(found: Sequence[Item], limit: int, show: Callable[[Item], Shown], *place: str) -> Page[Shown]:
    """The page of what was found when one more than the limit was asked for. ``place`` names the keyset's fields."""
    items = list(found[:limit])
    following = cursor(*(getattr(items[-1], name) for name in place)) if len(found) > limit else None
    return Page(items=[show(item) for item in items], next=following)


def cursor(*key: str | UUID | datetime) -> str:
    parts = [part.isoformat() if isinstance(part, datetime) else str(part) for part in key]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def parsed(text: str, *kinds: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """The keyset in a cursor, or None for the first page. Invalid for anything that was no cursor of ours."""
    if not text:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        raise Invalid("This cursor is not one of ours. Leave it out to begin anew.", field="cursor") from None

"""UUIDv7: unique everywhere and sorted by the time they were made."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from faraday_app.core.errors import NotFound


def new_id() -> UUID:
    return uuid7()


def parse_id(text: object) -> UUID:
    """The id that a browser or client sent; anything else is a thing that does not exist."""
    try:
        return text if isinstance(text, UUID) else UUID(str(text))
    except ValueError:
        raise NotFound from None


def first_id_of(moment: datetime) -> UUID:
    """The smallest id that can have been made at this moment: where a list by id begins to be that new."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62))

"""When a backup is due, and which ones may go."""

from datetime import datetime, timedelta
from uuid import UUID

from faraday_app.contexts.models import Every

_EARLIEST = timedelta(hours=1)  # after midnight UTC
_SPREAD = 180  # minutes: not all organisations at once


def due_since(every: Every, organization_id: UUID, at: datetime) -> datetime | None:
    """The last moment up to now for which a backup was to be made; nothing when none is made by itself.

    In the night, each organisation at a minute of its own; the weekly ones on Sundays.
    """
    if every is Every.off:
        return None
    own = _EARLIEST + timedelta(minutes=organization_id.int % _SPREAD)
    moment = at.replace(hour=0, minute=0, second=0, microsecond=0) + own
    if moment > at:
        moment -= timedelta(days=1)
    if every is Every.week:
        moment -= timedelta(days=(moment.weekday() + 1) % 7)
    return moment


def due_by(at: datetime) -> datetime:
    """No organisation's moment of last night is later than this."""
    ended = at.replace(hour=0, minute=0, second=0, microsecond=0) + _EARLIEST + timedelta(minutes=_SPREAD)
    begun = ended - timedelta(minutes=_SPREAD)
    return min(at, ended) if at >= begun else ended - timedelta(days=1)


def next_after(every: Every, organization_id: UUID, at: datetime) -> datetime | None:
    before = due_since(every, organization_id, at)
    return before and before + timedelta(days=7 if every is Every.week else 1)

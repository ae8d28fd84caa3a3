"""How much an API key may spend, and over which time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Period(StrEnum):
    """How long a budget lasts; days, weeks (from Monday) and months begin at midnight UTC."""

    day = "day"
    week = "week"
    month = "month"
    total = "total"

    def began(self, at: datetime) -> datetime:
        """When the period of this moment began."""
        midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        match self:
            case Period.day:
                return midnight
            case Period.week:
                return midnight - timedelta(days=midnight.weekday())
            case Period.month:
                return midnight.replace(day=1)
            case Period.total:
                return datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Budget:
    """Micro-credits that an API key may spend in a period."""

    api_key_id: UUID
    most: int
    period: Period

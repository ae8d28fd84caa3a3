"""What an administrator set instead of a default, remembered by each worker."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from faraday_app.core.clock import now
from faraday_app.core.kept import Kept
from faraday_app.core.limits.gcra import Rule
from faraday_app.core.limits.policies import Endpoint, Subject


class Where(NamedTuple):
    """An override reaches the calls of its own organisation only."""

    organization_id: UUID
    endpoint: Endpoint
    subject: Subject
    value: str


class Instead(NamedTuple):
    rule: Rule
    until: datetime


overrides: Kept[dict[Where, Instead]] = Kept("limits", {})


def override_for(where: Where) -> Rule | None:
    """The rule that stands instead, while it lasts."""
    found = overrides.value.get(where)
    return found.rule if found and found.until > now() else None

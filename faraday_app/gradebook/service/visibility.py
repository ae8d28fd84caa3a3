"""Who sees a grade when: the one rule that every page, list, export and answer goes by."""

from collections.abc import Mapping
from datetime import datetime

from faraday_app.gradebook.models import Audience


def visible(
    posted_at: datetime | None,
    releases: Mapping[str, datetime | None] | None,
    audience: Audience,
    moment: datetime,
) -> bool:
    """Whether an audience may see a grade at a moment: it is posted, and the work is released to them by then.

    ``releases`` are those of the assignment (``Structure.releases``). None for an audience hides it until further
    notice; no entry means as soon as it is posted. The class's staff sees everything, and is no audience.
    """
    return posted_at is not None and posted_at <= moment and released(releases, audience, moment)


def released(releases: Mapping[str, datetime | None] | None, audience: Audience, moment: datetime) -> bool:
    """The half of the rule that is about the work, whoever's it is."""
    if not releases or audience not in releases:
        return True
    begins = releases[audience]
    return begins is not None and begins <= moment

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
    if posted_at is None or posted_at > moment:
        return False
    if not releases or audience not in releases:
        return True
    begins = releases[audience]
    return begins is not None and begins <= moment

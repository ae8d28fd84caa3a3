"""What is looked after in the background: keys that are about to expire."""

from datetime import timedelta

import procrastinate
from sqlalchemy import select
from sqlmodel import col

from faraday_app.core import notices
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.security.models import ApiKey

WARN_BEFORE = timedelta(days=7)
BATCH = 100
blueprint = procrastinate.Blueprint()


@blueprint.periodic(cron="13 * * * *")
@blueprint.task(name="warn_of_expiry", pass_context=False)
async def warn_of_expiry(timestamp: int) -> None:
    while await warn_some():
        pass


async def warn_some() -> int:
    """Tell the owners of keys that expire within a week, once each; how many keys there were.

    Not of keys that were made for no longer than that.
    """
    due = (
        select(ApiKey)
        .where(
            col(ApiKey.revoked_at).is_(None),
            col(ApiKey.warned_at).is_(None),
            col(ApiKey.expires_at).between(now(), now() + WARN_BEFORE),
            col(ApiKey.expires_at) - col(ApiKey.created_at) > WARN_BEFORE,
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    async with transaction(Actor.system()) as session:
        keys = (await session.scalars(due)).all()
        for key in keys:
            key.warned_at = now()
            await notices.tell(session, _notice(key))
    return len(keys)


def _notice(key: ApiKey) -> notices.Notice:
    assert key.expires_at
    return notices.Notice(
        key.organization_id,
        (key.user_id,),
        "api_key.expiring",
        f"Your API key “{key.name}” expires on {key.expires_at.day} {key.expires_at:%B}",
        "Rotate it before then, and programs that use it go on without a break.",
        "/keys",
    )

"""Refusals at the door, in the trail."""

from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.security.service.audit import record


async def keep_refusal(actor: Actor, what: str, permission: str) -> None:
    """In a transaction of its own: what was refused has none."""
    async with transaction(actor) as session:
        record(session, actor, "access.refused", what=what, permission=permission)

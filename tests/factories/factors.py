"""Second factors, made through the services."""

from dataclasses import replace
from datetime import timedelta

import pyotp

from faraday_app.accounts.service import totp
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor


def confirmed(actor: Actor) -> Actor:
    """The actor, who has just shown who they are."""
    return replace(actor, confirmed_at=now())


def stale(actor: Actor) -> Actor:
    return replace(actor, confirmed_at=now() - timedelta(minutes=11))


def code(secret: str, steps: int = 0) -> str:
    """What the app shows now, or some steps from now."""
    return pyotp.TOTP(secret).at(now() + timedelta(seconds=30 * steps))


async def enrol(actor: Actor) -> tuple[str, list[str]]:
    """The secret of an app that is on, and the backup codes. Uses the code of the step before this one."""
    actor = confirmed(actor)
    async with transaction(actor) as session:
        secret = (await totp.begin(session, actor)).secret
    async with transaction(actor) as session:
        return secret, await totp.finish(session, actor, code(secret, -1))

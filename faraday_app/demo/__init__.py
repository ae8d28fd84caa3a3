"""The demo school of a first run: made through the services, each domain by its own module."""

import json
import os
from dataclasses import asdict

from sqlalchemy import text

from faraday_app.core.database import engine, transaction
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.demo import people
from faraday_app.organizations.service import any_organization


async def ensure() -> list[dict[str, str]] | None:
    """Make the demo school where there is no organisation yet; None when there is one."""
    try:
        if await any_organization():
            return None
        made = [asdict(account) for account in await _make()]
    finally:
        await engine().dispose()
    _keep(made)
    return made


async def _make() -> list[people.DemoAccount]:
    """All of it or nothing. A domain's module has ``make(session, school)``; they stand in the order of the tiers."""
    async with transaction(Actor.system()) as session:
        await session.execute(text("select pg_advisory_xact_lock(hashtext('faraday set-up'))"))
        school = await people.make_school(session)
    return school.accounts


def _keep(accounts: list[dict[str, str]]) -> None:
    """Readable by the owner alone."""
    path = settings().data / "demo-accounts.json"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(accounts, file, indent=1)

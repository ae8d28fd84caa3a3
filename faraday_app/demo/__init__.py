"""The demo school of a first run: made through the services, each domain by its own module."""

import json
import os
from dataclasses import asdict

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.database import engine, transaction
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.demo import classes, coursework, grades, materials, peers, people, rubrics
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
    async with transaction(Actor.system()) as session:
        await session.execute(text("select pg_advisory_xact_lock(hashtext('faraday set-up'))"))
        school = await make(session)
    return school.accounts


async def make(session: AsyncSession) -> people.School:
    """All of it or nothing. Each domain's module makes its own, in the order of the tiers."""
    school = await people.make_school(session)
    await classes.make(session, school)
    await coursework.make(session, school)
    await materials.make(session, school)
    await rubrics.make(session, school)
    await peers.make(session, school)
    await grades.make(session, school)
    return school


def _keep(accounts: list[dict[str, str]]) -> None:
    """Readable by the owner alone."""
    path = settings().data / "demo-accounts.json"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(accounts, file, indent=1)

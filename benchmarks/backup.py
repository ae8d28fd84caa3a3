"""Backups: a school's conversations packed and checked, destroyed, and brought back."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

import psycopg

from benchmarks.conversations import Texts, owner, write
from benchmarks.figures import Figure
from benchmarks.served import Served
from faraday_app.accounts.models import User
from faraday_app.contexts.models import Backup, BackupSchedule, Restore
from faraday_app.contexts.service import backups
from faraday_app.contexts.service.backups.tables import kept
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.service import create_organization, people
from faraday_app.organizations.service.identity import member

CONTEXTS, EACH = 10_000, 100  # conversations, and messages in each
QUICK = 20  # times less of everything
MAKING, BRINGING = 300.0, 180.0  # seconds for all of it
PACKED = 60.0  # per cent of the plain size
LONGEST = 1_800  # seconds; most of them to write and to destroy
AT_ONCE = 100  # conversations written in one statement
Found = TypeVar("Found", Backup, Restore)


async def measure(app: Served, quick: bool) -> list[Figure]:
    """By the jobs of the instance, as an administrator asks for it in the page."""
    share = QUICK if quick else 1
    contexts = CONTEXTS // share
    actor = await _school()
    await asyncio.to_thread(_fill, actor, contexts)
    backup, made = await _make(actor)
    await asyncio.to_thread(_destroy, actor.organization)
    counts, brought = await _restore(actor, backup)
    if counts["contexts"]["new"] != contexts or counts["messages"]["new"] != contexts * EACH:
        raise RuntimeError(f"Not everything came back: {counts}")
    of = f"{contexts:,} conversations, {contexts * EACH:,} messages"
    checked = "read back into scratch tables and compared, by the job of the instance"
    return [
        Figure(f"backup of {of}", "s", made, target=MAKING / share, note=checked),
        Figure(f"restore of {of}", "s", brought, target=BRINGING / share, note="after everything was destroyed"),
        Figure(
            "backup, of the plain size",
            "%",
            backup.size * 100 / backup.plain_size,
            target=PACKED,
            note=f"{backup.size / 1e6:,.0f} of {backup.plain_size / 1e6:,.0f} MB; words as often as in our own docs",
        ),
    ]


async def _school() -> Actor:
    """A school of its own, with one administrator, that makes no backups by itself meanwhile."""
    faraday = Actor.system()
    async with transaction(faraday) as session:
        school = await create_organization(session, faraday, "Bench School")
        user = User(name="Jonas Prie", email=f"{new_id().hex}@bench.example", password_hash="")
        session.add(user)
        session.add(BackupSchedule(organization_id=school.id, every="off"))
        await session.flush()
        await people.add_member(session, replace(faraday, organization_id=school.id), user.id, Role.administrator)
        actor = await member(session, user.id, school.id)
    assert actor
    return replace(actor, confirmed_at=now())


async def _make(actor: Actor) -> tuple[Backup, float]:
    begun = time.monotonic()
    async with transaction(actor) as session:
        started = await backups.begin(session, actor)
    found = await _until(Backup, started.id, lambda row: row.finished_at is not None)
    if found.state != "good":
        raise RuntimeError(found.error)
    return found, time.monotonic() - begun


async def _restore(actor: Actor, backup: Backup) -> tuple[dict[str, dict[str, int]], float]:
    """From the confirmation on; the comparison before is what the page shows."""
    async with transaction(actor) as session:
        wanted = await backups.compare(session, actor, backup.id)
    await _until(Restore, wanted.id, lambda row: row.state == "ready" or row.finished_at is not None)
    begun = time.monotonic()
    confirmed = replace(actor, confirmed_at=now())
    async with transaction(confirmed) as session:
        await backups.confirm(session, confirmed, wanted.id)
    found = await _until(Restore, wanted.id, lambda row: row.finished_at is not None)
    if found.state != "done":
        raise RuntimeError(found.error)
    return found.found["tables"], time.monotonic() - begun


async def _until(kind: type[Found], id: UUID, over: Callable[[Found], bool]) -> Found:
    while True:
        async with transaction(Actor.system()) as session:
            found = await session.get_one(kind, id)
        if over(found):
            return found
        await asyncio.sleep(0.1)


def _fill(actor: Actor, contexts: int) -> None:
    texts = Texts()
    with psycopg.connect(owner(), options="-c app.system=on") as connection:
        for begin in range(0, contexts, AT_ONCE):
            write(connection, actor, [texts.turns(EACH) for _ in range(min(AT_ONCE, contexts - begin))])
            connection.commit()
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze messages")


def _destroy(organization_id: UUID) -> None:
    """As a disaster would: at once, and without asking what refers to what."""
    with psycopg.connect(owner(), options="-c app.system=on") as connection:
        connection.execute("set session_replication_role = replica")
        for table in reversed(kept()):
            connection.execute(f"delete from {table.name} where organization_id = %s", [organization_id])  # noqa: S608
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum messages")

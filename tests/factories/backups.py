"""Backups and restores, brought to their end."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

import obstore
import psycopg
from sqlalchemy import make_url, select, text
from sqlmodel import col

from faraday_app.contexts.models import Backup, Context, Message, Orchestration, Restore, Run
from faraday_app.contexts.service import backups, conversations
from faraday_app.contexts.service.backups.tables import kept
from faraday_app.core import files
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from tests.factories.contexts import ask, begin, fund, share
from tests.factories.gpts import make_gpt
from tests.factories.imports import bring, chat, node
from tests.factories.people import Cast


async def fill(cast: Cast) -> Cast:
    """Conversations with branches, members, a GPT, questions to several, an answer that was paid for."""
    await fund(cast, cast.teacher)
    await bring(cast.teacher, [
        chat(node("q", "root", "user", "Frogs?\n\\N\t“tab”"), node("a", "q", "assistant", "Flies."),
             node("b", "q", "assistant", "Insects."), id="c1"),
        chat(node("q", "root", "user", "Newts?"), node("a", "q", "assistant", "Worms."), id="c2", title="Newts"),
    ])  # fmt: skip
    gpt = await make_gpt(cast.teacher)
    _, frogs = await ids(cast.teacher)
    await share(cast.teacher, frogs, cast.colleague)
    paid = await begin(cast.teacher, "Paid")
    run = await ask(cast.teacher, paid)
    async with transaction(Actor.system(cast.organization_id)) as session:
        answer, context = await session.get_one(Message, run.message_id), await session.get_one(Context, frogs)
        answer.status, answer.content = "complete", "Hello. " * 300
        answer.gpt_id = gpt.id
        (await session.get_one(Run, run.id)).finished_at = now()
        asked = await session.scalar(select(Message).where(col(Message.context_id) == frogs).limit(1))
        session.add(Orchestration(
            organization_id=cast.organization_id, context_id=frogs, asked_id=asked.id, mode="compare", gpt_ids=[gpt.id],
            started_by=cast.teacher.user, lease_until=now(), finished_at=now()))  # fmt: skip
        context.left_out = ["data:1", 'odd "quoted", {thing}']
    return cast


async def ids(actor: Actor) -> list[UUID]:
    """Of their conversations, newest first."""
    async with transaction(actor) as session:
        return sorted(item.id for item in await conversations.search(session, actor))[::-1]


def archive_of(found: Backup) -> bytes:
    """As it lies in the store."""
    return bytes(obstore.get(files.store(), found.path).bytes())


async def made(administrator: Actor) -> Backup:
    async with transaction(administrator) as session:
        begun = await backups.begin(session, administrator)
    await backups.work()
    return await backup(begun.id)


async def backup(backup_id: UUID) -> Backup:
    async with transaction(Actor.system()) as session:
        return await session.get_one(Backup, backup_id)


async def compared(
    administrator: Actor, of: Backup, context_id: UUID | None = None, *, put_back: bool = False
) -> Restore:
    async with transaction(administrator) as session:
        wanted = await backups.compare(session, administrator, of.id, context_id, put_back=put_back)
    await backups.work()
    return await restore(wanted.id)


async def restored(
    administrator: Actor, of: Backup, context_id: UUID | None = None, *, put_back: bool = False
) -> Restore:
    """Compared, confirmed by somebody who has just shown who they are, and done."""
    wanted = await compared(administrator, of, context_id, put_back=put_back)
    assert wanted.state == "ready", wanted.error
    confirmed = replace(administrator, confirmed_at=now())
    async with transaction(confirmed) as session:
        await backups.confirm(session, confirmed, wanted.id)
    await backups.work()
    return await restore(wanted.id)


async def restore(restore_id: UUID) -> Restore:
    async with transaction(Actor.system()) as session:
        return await session.get_one(Restore, restore_id)


def total(of: Restore, kind: str) -> int:
    return sum(each[kind] for each in of.found["tables"].values())


async def rows(organization_id: UUID, tables: Iterable[str] = ()) -> dict[str, list[str]]:
    """Everything that a backup holds, as PostgreSQL writes it."""
    found = {}
    async with transaction(Actor.system()) as session:
        for name in tables or [table.name for table in kept()]:
            query = text(f"select t::text from {name} t where organization_id = :ours order by id")  # noqa: S608
            found[name] = list(await session.scalars(query, {"ours": organization_id}))
    return found


def destroy(organization_id: UUID | str, database: str = "") -> None:
    """Every row that a backup holds, gone for good: here, or in the database of another Faraday."""
    url = make_url(database or settings().database_url.get_secret_value()).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), options="-c app.system=on") as connection:
        for table in reversed(kept()):
            connection.execute(f"delete from {table.name} where organization_id = %s", [organization_id])  # noqa: S608

"""A zip comes in and is looked at. Nothing of it is applied, and nothing is forgotten of what it would do."""

import asyncio
from collections.abc import AsyncIterable
from dataclasses import asdict
from pathlib import PurePath
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import RosterChange, RosterImport, RosterState
from faraday_app.classes.oneroster import Reading, read
from faraday_app.classes.service.rosters.foreseeing import Prospect, foresee, mode_of, source_of
from faraday_app.classes.service.rosters.settings import settings_of
from faraday_app.classes.service.rosters.words import FILES
from faraday_app.core import files, turns, vault
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import record

LARGEST = files.LARGEST
AT_ONCE = 2_000  # rows of the diff in one statement
MOST_NAMED = 50


def purpose_of(import_id: UUID) -> str:
    return f"roster import {import_id}"


def roster_topic(organization_id: UUID) -> str:
    return topic("rosters", organization_id)


async def receive(actor: Actor, name: str, content: AsyncIterable[bytes]) -> RosterImport:
    """The zip as it comes, looked at. Invalid for an empty one, or one of more than 20 MB: then nothing is kept."""
    actor.must(Permission.rosters_manage)
    return await check(actor, name, await _whole(content))


async def check(actor: Actor, name: str, data: bytes) -> RosterImport:
    """A dry run: what the zip would change, kept for whoever looks at it. What was looked at before is discarded."""
    actor.must(Permission.rosters_manage)
    async with transaction(actor) as session:
        demographics = (await settings_of(session, actor.organization)).demographics
    reading = await asyncio.to_thread(read, data, demographics=demographics)
    found = RosterImport(id=new_id(), organization_id=actor.organization, sent_by=actor.user_id, name=_clean_name(name))
    if reading.package is not None and reading.applicable:
        key = await files.keep(actor.organization, found.id, data)
        found.sealed_key = await vault.seal(actor.organization, key, purpose_of(found.id))
    async with transaction(actor) as session:
        await turns.one_at_a_time(session, "rosters", actor.organization)
        before = await discard_open(session, actor.organization)
        prospect = await foresee(session, actor, reading) if found.sealed_key else None
        describe(found, reading, prospect)
        session.add(found)
        await session.flush()
        if prospect:
            await _keep_rows(session, found, prospect)
        record(session, actor, "roster.checked", found, source=found.source, state=found.state, counts=found.counts)
        publish_on_commit(session, roster_topic(actor.organization))
    for import_id in before:
        await files.remove(actor.organization, import_id)
    return found


def describe(found: RosterImport, reading: Reading, prospect: Prospect | None) -> None:
    """What is said of the file: by the plan where there is one, else by what was read."""
    if reading.package is not None:
        found.source, found.format = source_of(reading.package), reading.package.version.value
        found.mode = mode_of(reading.package)
    settled = prospect.plan.reading if prospect else reading
    found.findings = [asdict(each) for each in settled.findings]
    found.more = settled.more
    found.state = RosterState.checked if prospect else RosterState.refused
    if prospect is None:
        return
    found.counts, found.digest = prospect.counts, prospect.digest()
    found.sweeping = [FILES[file] for file in prospect.plan.sweeping]
    people = prospect.administrators
    found.administrators = [prospect.person(each) for each in people[:MOST_NAMED]]


async def discard_open(session: AsyncSession, organization_id: UUID) -> list[UUID]:
    """What was looked at and not applied: its rows go. Returns whose zips can go when this is committed."""
    waiting = (col(RosterImport.organization_id) == organization_id, col(RosterImport.state) == RosterState.checked)
    ids = list(await session.scalars(select(col(RosterImport.id)).where(*waiting)))
    if ids:
        await forget_rows(session, ids)
        await session.execute(update(RosterImport).where(*waiting).values(state=RosterState.discarded, sealed_key=""))
    return ids


async def forget_rows(session: AsyncSession, import_ids: list[UUID]) -> None:
    await session.execute(delete(RosterChange).where(col(RosterChange.import_id).in_(import_ids)))


async def _keep_rows(session: AsyncSession, found: RosterImport, prospect: Prospect) -> None:
    made, at = {"organization_id": found.organization_id, "import_id": found.id}, now()
    rows: list[dict[str, Any]] = [
        {
            **made,
            "id": new_id(),
            "created_at": at,
            "position": position,
            "file": row.file.value,
            "action": row.action.value,
            "row": row.row,
            "sourced_id": row.sourced_id,
            "label": row.label,
            "why": row.why[:600],
            "fields": [[name, old[:300], new[:300]] for name, old, new in row.fields],
        }
        for position, row in enumerate(prospect.rows())
    ]
    for begin in range(0, len(rows), AT_ONCE):
        await session.execute(insert(RosterChange), rows[begin : begin + AT_ONCE])


async def _whole(content: AsyncIterable[bytes]) -> bytes:
    pieces, size = [], 0
    async for piece in content:
        size += len(piece)
        if size > LARGEST:
            raise Invalid(f"A zip can have {LARGEST // 1024**2} MB at most. Send one school at a time.", field="file")
        pieces.append(piece)
    if not size:
        raise Invalid("This file is empty.", field="file")
    return b"".join(pieces)


def _clean_name(name: str) -> str:
    own = PurePath(name.replace("\\", "/")).name
    return "".join(sign for sign in own if sign.isprintable())[:200] or "roster.zip"

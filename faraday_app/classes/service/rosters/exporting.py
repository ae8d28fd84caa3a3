"""What is here as a OneRoster package: all of it, or what has changed since a moment."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import RosterExport
from faraday_app.classes.oneroster import GRADEBOOK, File, Mode, Package, Record, Version, write
from faraday_app.classes.oneroster.tables import TABLES
from faraday_app.classes.service.rosters.foreseeing import EXPORTED, exported_by
from faraday_app.classes.service.rosters.picture import Picture, picture
from faraday_app.classes.service.rosters.stored import restored
from faraday_app.core import turns
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.models import Organization
from faraday_app.security.service import record

AT_ONCE = 2_000
NAMES = frozenset({"given_name", "family_name", "username"})
Cells = dict[str, str]


async def export(actor: Actor, version: Version = Version.v1_2, since: datetime | None = None) -> bytes:
    """The bytes of the zip. With ``since`` a delta, which also names what is gone.

    What a delta goes by is what was exported before: a row is as new as the first export that found it so. None is
    missed by that, and of changes between two exports each is told in the one after.
    """
    actor.must(Permission.rosters_manage)
    async with transaction(actor) as session:
        await turns.one_at_a_time(session, "roster exports", actor.organization)
        found = await picture(session, actor.organization)
        changed = await _noted(session, found)
        name = (await session.get_one(Organization, actor.organization)).name
        told = {"version": version.value, "since": since.isoformat() if since else ""}
        package = _bulk(found, version, name) if since is None else _delta(found, changed, since, version, name)
        record(session, actor, "roster.exported", None, **told)
    return await asyncio.to_thread(write, package)


def _files(version: Version, *, graded: bool) -> tuple[File, ...]:
    own = (File.orgs, File.academic_sessions, File.courses, File.classes, File.users, File.roles, File.enrollments)
    wanted = (*own, *(GRADEBOOK if graded else ()))
    return tuple(file for file in wanted if version in TABLES[file].versions)


def _bulk(found: Picture, version: Version, name: str) -> Package:
    graded = any(found.records.get(file) for file in GRADEBOOK)
    files = _files(version, graded=graded)
    return _package(version, Mode.bulk, {file: tuple(found.records.get(file, {}).values()) for file in files}, name)


def _delta(found: Picture, changed: list[RosterExport], since: datetime, version: Version, name: str) -> Package:
    records: dict[File, tuple[Record, ...]] = {}
    for file in _files(version, graded=True):
        rows = [each for each in changed if each.file == file and each.changed_at > since]
        if rows:
            records[file] = tuple(_told(found, file, each) for each in rows)
    return _package(version, Mode.delta, records, name)


def _told(found: Picture, file: File, row: RosterExport) -> Record:
    """As it is now; of what is gone, that it is."""
    there = found.records.get(file, {}).get(row.sourced_id)
    if there is None:
        gone: Record = restored(file, row.sourced_id, row.fields, active=False, modified=row.changed_at)
        return gone
    return replace(there, modified=row.changed_at)


def _package(version: Version, mode: Mode, records: Mapping[File, tuple[Record, ...]], name: str) -> Package:
    named: dict[str, Any] = {file.name: rows for file, rows in records.items()}
    return Package(version, dict.fromkeys(records, mode), exported_by(name), EXPORTED, **named)


async def _noted(session: AsyncSession, found: Picture) -> list[RosterExport]:
    """Every row that was ever exported, as it is now, with the moment since when it is so."""
    query = select(RosterExport).where(col(RosterExport.organization_id) == found.organization_id)
    before = {(row.file, row.sourced_id): row for row in await session.scalars(query.order_by(col(RosterExport.id)))}
    at, new = now(), []
    for file, records in found.records.items():
        for each in records.values():
            cells = _cells(file, each)
            row = before.pop((file.value, each.sourced_id), None)
            if row is None:
                new.append(_new(found.organization_id, file, each.sourced_id, cells, at))
            elif row.digest != (digest := _digest(cells)) or not row.active:
                row.digest, row.fields, row.active, row.changed_at = digest, _needed(file, cells), True, at
    for row in before.values():
        if row.active:
            row.active, row.changed_at = False, at
    await session.flush()
    for begin in range(0, len(new), AT_ONCE):
        await session.execute(insert(RosterExport), new[begin : begin + AT_ONCE])
    return list(await session.scalars(query.order_by(col(RosterExport.id))))


def _new(organization_id: UUID, file: File, sourced_id: str, cells: Cells, at: datetime) -> dict[str, Any]:
    named = {"organization_id": organization_id, "file": file.value, "sourced_id": sourced_id}
    return {
        "id": new_id(),
        "created_at": at,
        **named,
        "digest": _digest(cells),
        "fields": _needed(file, cells),
        "active": True,
        "changed_at": at,
    }


def _digest(cells: Cells) -> str:
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


def _needed(file: File, cells: Cells) -> Cells:
    """What the format wants of a row that is gone. Nobody has to be named for that."""
    needed = {column.field for column in TABLES[file].own if column.needed} & cells.keys()
    return {name: "–" if name in NAMES else cells[name] for name in needed}


def _cells(file: File, each: Record) -> Cells:
    written = ((column.field, column.kind.write(getattr(each, column.field))) for column in TABLES[file].own)
    return {name: cell for name, cell in written if cell}

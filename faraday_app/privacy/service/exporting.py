"""Everything that is held of a person, as a ZIP: one JSON Lines file for each table, and the files they handed in."""

import asyncio
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core import files, vault
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.personal import Place, places
from faraday_app.core.vault.registry import columns as sealed_columns
from faraday_app.privacy.service import rows
from faraday_app.security.service import record
from faraday_app.security.service.audit import Thing

ROWS = 500  # at once
_UNFIT = re.compile(r"[^\w. -]+")
_log = structlog.get_logger(__name__)

ABOUT = """This archive holds what is kept about one person in one organisation, as of {at:%Y-%m-%d %H:%M} UTC.

Each file under data/ is one table, one JSON object on each line. Secrets such as password hashes and keys are left
out. Texts that are kept encrypted are here in clear: keep this archive where only the person reads it.
{posted}"""
POSTED = """
Grades, marks and comments are on the page of grades, as far as they are posted. The school exports the whole record.
"""


async def archive(actor: Actor, person_id: UUID) -> AsyncIterator[bytes]:
    """The ZIP, piece by piece: nothing of it is kept. Whether the actor may is asked before (``may_export``)."""
    async with transaction(actor) as session:
        record(session, actor, "person.exported", Thing("users", person_id))
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("about.txt", ABOUT.format(at=now(), posted="" if _is_school(actor) else POSTED))
        for table in dict.fromkeys(place.table for place in _exported(actor)):
            async for name, content in _of_table(table, person_id, actor.organization):
                await asyncio.to_thread(packed.writestr, name, content)
                yield sink.taken()
    yield sink.taken()


def _is_school(actor: Actor) -> bool:
    return actor.may(Permission.privacy_manage)


def _exported(actor: Actor) -> Iterator[Place]:
    return (place for place in places() if place.exported and (_is_school(actor) or not place.unposted))


async def _of_table(table: str, person_id: UUID, organization_id: UUID) -> AsyncIterator[tuple[str, bytes]]:
    """Its rows, in files of so many lines, each row once; then the files that they stand for."""
    here = [place for place in places() if place.table == table and place.exported]
    seen: set[UUID] = set()
    number = 0
    for place in here:
        after = UUID(int=0)
        while True:
            async with transaction(Actor.system(organization_id)) as session:
                found = await _page(session, place, person_id, organization_id, after)
                lines = [await _line(place, row) for row in found if row["id"] not in seen]
            if not found:
                break
            after = found[-1]["id"]
            fresh = [row for row in found if row["id"] not in seen]
            seen.update(row["id"] for row in fresh)
            if lines:
                number += 1
                suffix = "" if number == 1 else f"-{number}"
                yield f"data/{table}{suffix}.jsonl", "".join(lines).encode()
            for row in fresh if place.files else []:
                if content := await _file(place, row):
                    yield f"files/{table}/{row['id']} {_named(row)}".strip(), content


async def _page(
    session: AsyncSession, place: Place, person_id: UUID, organization_id: UUID, after: UUID
) -> list[Mapping[str, Any]]:
    table = rows.table_of(place)
    query = (
        select(table)
        .where(rows.of_person(place, person_id, organization_id), table.c.id > after)
        .order_by(table.c.id)
        .limit(ROWS)
    )
    return [dict(row) for row in (await session.execute(query)).mappings()]


async def _line(place: Place, row: Mapping[str, Any]) -> str:
    sealed = {each.column: each for each in sealed_columns() if each.table == place.table}
    told: dict[str, Any] = {}
    for name, value in row.items():
        if name in place.secret:
            continue
        if name in sealed and value is not None:
            told[name.removeprefix("sealed_")] = await _opened(value, sealed[name].purpose.format(**row))
        else:
            told[name] = value
    return json.dumps(told, default=str, ensure_ascii=False) + "\n"


async def _opened(value: str, purpose: str) -> str | None:
    try:
        return await vault.unseal(value, purpose)
    except vault.Unreadable:
        return None  # erased with the organisation's keys


def _named(row: Mapping[str, Any]) -> str:
    """What the file was called, as far as a path can hold it."""
    return _UNFIT.sub("_", str(row.get("name", "")))[:120].strip("._ ")


async def _file(place: Place, row: Mapping[str, Any]) -> bytes | None:
    purpose = next(each.purpose for each in sealed_columns() if (each.table, each.column) == (place.table, place.files))
    sealed, file_id = row[place.files], row[place.file_id]
    key = await _opened(sealed, purpose.format(**row)) if sealed and file_id else None
    try:
        return await files.read(row["organization_id"], file_id, key) if key else None
    except files.Gone:
        _log.warning("file_not_exported", table=place.table, id=str(row["id"]))
        return None


class _Sink(io.RawIOBase):
    """What a ZIP is written to when it leaves at once: it never goes back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)

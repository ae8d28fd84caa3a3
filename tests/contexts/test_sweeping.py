"""Files that nothing speaks of any more leave the store; all others stay."""

import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import obstore
from sqlalchemy import select, text
from sqlmodel import SQLModel, col

import faraday_app.tables  # noqa: F401  every table says it
from faraday_app.contexts.models import Import, StoredFile
from faraday_app.contexts.service import data, knowledge, stored, sweeping
from faraday_app.core import files, named_files
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Unavailable
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.security.models import AuditEvent
from tests.factories.backups import made
from tests.factories.contexts import begin
from tests.factories.data import FROGS, send_in, teach
from tests.factories.gpts import make_gpt

DAY = 24 * 3600


class TestNaming:
    def test_is_said_by_every_table_that_holds_the_key_of_a_file(self):
        with_keys = {name for name, table in SQLModel.metadata.tables.items() if "sealed_key" in table.columns}
        assert with_keys >= {"stored_files", "submission_files", "material_files"}
        assert with_keys - named_files.tables() == set()


class TestSweep:
    async def test_removes_what_nothing_speaks_of_and_tells_it(self, cast):
        left = await _left_over(cast.organization_id, b"0123456789" * 10)
        theirs = await _left_over(cast.stranger.organization)
        item = await send_in(cast.teacher, await begin(cast.teacher), "frogs.md", FROGS.encode())
        _age(cast.organization_id, item.file_id)
        size = _path(cast.organization_id, left).stat().st_size
        assert await sweeping.sweep() >= 2
        assert not _path(cast.organization_id, left).exists()
        assert not _path(cast.stranger.organization, theirs).exists()
        assert await _told(cast.organization_id) == [("files.swept", {"files": 1, "bytes": size})]
        async with transaction(cast.teacher) as session:
            assert await stored.content_of(await session.get_one(StoredFile, item.file_id)) == FROGS.encode()
        await sweeping.sweep()
        assert len(await _told(cast.organization_id)) == 1

    async def test_leaves_alone_what_may_be_on_its_way_in(self, cast):
        fresh = await _left_over(cast.organization_id, age=DAY - 60)
        await sweeping.sweep()
        assert _path(cast.organization_id, fresh).exists()
        assert await _told(cast.organization_id) == []

    async def test_leaves_alone_archives_and_imports_that_are_waiting(self, cast):
        await begin(cast.teacher)
        backup = await made(cast.administrator)
        _age(cast.organization_id, backup.id)
        waiting, over = await _import(cast), await _import(cast, finished_at=now())
        await sweeping.sweep()
        assert _path(cast.organization_id, backup.id).exists()
        assert _path(cast.organization_id, waiting).exists()
        assert not _path(cast.organization_id, over).exists()

    async def test_keeps_the_files_of_removed_data_which_versions_name(self, cast):
        context_id = await begin(cast.teacher)
        item = await send_in(cast.teacher, context_id, "frogs.md", FROGS.encode())
        async with transaction(cast.teacher) as session:
            await data.remove(session, cast.teacher, context_id, item.id)
        _age(cast.organization_id, item.file_id)
        await sweeping.sweep()
        assert _path(cast.organization_id, item.file_id).exists()

    async def test_keeps_what_a_gpt_knew_which_versions_name(self, cast):
        gpt = await make_gpt(cast.teacher)
        known = await teach(cast.teacher, gpt.id, "frogs.md", FROGS.encode())
        async with transaction(cast.teacher) as session:
            await knowledge.remove(session, cast.teacher, gpt.id, known.id)
        _age(cast.organization_id, known.file_id)
        await sweeping.sweep()
        assert _path(cast.organization_id, known.file_id).exists()

    async def test_touches_nothing_outside_the_folders_of_organisations(self, cast):
        root = settings().data.resolve() / "files"
        odd = [root / "notes.txt", root / new_id().hex / new_id().hex, root / cast.organization_id.hex / "notes.txt"]
        for path in odd:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"Not ours.")
            os.utime(path, (time.time() - 2 * DAY,) * 2)
        await sweeping.sweep()
        assert all(path.exists() for path in odd)
        for path in odd:
            path.unlink()

    async def test_goes_through_the_store_page_by_page(self, cast, monkeypatch):
        monkeypatch.setattr(files, "LISTED", 2)
        monkeypatch.setattr(sweeping, "AT_ONCE", 3)
        left = [await _left_over(cast.organization_id) for _ in range(7)]
        await sweeping.sweep()
        assert not any(_path(cast.organization_id, each).exists() for each in left)
        assert sum(told["files"] for _, told in await _told(cast.organization_id)) == 7

    async def test_takes_missing_rows_for_a_loss_and_not_for_leftovers(self, cast, monkeypatch):
        monkeypatch.setattr(sweeping, "SUSPICIOUS", 3)
        left = [await _left_over(cast.organization_id) for _ in range(3)]
        await sweeping.sweep()
        assert all(_path(cast.organization_id, each).exists() for each in left)
        assert await _told(cast.organization_id) == [("files.sweep_refused", {"files": 3, "of": 3})]

    async def test_waits_for_whoever_brings_files_back(self, cast):
        left = await _left_over(cast.organization_id)
        async with transaction(Actor.system()) as session:
            lock = text("select pg_advisory_xact_lock(hashtextextended(:what, 0))")
            await session.execute(lock, {"what": sweeping.lock_name(cast.organization_id)})
            await sweeping.sweep()
            assert _path(cast.organization_id, left).exists()
        await sweeping.sweep()
        assert not _path(cast.organization_id, left).exists()

    async def test_looks_once_more_before_it_removes(self, cast):
        """The row was committed between the two."""
        left = await _left_over(cast.organization_id)
        found = (await sweeping.look()).left_over[cast.organization_id]
        assert [each.file_id for each in found] == [left]
        async with transaction(Actor.system()) as session:
            session.add(_row(cast, left))
        assert await sweeping._remove(cast.organization_id, found) == 0
        assert _path(cast.organization_id, left).exists()

    async def test_of_one_organisation_does_not_keep_another_from_it(self, cast, monkeypatch):
        bad, good = await _left_over(cast.organization_id), await _left_over(cast.stranger.organization)
        real = files.remove

        async def remove(organization_id, file_id):
            if organization_id == cast.organization_id:
                raise Unavailable("The store of files does not answer.")
            await real(organization_id, file_id)

        monkeypatch.setattr(files, "remove", remove)
        await sweeping.sweep()
        assert _path(cast.organization_id, bad).exists()
        assert not _path(cast.stranger.organization, good).exists()


def _path(organization_id: UUID, file_id: UUID) -> Path:
    return settings().data.resolve() / "files" / files.name(organization_id, file_id)


def _age(organization_id: UUID, file_id: UUID, seconds: float = 2 * DAY) -> None:
    os.utime(_path(organization_id, file_id), (time.time() - seconds,) * 2)


async def _left_over(organization_id: UUID, content: bytes = b"Left.", age: float = 2 * DAY) -> UUID:
    """As of a transaction that never came to its end."""
    file_id = new_id()
    await files.keep(organization_id, file_id, content)
    _age(organization_id, file_id, age)
    return file_id


async def _import(cast, **more) -> UUID:
    import_id = new_id()
    path = files.name(cast.organization_id, import_id)
    obstore.put(files.store(), path, b"Sealed.")
    _age(cast.organization_id, import_id)
    own = {"organization_id": cast.organization_id, "owner_id": cast.teacher.user, "size": 7}
    async with transaction(Actor.system()) as session:
        session.add(Import(id=import_id, **own, name="a.md", path=path, lease_until=now() + timedelta(days=9), **more))
    return import_id


def _row(cast, file_id: UUID) -> StoredFile:
    own = {"organization_id": cast.organization_id, "added_by": cast.teacher.user, "state": "failed"}
    return StoredFile(id=file_id, **own, name="a.md", kind="markdown", size=5, sealed_key="")


async def _told(organization_id: UUID) -> list[tuple[str, dict]]:
    async with transaction(Actor.system()) as session:
        query = select(AuditEvent).where(
            col(AuditEvent.organization_id) == organization_id, col(AuditEvent.action).startswith("files.")
        )
        return [(each.action, each.details) for each in await session.scalars(query.order_by(col(AuditEvent.id)))]

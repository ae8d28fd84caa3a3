from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import obstore
import pytest
from sqlalchemy import select, update
from sqlmodel import col

from faraday_app.contexts.models import Backup, Context, Every
from faraday_app.contexts.service import backups
from faraday_app.contexts.service.backups import comparing, copying, keeping, restoring, working
from faraday_app.contexts.service.backups.schedule import due_by, due_since
from faraday_app.core import files, sealed_streams
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.permissions import Actor
from tests.factories.backups import archive_of, backup, compared, destroy, fill, ids, made, restored, rows
from tests.factories.contexts import begin
from tests.factories.data import FROGS, send_in, teach
from tests.factories.gpts import make_gpt


@pytest.fixture
async def school(cast):
    return await fill(cast)


# What somebody may do to an archive, and what is said of it then.
HARMS = [
    (lambda raw: raw[:-1], "damaged|missing"),
    (lambda raw: raw[:-40], "damaged|missing"),
    (lambda raw: raw + b"x", "added to the end"),
    (lambda raw: raw[:400] + bytes([raw[400] ^ 1]) + raw[401:], "changed or is damaged"),
    (lambda raw: raw[:20], "beginning of this archive"),
    (lambda raw: b"PK\x03\x04" + raw, "not an archive that Faraday made"),
    (lambda raw: b"", "not an archive that Faraday made"),
    (lambda raw: raw[:13] + b"v" + raw[14:], "not of this backup|beginning"),
]


class TestDamaged:
    async def test_archives_are_refused_and_nothing_changes(self, school):
        found = await made(school.administrator)
        whole = archive_of(found)
        destroy(school.organization_id)
        for harm, words in HARMS:
            obstore.put(files.store(), found.path, harm(whole))
            failed = await compared(school.administrator, found)
            assert failed.state == "failed"
            assert any(word in failed.error for word in words.split("|")), failed.error
        assert not any((await rows(school.organization_id)).values())

    async def test_archives_of_another_backup_are_refused(self, school):
        first, second = await made(school.administrator), await made(school.administrator)
        obstore.put(files.store(), first.path, archive_of(second))
        failed = await compared(school.administrator, first)
        assert "not of this backup" in failed.error

    async def test_archives_with_rows_of_others_are_refused(self, school, monkeypatch):
        theirs = await begin(school.stranger, "Theirs")
        found = await made(school.administrator)
        monkeypatch.setattr(restoring, "compare", _with_a_stranger(restoring.compare, school.stranger.organization))
        failed = await compared(school.administrator, found)
        assert "another organisation" in failed.error
        assert await ids(school.stranger) == [theirs]

    async def test_archives_that_are_gone_are_told(self, school):
        found = await made(school.administrator)
        obstore.delete(files.store(), found.path)
        assert "not in the store" in (await compared(school.administrator, found)).error

    async def test_backups_do_not_count_as_good(self, school, monkeypatch):
        real = copying.make

        def lying(*args):
            result = real(*args)
            result.tables["messages"] = replace(result.tables["messages"], sha256="0" * 64)
            return result

        monkeypatch.setattr(copying, "make", lying)
        failed = await made(school.administrator)
        assert (failed.state, "in messages" in failed.error) == ("failed", True)
        with pytest.raises(FileNotFoundError):
            archive_of(failed)
        async with transaction(school.administrator) as session:
            with pytest.raises(Conflict, match="found good"):
                await backups.compare(session, school.administrator, failed.id)


def _with_a_stranger(real, organization_id):
    """As if a row of another organisation had come with the archive."""
    check = comparing._refuse_foreign

    def smuggled(connection, staged, ours):
        connection.execute("update pg_temp.gpts set organization_id = %s", [organization_id])
        check(connection, staged, ours)

    def compare(*args):
        comparing._refuse_foreign = smuggled
        try:
            return real(*args)
        finally:
            comparing._refuse_foreign = check

    return compare


class TestFiles:
    async def test_come_back_with_their_conversation_and_what_it_was_told(self, school):
        frogs = (await ids(school.colleague))[0]
        item = await send_in(school.teacher, frogs, "frogs.md", FROGS.encode())
        gpt = await make_gpt(school.teacher, name="Gardener")
        await teach(school.teacher, gpt.id, "rivers.md", FROGS.encode())
        tables = ("context_items", "stored_files", "file_passages", "gpt_files")
        before = await rows(school.organization_id, tables)
        assert (len(before["stored_files"]), len(before["gpt_files"])) == (2, 1)
        path = files.name(school.organization_id, item.file_id)
        kept = sealed_streams.whole(path)
        found = await made(school.administrator)
        destroy(school.organization_id)
        sealed_streams.remove(path)

        done = await restored(school.administrator, found, frogs)
        assert done.state == "done", done.error
        after = await rows(school.organization_id, tables)
        assert (len(after["context_items"]), len(after["stored_files"]), len(after["gpt_files"])) == (1, 1, 0)
        assert 0 < len(after["file_passages"]) < len(before["file_passages"])
        assert sealed_streams.whole(path) == kept
        await restored(school.administrator, found)
        assert await rows(school.organization_id, tables) == before


class TestSchedule:
    @pytest.mark.parametrize(("every", "at", "since"), [
        (Every.off, datetime(2026, 11, 27, 12, tzinfo=UTC), None),
        (Every.day, datetime(2026, 11, 27, 12, tzinfo=UTC), datetime(2026, 11, 27, 1, 5, tzinfo=UTC)),
        (Every.day, datetime(2026, 11, 27, 1, 4, tzinfo=UTC), datetime(2026, 11, 26, 1, 5, tzinfo=UTC)),
        (Every.week, datetime(2026, 11, 27, 12, tzinfo=UTC), datetime(2026, 11, 22, 1, 5, tzinfo=UTC)),
        (Every.week, datetime(2026, 11, 29, 2, tzinfo=UTC), datetime(2026, 11, 29, 1, 5, tzinfo=UTC)),
    ])  # fmt: skip
    def test_is_in_the_night_and_weekly_on_sundays(self, every, at, since):
        assert due_since(every, UUID(int=5), at) == since

    def test_of_nobody_is_later_than_what_is_asked_of_all(self):
        night = datetime(2026, 11, 27, tzinfo=UTC)
        for minute in range(0, 24 * 60, 7):
            at = night + timedelta(minutes=minute)
            moments = [due_since(Every.day, UUID(int=each), at) for each in range(180)]
            assert max(moments) <= due_by(at) <= at
            assert minute < 60 or minute >= 240 or due_by(at) == at

    async def test_passes_page_by_page_over_those_that_are_not_due(self, cast, monkeypatch):
        monkeypatch.setattr(keeping, "AT_ONCE", 1)
        for person in (cast.teacher, cast.stranger):
            await begin(person, "Frogs")
        both = [cast.organization_id, cast.stranger.organization]
        earlier = update(Context).where(col(Context.organization_id).in_(both))
        async with transaction(Actor.system()) as session:
            await session.execute(earlier.values(created_at=now() - timedelta(days=2)))
        for _ in range(2):
            await backups.begin_due()
            async with transaction(Actor.system()) as session:
                begun = select(col(Backup.organization_id)).where(col(Backup.organization_id).in_(both))
                assert sorted(await session.scalars(begun)) == sorted(both)

    async def test_begins_one_where_there_is_something_to_keep(self, cast):
        await backups.begin_due(cast.organization_id)
        assert await self.of(cast) == []
        await begin(cast.teacher, "Frogs")
        await backups.begin_due(cast.organization_id)
        assert await self.of(cast) == []
        await self.let_a_night_pass(cast)
        await backups.begin_due(cast.organization_id)
        await backups.begin_due(cast.organization_id)
        (found,) = await self.of(cast)
        assert (found.state, found.started_by) == ("waiting", None)
        async with transaction(Actor.system()) as session:
            (await session.get_one(Backup, found.id)).created_at = now() - timedelta(days=2)
        await backups.begin_due(cast.organization_id)
        assert len(await self.of(cast)) == 2

    async def let_a_night_pass(self, cast):
        earlier = update(Context).where(col(Context.organization_id) == cast.organization_id)
        async with transaction(Actor.system()) as session:
            await session.execute(earlier.values(created_at=now() - timedelta(days=2)))

    async def test_can_be_chosen_and_kept_to(self, school):
        await self.let_a_night_pass(school)
        await backups.begin_due(school.organization_id)
        await backups.work()
        async with transaction(school.administrator) as session:
            chosen = await backups.schedule(session, school.administrator)
            assert (chosen.every, chosen.keep) == (Every.day, 7)
            assert chosen.next_at > now()
            await backups.choose_schedule(session, school.administrator, "off", 2, chosen.version)
        async with transaction(school.administrator) as session:
            for every, keep, error in (("hour", 2, Invalid), ("day", 0, Invalid), ("day", 2, Conflict)):
                with pytest.raises(error):
                    await backups.choose_schedule(session, school.administrator, every, keep, 1)
        made_now = [await made(school.administrator) for _ in range(3)]
        left = [found.id for found in await self.of(school)]
        assert left == [made_now[2].id, made_now[1].id]
        with pytest.raises(FileNotFoundError):
            archive_of(made_now[0])

    async def of(self, cast) -> list[Backup]:
        async with transaction(cast.administrator) as session:
            return await backups.listed(session, cast.administrator)


class TestMoment:
    async def test_means_the_newest_good_backup_before_it(self, school):
        first, second = await made(school.administrator), await made(school.administrator)
        async with transaction(school.administrator) as session:
            assert (await backups.nearest(session, school.administrator, now())).id == second.id
            assert (
                await backups.nearest(session, school.administrator, second.as_of - timedelta(0, 0, 1))
            ).id == first.id
            with pytest.raises(NotFound):
                await backups.nearest(session, school.administrator, first.as_of - timedelta(hours=1))


class TestWork:
    async def test_takes_over_what_a_killed_worker_left(self, school):
        async with transaction(school.administrator) as session:
            begun = await backups.begin(session, school.administrator)
            with pytest.raises(Conflict):
                await backups.begin(session, school.administrator)
        assert (await working._take_backup()).id == begun.id
        await backups.work()
        assert (await backup(begun.id)).state == "making"
        async with transaction(Actor.system()) as session:
            (await session.get_one(Backup, begun.id)).lease_until = now()
        await backups.work()
        assert (await backup(begun.id)).state == "good"

    async def test_gives_up_what_never_ends(self, school):
        async with transaction(school.administrator) as session:
            begun = await backups.begin(session, school.administrator)
        async with transaction(Actor.system()) as session:
            (await session.get_one(Backup, begun.id)).tries = 3
        await backups.work()
        found = await backup(begun.id)
        assert (found.state, "never came to its end" in found.error) == ("failed", True)

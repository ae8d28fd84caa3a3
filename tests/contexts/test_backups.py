import pytest
from sqlalchemy import select
from sqlmodel import SQLModel, col

from faraday_app.contexts import models
from faraday_app.contexts.models import Access, Context, Member, Message, Run, Snapshot
from faraday_app.contexts.service import backups, conversations
from faraday_app.contexts.service.backups import copying, restoring
from faraday_app.contexts.service.backups.tables import LEFT_OUT, kept, within_contexts
from faraday_app.core.database import TenantRow, transaction
from faraday_app.core.errors import ConfirmationNeeded, Conflict, NotFound, NotPermitted, Unavailable
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import keys, rotation
from faraday_app.security.models import AuditEvent
from tests.factories.backups import archive_of, compared, destroy, fill, ids, made, restored, rows, total
from tests.factories.contexts import ask, begin, share, shown, withdraw


@pytest.fixture
async def school(cast):
    return await fill(cast)


class TestTables:
    def test_of_every_model_are_kept_or_left_out_for_a_reason(self):
        declared, waiting = set(), list(SQLModel.__subclasses__())
        while waiting:
            model = waiting.pop()
            waiting += model.__subclasses__()
            if model.__module__.startswith(models.__name__) and hasattr(model, "__table__"):
                declared.add(model.__table__.name)
                assert issubclass(model, TenantRow), f"{model.__name__} is of no organisation: how is it backed up?"
        names = [table.name for table in kept()]
        assert declared == {*names, *LEFT_OUT}
        assert {"contexts", "context_members", "messages", "gpts", "orchestrations", "runs"} <= set(names)
        assert len(declared) > 10
        assert all(LEFT_OUT.values())

    def test_come_after_what_they_name(self):
        names = [table.name for table in kept()]
        for table in kept():
            for reference in table.references:
                if reference.to in names and reference.to != table.name:
                    assert names.index(reference.to) < names.index(table.name)

    def test_that_belong_to_a_conversation_are_known(self):
        assert {"messages", "runs", "context_members"} <= within_contexts()
        assert "gpts" not in within_contexts()


class TestJourney:
    async def test_back_up_destroy_restore_compare(self, school):
        before = await rows(school.organization_id)
        assert all(
            len(before[name]) > 0 for name in ("messages", "runs", "gpts", "orchestrations", "imported_contexts")
        )
        found = await made(school.administrator)
        assert (found.state, found.error, found.contexts) == ("good", "", 3)
        assert {name: each["rows"] for name, each in found.tables.items()} == {n: len(r) for n, r in before.items()}
        destroy(school.organization_id)
        assert not any((await rows(school.organization_id)).values())

        done = await restored(school.administrator, found)
        assert (done.state, done.error) == ("done", "")
        assert await rows(school.organization_id) == before
        frogs = (await ids(school.colleague))[0]
        assert (await shown(school.colleague, frogs))[0].message.content.startswith("Frogs?\n\\N\t")

        again = await restored(school.administrator, found, put_back=True)
        assert (total(again, "new"), total(again, "changed")) == (0, 0)
        assert await rows(school.organization_id) == before

    async def test_holds_nothing_in_clear(self, school):
        content = archive_of(await made(school.administrator))
        assert content.startswith(b"FDYSEAL1")
        for word in (b"Frogs", b"Insects", b"context_id", b"zstd", b"\x28\xb5\x2f\xfd"):
            assert word not in content

    async def test_touches_no_other_organization(self, school):
        theirs = await begin(school.stranger, "Theirs")
        found = await made(school.administrator)
        destroy(school.organization_id)
        await restored(school.administrator, found)
        assert await ids(school.stranger) == [theirs]
        async with transaction(school.stranger) as session:
            with pytest.raises(NotFound):
                await backups.compare(session, school.stranger, found.id)

    async def test_survives_a_rotation_of_the_keys(self, school):
        found = await made(school.administrator)
        async with transaction(Actor.system()) as session:
            await rotation.rotate(session, school.organization_id)
        before = await rows(school.organization_id)
        destroy(school.organization_id)
        assert (await restored(school.administrator, found)).state == "done"
        assert await rows(school.organization_id) == before

    async def test_ends_with_the_keys_of_the_organization(self, school):
        found = await made(school.administrator)
        async with transaction(Actor.system()) as session:
            await rotation.erase(session, school.organization_id)
        keys.forget()
        failed = await compared(school.administrator, found)
        assert (failed.state, "keys it was sealed with were erased" in failed.error) == ("failed", True)


class TestRestore:
    async def test_of_what_is_missing_leaves_what_has_changed(self, school):
        found = await made(school.administrator)
        frogs = (await ids(school.colleague))[0]
        async with transaction(school.teacher) as session:
            await conversations.rename(session, school.teacher, frogs, "Toads")
        preview = await compared(school.administrator, found)
        counts = preview.found["tables"]["contexts"]
        assert (preview.state, counts["new"], counts["changed"], counts["same"]) == ("ready", 0, 1, 2)
        async with transaction(school.administrator) as session:
            await backups.call_off(session, school.administrator, preview.id)
        await restored(school.administrator, found)
        async with transaction(school.teacher) as session:
            assert (await session.get_one(Context, frogs)).title == "Toads"

    async def test_puts_back_under_a_newer_version_and_hides_nothing_new(self, school):
        found = await made(school.administrator)
        frogs = (await ids(school.colleague))[0]
        async with transaction(school.teacher) as session:
            await conversations.rename(session, school.teacher, frogs, "Toads")
            context = await session.get_one(Context, frogs)
            said = Message(organization_id=context.organization_id, context_id=frogs, parent_id=context.leaf_id,
                           author="person", author_id=school.teacher.user, content="Since then.")  # fmt: skip
            session.add(said)
            await session.flush()
            context.leaf_id, version = said.id, context.version
        done = await restored(school.administrator, found, put_back=True)
        assert done.found["tables"]["contexts"]["changed"] == 1
        async with transaction(school.teacher) as session:
            context = await session.get_one(Context, frogs)
            assert (context.title, context.version, context.leaf_id) == ("Frogs", version + 1, said.id)
        assert (await shown(school.teacher, frogs))[-1].message.content == "Since then."

    async def test_of_one_conversation_brings_back_that_one_and_what_it_names(self, school):
        found = await made(school.administrator)
        paid = await ids(school.teacher)
        before = await rows(school.organization_id)
        destroy(school.organization_id)
        done = await restored(school.administrator, found, paid[0])
        assert done.state == "done", done.error
        assert await ids(school.teacher) == [paid[0]]
        after = await rows(school.organization_id)
        assert (after["gpts"], len(after["runs"]), after["orchestrations"]) == (before["gpts"], 1, [])

    async def test_of_a_conversation_that_is_not_in_it_says_so(self, school):
        found = await made(school.administrator)
        failed = await compared(school.administrator, found, new_id())
        assert failed.state == "failed"
        assert "not in this backup" in failed.error

    async def test_leaves_a_conversation_alone_in_which_an_answer_is_written(self, school):
        found = await made(school.administrator)
        frogs = (await ids(school.colleague))[0]
        run = await ask(school.teacher, frogs, "And toads?")
        async with transaction(school.teacher) as session:
            await conversations.rename(session, school.teacher, frogs, "Toads")
        before = await rows(school.organization_id)
        done = await restored(school.administrator, found, put_back=True)
        assert (done.state, done.found["busy"]) == ("done", 1)
        assert await rows(school.organization_id) == before
        async with transaction(Actor.system()) as session:
            assert (await session.get_one(Run, run.id)).finished_at is None

    async def test_brings_no_running_answer_back_to_life(self, school):
        frogs = (await ids(school.colleague))[0]
        run = await ask(school.teacher, frogs, "And toads?")
        found = await made(school.administrator)
        destroy(school.organization_id)
        await restored(school.administrator, found)
        async with transaction(Actor.system()) as session:
            assert await session.get(Run, run.id) is None
            answer = await session.get_one(Message, run.message_id)
        assert (answer.status, "when the backup was made" in answer.error) == ("failed", True)

    async def test_gives_nobody_access_again_that_was_withdrawn_or_narrowed(self, school):
        frogs = (await ids(school.colleague))[0]
        await share(school.teacher, frogs, school.student, Access.editor)
        found = await made(school.administrator)
        await withdraw(school.teacher, frogs, school.colleague)
        await share(school.teacher, frogs, school.student, Access.viewer)
        done = await restored(school.administrator, found, put_back=True)
        assert done.found["tables"]["context_members"] == {"new": 0, "changed": 0, "same": 4, "left": 1}
        assert await ids(school.colleague) == []
        async with transaction(school.student) as session:
            assert (await conversations.get_context(session, school.student, frogs))[1] is Access.viewer

    async def test_doubles_nobody_who_was_added_anew(self, school):
        found = await made(school.administrator)
        frogs = (await ids(school.colleague))[0]
        async with transaction(Actor.system()) as session:
            query = select(Member).where(col(Member.context_id) == frogs, col(Member.user_id) == school.colleague.user)
            await session.delete(await session.scalar(query))
        await share(school.teacher, frogs, school.colleague)
        done = await restored(school.administrator, found)
        assert done.found["tables"]["context_members"]["left"] == 1
        async with transaction(Actor.system()) as session:
            assert len(list(await session.scalars(query))) == 1

    async def test_knows_what_came_after_an_older_archive(self, school, monkeypatch):
        real = copying.columns_of
        monkeypatch.setattr(copying, "columns_of", lambda connection, name: [
            each for each in real(connection, name) if each[0] not in ("step_limit", "given", "left_out")])  # fmt: skip
        found = await made(school.administrator)
        monkeypatch.setattr(copying, "columns_of", real)
        destroy(school.organization_id)
        done = await restored(school.administrator, found)
        assert done.state == "done", done.error
        async with transaction(school.teacher) as session:
            context = await session.get_one(Context, (await ids(school.teacher))[0])
        assert (context.step_limit, context.left_out) == (6, [])

    async def test_needs_the_right_and_a_fresh_proof(self, school):
        found = await made(school.administrator)
        async with transaction(school.teacher) as session:
            for act in (backups.begin, backups.listed, backups.schedule):
                with pytest.raises(NotPermitted):
                    await act(session, school.teacher)
            with pytest.raises(NotPermitted):
                await backups.compare(session, school.teacher, found.id)
        preview = await compared(school.administrator, found)
        async with transaction(school.administrator) as session:
            with pytest.raises(ConfirmationNeeded):
                await backups.confirm(session, school.administrator, preview.id)

    async def test_is_one_at_a_time_and_told_in_the_trail(self, school):
        found = await made(school.administrator)
        await compared(school.administrator, found)
        async with transaction(school.administrator) as session:
            with pytest.raises(Conflict, match="under way"):
                await backups.compare(session, school.administrator, found.id)
            newest = await backups.newest_restore(session, school.administrator)
            await backups.call_off(session, school.administrator, newest.id)
        done = await restored(school.administrator, found)
        async with transaction(school.administrator) as session:
            query = select(col(AuditEvent.action)).where(col(AuditEvent.target_id).in_([found.id, done.id]))
            told = sorted(await session.scalars(query))
        assert told == ["backup.begun", "backup.made", "restore.compared", "restore.confirmed", "restore.done"]

    async def test_that_was_killed_begins_anew_and_ends_the_same(self, school, monkeypatch):
        before = await rows(school.organization_id)
        found = await made(school.administrator)
        destroy(school.organization_id)
        real = restoring._concerned

        def killed(*_):
            raise Unavailable("Killed.")

        monkeypatch.setattr(restoring, "_concerned", killed)
        assert (await restored(school.administrator, found)).state == "failed"
        assert not any((await rows(school.organization_id)).values())
        monkeypatch.setattr(restoring, "_concerned", real)
        await restored(school.administrator, found)
        assert await rows(school.organization_id) == before


class TestVersions:
    async def test_come_back_even_where_the_same_content_was_kept_anew(self, school):
        before = await rows(school.organization_id, ["versions", "snapshots"])
        assert before["versions"]
        found = await made(school.administrator)
        snapshots = await digests(school)
        destroy(school.organization_id)
        async with transaction(Actor.system()) as session:
            for digest, sealed in snapshots:
                session.add(Snapshot(organization_id=school.organization_id, digest=digest, sealed_content=sealed))
        done = await restored(school.administrator, found)
        assert done.state == "done", done.error
        assert done.found["tables"]["snapshots"]["left"] == len(snapshots)
        assert len((await rows(school.organization_id, ["versions"]))["versions"]) == len(before["versions"])

    async def test_that_were_only_sealed_anew_are_the_same(self, school):
        found = await made(school.administrator)
        async with transaction(Actor.system()) as session:
            await rotation.rotate(session, school.organization_id)
        await rotation.reseal()
        keys.forget()
        compared_with = await compared(school.administrator, found, put_back=True)
        assert total(compared_with, "changed") == 0


async def digests(school) -> list[tuple[str, str]]:
    async with transaction(Actor.system()) as session:
        query = select(Snapshot).where(col(Snapshot.organization_id) == school.organization_id)
        return [(each.digest, each.sealed_content) for each in await session.scalars(query)]

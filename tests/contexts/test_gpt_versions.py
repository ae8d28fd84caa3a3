"""What belongs to a GPT in its versions: files and memory, compared, restored and branched off."""

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from faraday_app.contexts.models import KnowledgeFile, Memory, MemoryScope, Reason, Snapshot, StoredFile, Subject
from faraday_app.contexts.service import conversations, gpts, knowledge, memory, stored
from faraday_app.contexts.service.versions import content, reading, restoring
from faraday_app.contexts.state import MemoriesState
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotPermitted
from faraday_app.core.permissions import Actor
from tests.factories.contexts import begin, share
from tests.factories.data import FROGS, teach
from tests.factories.gpts import make_gpt
from tests.factories.memory import remember, texts
from tests.factories.shares import learned
from tests.factories.tabs import open_at
from tests.factories.versions import change_gpt, history, restore


async def names(actor, gpt):
    async with transaction(actor) as session:
        return [each.file.name for each in await knowledge.listed(session, actor, gpt.id)]


async def remove(actor, gpt, known):
    async with transaction(actor) as session:
        await knowledge.remove(session, actor, gpt.id, known.id)


async def differences(actor, version):
    async with transaction(actor) as session:
        found = await reading.differences(session, actor, None, version.id)
    return {each.name: [(line.sign, line.text) for line in each.lines] for each in found}


async def counted(actor, table):
    async with transaction(actor) as session:
        return await session.scalar(select(func.count()).select_from(table))


async def learns(actor, gpt, text):
    found = await remember(actor, text)
    await learned(actor, gpt, found.id)
    return found


async def kept_now(actor, gpt):
    """As opening its versions does: what it is now has one."""
    async with transaction(actor) as session:
        found = await gpts.owned(session, actor, gpt.id)
        await restoring.keep(session, actor, found)
    return (await history(actor, gpt.id))[0].version


class TestFiles:
    async def test_make_a_version_each_and_are_compared_by_name_and_content(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        known = await teach(cast.teacher, gpt.id, "frogs.md", FROGS.encode())
        await remove(cast.teacher, gpt, known)
        versions = [each.version for each in await history(cast.teacher, gpt.id)]
        assert [(each.number, each.reason) for each in versions] == [(3, "changed"), (2, "changed"), (1, "made")]
        [(sign, line)] = (await differences(cast.teacher, versions[1]))["knowledge"]
        assert (sign, line.startswith("frogs.md (Markdown, 1 kB, ")) == ("new", True)
        assert [sign for sign, _ in (await differences(cast.teacher, versions[0]))["knowledge"]] == ["gone"]
        assert versions[0].snapshot_id == versions[2].snapshot_id

    async def test_come_back_without_their_bytes_being_copied_and_what_is_replaced_stays(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        known = await teach(cast.teacher, gpt.id, "frogs.md", FROGS.encode())
        with_frogs = (await history(cast.teacher, gpt.id))[0].version
        await remove(cast.teacher, gpt, known)
        await teach(cast.teacher, gpt.id, "toads.md", b"Toads are dry.")
        with_toads = (await history(cast.teacher, gpt.id))[0].version
        files, snapshots = await counted(cast.teacher, StoredFile), await counted(cast.teacher, Snapshot)
        for version, expected in ((with_frogs, ["frogs.md"]), (with_toads, ["toads.md"]), (with_frogs, ["frogs.md"])):
            await restore(cast.teacher, version.id)
            assert await names(cast.teacher, gpt) == expected
        newest = (await history(cast.teacher, gpt.id))[0].version
        assert (newest.reason, newest.snapshot_id) == (Reason.restored, with_frogs.snapshot_id)
        assert (await counted(cast.teacher, StoredFile), await counted(cast.teacher, Snapshot)) == (files, snapshots)
        async with transaction(cast.teacher) as session:
            [found] = await knowledge.find(session, cast.teacher, gpt, "What do frogs eat?", 1)
        assert "sticky tongue" in found.found.text

    async def test_that_were_sent_anew_are_the_same_content(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        first = (
            await teach(cast.teacher, gpt.id, "frogs.md", FROGS.encode()),
            (await history(cast.teacher, gpt.id))[0],
        )
        await remove(cast.teacher, gpt, first[0])
        await teach(cast.teacher, gpt.id, "frogs.md", FROGS.encode())
        assert (await history(cast.teacher, gpt.id))[0].version.snapshot_id == first[1].version.snapshot_id

    async def test_of_a_branch_are_the_same_in_the_store(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        await teach(cast.teacher, gpt.id, "frogs.md", FROGS.encode())
        version = (await history(cast.teacher, gpt.id))[0].version
        async with transaction(cast.teacher) as session:
            made = await restoring.branch(session, cast.teacher, version.id)
            copy = await gpts.get(session, cast.teacher, made.id)
        assert await names(cast.teacher, copy) == ["frogs.md"]
        assert await counted(cast.teacher, StoredFile) == 1
        async with transaction(cast.teacher) as session:
            assert await knowledge.find(session, cast.teacher, copy, "What do frogs eat?", 1)

    async def test_from_before_versions_knew_of_files_stay_as_they_are(self, cast, monkeypatch):
        monkeypatch.setitem(content.SCHEMAS, Subject.gpt, 1)
        gpt = await make_gpt(cast.teacher, "Nova", instructions="Be brief.")
        monkeypatch.undo()
        await teach(cast.teacher, gpt.id, "frogs.md", FROGS.encode())
        await change_gpt(cast.teacher, gpt, 1, instructions="Be kind.")
        old = (await history(cast.teacher, gpt.id))[-1].version
        assert "knowledge" not in await differences(cast.teacher, (await history(cast.teacher, gpt.id))[-2].version)
        await restore(cast.teacher, old.id)
        assert await names(cast.teacher, gpt) == ["frogs.md"]

    async def test_that_are_gone_say_so_and_change_nothing(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova", instructions="Be brief.")
        known = await teach(cast.teacher, gpt.id, "frogs.md", FROGS.encode())
        version = (await history(cast.teacher, gpt.id))[0].version
        await remove(cast.teacher, gpt, known)
        async with transaction(Actor.system(cast.organization_id)) as session:
            other = await make_gpt(cast.colleague, "Lyra")
            row = update(KnowledgeFile).where(col(KnowledgeFile.id) == known.id)
            await session.execute(row.values(gpt_id=other.id))
        with pytest.raises(Invalid, match=r"frogs\.md.*not kept any more"):
            await restore(cast.teacher, version.id)
        assert await names(cast.teacher, gpt) == []

    async def test_from_before_they_had_a_digest_get_one(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        known = await teach(cast.teacher, gpt.id, "frogs.md", FROGS.encode())
        async with transaction(cast.teacher) as session:
            file = await session.get_one(StoredFile, known.file_id)
            digest, file.sealed_digest = await stored.digest_of(session, file), None
            assert digest not in (file.sealed_digest or "")
            assert await stored.digest_of(session, file) == digest
            assert file.sealed_digest is not None


class TestMemory:
    async def test_is_set_aside_and_taken_up_again_and_never_lost(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        await learns(cast.teacher, gpt, "Maya teaches physics.")
        before = await kept_now(cast.teacher, gpt)
        late = await learns(cast.teacher, gpt, "Maya likes rhymes.")
        await restore(cast.teacher, before.id)
        assert await texts(cast.teacher, status="kept") == ["Maya teaches physics."]
        assert await texts(cast.teacher, status="set_aside") == ["Maya likes rhymes."]
        replaced = (await history(cast.teacher, gpt.id))[1].version
        assert replaced.reason == Reason.kept
        await restore(cast.teacher, replaced.id)
        assert set(await texts(cast.teacher, status="kept")) == {"Maya teaches physics.", "Maya likes rhymes."}
        async with transaction(cast.teacher) as session:
            row = await session.get_one(Memory, late.id)
        assert row.version == late.version

    async def test_that_was_forgotten_or_corrected_stays_so_and_no_version_holds_a_word(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        gone = await learns(cast.teacher, gpt, "Maya is ill.")
        wrong = await learns(cast.teacher, gpt, "Maya teaches art.")
        before = await kept_now(cast.teacher, gpt)
        async with transaction(cast.teacher) as session:
            await memory.forget(session, cast.teacher, gone.id)
            await memory.change(session, cast.teacher, wrong.id, wrong.version, "Maya teaches physics.", wrong.kind)
        assert {text for _, text in (await differences(cast.teacher, before))["memory"]} == {
            "Fact: forgotten since", "Fact: Maya teaches physics. (changed since)"
        }  # fmt: skip
        await restore(cast.teacher, before.id)
        assert await texts(cast.teacher) == ["Maya teaches physics."]
        async with transaction(cast.teacher) as session:
            held = await restoring.content_of(session, before)
        assert "ill" not in str(held)

    async def test_of_conversations_and_departments_is_not_in_it(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        context_id = await begin(cast.teacher)
        for found in (
            await remember(cast.head, "The department meets on Monday.", scope=MemoryScope.team),
            await remember(cast.teacher, "We read Faust.", scope=MemoryScope.context, context_id=context_id),
        ):
            async with transaction(Actor.system(cast.organization_id)) as session:
                await session.execute(update(Memory).where(col(Memory.id) == found.id).values(gpt_id=gpt.id))
        version = await kept_now(cast.teacher, gpt)
        async with transaction(cast.teacher) as session:
            assert "memory" not in (await restoring.content_of(session, version)).parts

    async def test_set_aside_can_be_kept_or_forgotten_by_its_owner(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        before = await kept_now(cast.teacher, gpt)
        late = await learns(cast.teacher, gpt, "Maya likes rhymes.")
        await restore(cast.teacher, before.id)
        tab = await open_at(cast.teacher, MemoriesState, "/account/memory")
        assert [(each.text, each.aside, each.waits) for each in tab.rows] == [("Maya likes rhymes.", True, False)]
        await MemoriesState.keep.fn(tab, str(late.id), late.version)
        assert await texts(cast.teacher, status="kept") == ["Maya likes rhymes."]


class TestArchiving:
    async def test_of_a_gpt_is_a_version_each_way(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        for act in (gpts.archive, gpts.archive, gpts.restore, gpts.restore):
            async with transaction(cast.teacher) as session:
                await act(session, cast.teacher, gpt.id)
        assert [each.version.reason for each in await history(cast.teacher, gpt.id)] == [
            "unarchived", "archived", "made"
        ]  # fmt: skip

    async def test_of_a_conversation_is_a_version_each_way(self, cast):
        context_id = await begin(cast.teacher)
        await share(cast.teacher, context_id, cast.student)
        with pytest.raises(NotPermitted):
            async with transaction(cast.student) as session:
                await conversations.set_archived(session, cast.student, context_id, True)
        for archived in (True, True, False, False):
            async with transaction(cast.teacher) as session:
                await conversations.set_archived(session, cast.teacher, context_id, archived)
        found = await history(cast.student, context_id, Subject.conversation)
        assert [each.version.reason for each in found] == ["unarchived", "archived", "kept"]

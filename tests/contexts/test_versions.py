from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from faraday_app.contexts.models import DataKind, Mode, Reason, Snapshot, Subject, Version
from faraday_app.contexts.service import answerers, conversations, gpts
from faraday_app.contexts.service.answerers import Answerers
from faraday_app.contexts.service.data import items
from faraday_app.contexts.service.merging import Choice
from faraday_app.contexts.service.versions import reading, restoring
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import rotation
from tests.factories.contexts import begin, share
from tests.factories.gpts import make_gpt
from tests.factories.versions import change_gpt, history, read_notes, restore, write_notes

CONVERSATION = Subject.conversation


def told(versions):
    return [(each.version.number, each.version.reason) for each in versions]


async def counted(actor, table):
    async with transaction(actor) as session:
        return await session.scalar(select(func.count()).select_from(table))


async def settings_of(actor, context_id):
    async with transaction(actor) as session:
        context, _ = await conversations.get_context(session, actor, context_id)
    return context.title, context.mode, context.gpt_ids


class TestTake:
    async def test_keeps_each_change_of_a_gpt_and_the_same_content_once(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova", instructions="Be brief.")
        await change_gpt(cast.teacher, gpt, 1, instructions="Be kind.")
        await change_gpt(cast.teacher, gpt, 2, instructions="Be brief.")
        await change_gpt(cast.teacher, gpt, 3, instructions="Be brief.")
        versions = await history(cast.teacher, gpt.id)
        assert told(versions) == [(3, "changed"), (2, "changed"), (1, "made")]
        assert versions[0].version.snapshot_id == versions[2].version.snapshot_id
        assert versions[0].author_name == "Maya Okafor"
        assert await counted(cast.teacher, Snapshot) == 2

    async def test_keeps_what_a_conversation_was_before_its_first_change(self, cast):
        context_id, gpt = await begin(cast.teacher), await make_gpt(cast.teacher)
        async with transaction(cast.teacher) as session:
            await conversations.rename(session, cast.teacher, context_id, "Frogs")
            await answerers.change(session, cast.teacher, context_id, Answerers((gpt.id,), Mode.single))
        assert told(await history(cast.teacher, context_id, CONVERSATION)) == [
            (3, "changed"), (2, "changed"), (1, "kept")
        ]  # fmt: skip

    async def test_seals_what_it_keeps(self, cast):
        await make_gpt(cast.teacher, "Nova", instructions="The frog is called Bo.")
        async with transaction(cast.teacher) as session:
            kept = await session.scalar(select(col(Snapshot.sealed_content)))
        assert kept.startswith("v1.")
        assert "frog is called Bo" not in kept

    @pytest.mark.parametrize(
        "statement",
        [
            "update snapshots set sealed_content = ''",
            "update snapshots set digest = ''",
            "delete from snapshots",
            "update versions set number = 7",
            "update versions set reason = 'kept', label = 'x'",
            "delete from versions",
            "truncate versions",
        ],
    )
    async def test_is_for_good(self, cast, statement):
        await make_gpt(cast.teacher)
        with pytest.raises(DBAPIError):
            async with transaction(cast.teacher) as session:
                await session.execute(text(statement))

    async def test_leaves_new_keys_and_erasure_to_faraday(self, cast):
        gpt = await make_gpt(cast.teacher, instructions="Be brief.")
        async with transaction(Actor.system()) as session:
            await rotation.rotate(session, cast.organization_id)
        assert await rotation.reseal() >= 1
        [made] = await history(cast.teacher, gpt.id)
        async with transaction(cast.teacher) as session:
            found = await reading.differences(session, cast.teacher, None, made.version.id)
        assert "Be brief." in [each.after for each in found]
        async with transaction(Actor.system()) as session:
            await session.execute(text("delete from versions where subject_id = :id"), {"id": gpt.id})
        assert await history(cast.teacher, gpt.id) == []


class TestListed:
    async def test_of_a_gpt_is_its_owners_even_when_it_is_shared(self, cast):
        gpt = await make_gpt(cast.teacher, shared=True)
        for person, refusal in ((cast.colleague, NotPermitted), (cast.stranger, NotFound)):
            with pytest.raises(refusal):
                await history(person, gpt.id)

    async def test_of_a_conversation_is_for_all_in_it(self, cast):
        context_id = await begin(cast.teacher)
        await share(cast.teacher, context_id, cast.student)
        async with transaction(cast.teacher) as session:
            await conversations.rename(session, cast.teacher, context_id, "Frogs")
        [newest, _] = await history(cast.student, context_id, CONVERSATION)
        with pytest.raises(NotPermitted):
            await restore(cast.student, newest.version.id)
        with pytest.raises(NotFound):
            await history(cast.colleague, context_id, CONVERSATION)

    async def test_is_paged(self, cast):
        gpt = await make_gpt(cast.teacher)
        for number in range(1, 4):
            await change_gpt(cast.teacher, gpt, number, name=f"Nova {number}")
        async with transaction(cast.teacher) as session:
            first = await reading.listed(session, cast.teacher, Subject.gpt, gpt.id, limit=2)
            rest = await reading.listed(session, cast.teacher, Subject.gpt, gpt.id, first[-1].version.id)
        assert [each.version.number for each in [*first, *rest]] == [4, 3, 2, 1]


class TestDifferences:
    async def test_tell_each_field_and_texts_by_line(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova", instructions="Be brief.\nAsk back.")
        await change_gpt(cast.teacher, gpt, 1, name="Vega", instructions="Be kind.\nAsk back.")
        newer, older = await history(cast.teacher, gpt.id)
        async with transaction(cast.teacher) as session:
            found = await reading.differences(session, cast.teacher, older.version.id, newer.version.id)
        assert {each.name: (each.before, each.after) for each in found}["name"] == ("Nova", "Vega")
        lines = next(each.lines for each in found if each.name == "instructions")
        assert [(line.sign, line.text) for line in lines] == [
            ("gone", "Be brief."), ("new", "Be kind."), ("same", "Ask back.")
        ]  # fmt: skip

    async def test_are_not_told_between_two_things(self, cast):
        one, other = await make_gpt(cast.teacher, "Nova"), await make_gpt(cast.teacher, "Vega")
        [older], [newer] = await history(cast.teacher, one.id), await history(cast.teacher, other.id)
        async with transaction(cast.teacher) as session:
            with pytest.raises(Invalid):
                await reading.differences(session, cast.teacher, older.version.id, newer.version.id)


class TestLabel:
    async def test_names_a_version_and_takes_the_name_away(self, cast):
        gpt = await make_gpt(cast.teacher)
        [made] = await history(cast.teacher, gpt.id)
        for label in ("  Before  the exam ", ""):
            async with transaction(cast.teacher) as session:
                await reading.label(session, cast.teacher, made.version.id, label)
            assert (await history(cast.teacher, gpt.id))[0].version.label == " ".join(label.split())


class TestRestore:
    async def test_of_a_gpt_is_a_version_and_what_it_replaces_stays(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova", instructions="Be brief.")
        await change_gpt(cast.teacher, gpt, 1, name="Broken", instructions="")
        [broken, good] = await history(cast.teacher, gpt.id)
        await restore(cast.teacher, good.version.id)
        versions = await history(cast.teacher, gpt.id)
        assert told(versions) == [(3, "restored"), (2, "changed"), (1, "made")]
        assert versions[0].version.from_id == good.version.id
        async with transaction(cast.teacher) as session:
            restored = await gpts.get(session, cast.teacher, gpt.id)
        assert (restored.name, restored.instructions, restored.version) == ("Nova", "Be brief.", 3)
        await restore(cast.teacher, broken.version.id)
        assert told(await history(cast.teacher, gpt.id))[0] == (4, "restored")

    async def test_of_a_conversation_brings_back_settings_and_notes(self, cast):
        context_id, gpt = await begin(cast.teacher, "Frogs"), await make_gpt(cast.teacher)
        await write_notes(cast.teacher, context_id, "", "They eat flies.")
        async with transaction(cast.teacher) as session:
            await answerers.change(session, cast.teacher, context_id, Answerers((gpt.id,), Mode.vote))
        good = (await history(cast.teacher, context_id, CONVERSATION))[0].version
        async with transaction(cast.teacher) as session:
            await answerers.change(session, cast.teacher, context_id, Answerers())
            await conversations.rename(session, cast.teacher, context_id, "Toads")
        await write_notes(cast.teacher, context_id, "They eat flies.", "Nothing.")
        await restore(cast.teacher, good.id)
        assert await settings_of(cast.teacher, context_id) == ("Frogs", "vote", [gpt.id])
        assert (await read_notes(cast.teacher, context_id)).text == "They eat flies."
        versions = await history(cast.teacher, context_id, CONVERSATION)
        assert [each.version.reason for each in versions[:2]] == ["restored", "kept"]
        await restore(cast.teacher, versions[1].version.id)
        assert (await read_notes(cast.teacher, context_id)).text == "Nothing."

    async def test_of_a_conversation_brings_back_data_that_was_taken_away(self, cast):
        context_id, draft = await begin(cast.teacher), items.Draft(DataKind.text, "Frogs", "They eat flies.")
        async with transaction(cast.teacher) as session:
            item = await items.add(session, cast.teacher, context_id, draft)
        async with transaction(cast.teacher) as session:
            await items.remove(session, cast.teacher, context_id, item.id)
        versions = await history(cast.teacher, context_id, CONVERSATION)
        assert told(versions) == [(3, "changed"), (2, "changed"), (1, "kept")]
        await restore(cast.teacher, versions[1].version.id)
        async with transaction(cast.teacher) as session:
            [found] = await items.listed(session, cast.teacher, context_id)
            newest = (await reading.listed(session, cast.teacher, CONVERSATION, context_id))[0]
            [different] = await reading.differences(session, cast.teacher, None, newest.version.id)
        assert found.item.id == item.id
        assert [line.text for line in different.lines] == ["Frogs (text)", "They eat flies."]

    async def test_is_for_nobody_else(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova", shared=True)
        [made] = await history(cast.teacher, gpt.id)
        for person, refusal in ((cast.colleague, NotPermitted), (cast.stranger, NotFound)):
            with pytest.raises(refusal):
                await restore(person, made.version.id)


class TestBranch:
    async def test_begins_a_gpt_of_ones_own_that_is_not_shared(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova", shared=True)
        [made] = await history(cast.teacher, gpt.id)
        async with transaction(cast.teacher) as session:
            branched = await restoring.branch(session, cast.teacher, made.version.id)
            copy = await gpts.get(session, cast.teacher, branched.id)
        assert (copy.name, copy.shared, copy.id != gpt.id) == ("Nova (copy)", False, True)
        [version] = await history(cast.teacher, copy.id)
        assert (version.version.reason, version.version.from_id) == (Reason.branched, made.version.id)

    async def test_of_a_conversation_leaves_behind_gpts_that_one_cannot_use(self, cast):
        context_id = await begin(cast.teacher, "Frogs")
        own, common = await make_gpt(cast.teacher, "Nova"), await make_gpt(cast.teacher, "Vega", shared=True)
        await write_notes(cast.teacher, context_id, "", "They eat flies.")
        async with transaction(cast.teacher) as session:
            await answerers.change(session, cast.teacher, context_id, Answerers((own.id, common.id), Mode.compare))
        await share(cast.teacher, context_id, cast.colleague)
        version = (await history(cast.colleague, context_id, CONVERSATION))[0].version
        async with transaction(cast.colleague) as session:
            branched = await restoring.branch(session, cast.colleague, version.id)
        assert branched.left_behind == [own.id]
        assert await settings_of(cast.colleague, branched.id) == ("Frogs", "compare", [common.id])
        assert (await read_notes(cast.colleague, branched.id)).text == "They eat flies."


class TestChangeOfAnOlderVersion:
    async def test_is_merged_field_by_field(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova", instructions="Be brief.\nAsk back.\n")
        await change_gpt(cast.teacher, gpt, 1, name="Vega", instructions="Be brief.\nAsk twice.\n")
        merged = await change_gpt(cast.teacher, gpt, 1, tone="amber", instructions="Be kind.\nAsk back.\n")
        assert (merged.name, merged.tone, merged.instructions) == ("Vega", "amber", "Be kind.\nAsk twice.")

    async def test_is_refused_only_where_both_changed_the_same(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova", instructions="Be brief.")
        await change_gpt(cast.teacher, gpt, 1, name="Vega", instructions="Be kind.")
        with pytest.raises(gpts.GptClash) as clash:
            await change_gpt(cast.teacher, gpt, 1, name="Lyra", instructions="Be loud.")
        merged = clash.value.merged
        assert merged.clashing == {"name": ("Lyra", "Vega")}
        choices = {"name": [Choice.theirs], "instructions": [Choice.both]}
        assert merged.chosen(choices) == {**merged.values, "name": "Vega", "instructions": "Be loud.\nBe kind."}
        with pytest.raises(Conflict, match="Open it again"):
            await change_gpt(cast.teacher, gpt, 99, name="Lyra")


async def test_versions_are_found_by_nobody_elsewhere(cast):
    gpt = await make_gpt(cast.teacher)
    [made] = await history(cast.teacher, gpt.id)
    for id in (made.version.id, UUID(int=1)):
        async with transaction(cast.stranger) as session:
            with pytest.raises(NotFound):
                await reading.get(session, cast.stranger, id)
    assert await counted(cast.stranger, Version) == 0

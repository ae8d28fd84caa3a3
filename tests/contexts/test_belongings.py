"""What is told its owner about the files, tools and shares of a GPT, and what one click does about it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.contexts.models import Gpt, GptShare, Reading, StoredFile
from faraday_app.contexts.service import belongings, gpts, knowledge, shares, validation
from faraday_app.contexts.service.belongings import FileFacts, ShareFacts
from faraday_app.contexts.service.findings import Remedy
from faraday_app.contexts.service.shares.soundness import Standing
from faraday_app.contexts.service.validation import GptFacts, ModelFacts
from faraday_app.contexts.state import GptEditorState, SoundnessState
from faraday_app.core import files
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from tests.factories.contexts import share as share_context
from tests.factories.data import FROGS, pdf, teach
from tests.factories.gpts import answering_alone, make_gpt
from tests.factories.shares import INSTRUCTIONS, accept, end, give, row, told
from tests.factories.tabs import open_tab
from tests.factories.versions import change_gpt

GPT, OTHER = UUID(int=1), UUID(int=2)


def remedies(found):
    return [each.remedy for each in found]


async def findings(actor, gpt):
    async with transaction(actor) as session:
        return await validation.of_gpt(session, actor, await gpts.get(session, actor, gpt.id))


async def mended(actor, gpt):
    """Open the editor, and do what is offered about the only finding. What is told afterwards."""
    tab = await open_tab(actor, GptEditorState)
    await GptEditorState.edit.fn(tab, str(gpt.id))
    [found] = tab.findings
    await GptEditorState.mend.fn(tab, found.remedy, found.target, found.of)
    await GptEditorState.edit.fn(tab, str(gpt.id))
    return [each.text for each in tab.findings]


class TestRules:
    @pytest.mark.parametrize(
        ("file", "expected"),
        [
            (FileFacts(OTHER, "frogs.md"), []),
            (FileFacts(OTHER, "frogs.md", failed=True, problem="Damaged."), [Remedy.read_again]),
            (FileFacts(OTHER, "frogs.md", gone=True), [Remedy.remove_file]),
            (FileFacts(OTHER, "frogs.md", failed=True, gone=True), [Remedy.remove_file]),
        ],
    )
    def test_of_files(self, file, expected):
        found = belongings.check_files(GPT, "Nova", [file])
        assert remedies(found) == expected
        assert all(("frogs.md" in each.text, each.target, each.of) == (True, OTHER, GPT) for each in found)

    @pytest.mark.parametrize(
        ("standing", "gives", "mine", "expected"),
        [
            (Standing.sound, False, True, []),
            (Standing.sound, True, True, []),
            (Standing.stale, False, True, [Remedy.renew_share]),
            (Standing.stale, False, False, [None]),
            (Standing.stale, True, True, [Remedy.renew_share]),
            (Standing.run_out, False, False, [Remedy.note_share]),
            (Standing.run_out, True, True, []),
            (Standing.withdrawn, False, False, [Remedy.note_share]),
            (Standing.archived, False, True, [Remedy.end_share]),
            (Standing.left, False, False, [Remedy.end_share]),
            (Standing.unreadable, False, False, [Remedy.end_share]),
        ],
    )
    def test_of_shares(self, standing, gives, mine, expected):
        found = belongings.check_shares(GPT, "Vega", [ShareFacts(OTHER, "Nova", standing, gives, mine)])
        assert remedies(found) == expected
        assert all("Nova" in each.text and each.severity == "warning" for each in found)

    @pytest.mark.parametrize(
        ("model", "tools", "lost", "expected"),
        [
            ("able", ("calculator",), (), []),
            ("able", ("shell",), ("shell",), [Remedy.drop_tools]),
            ("plain", (), (), []),
            ("plain", ("calculator",), (), [Remedy.gpt_auto]),
            ("auto", ("calculator",), (), []),
        ],
    )
    def test_of_tools(self, model, tools, lost, expected):
        models = {"able": ModelFacts(8_000, 100), "plain": ModelFacts(8_000, 100, tools=False)}
        gpt = GptFacts(GPT, "Nova", model, 10, 0, tools=tools, lost_tools=lost)
        assert remedies(validation.check_gpt(gpt, models)) == expected
        alone = {"plain": models["plain"]}
        if model == "auto":
            assert remedies(validation.check_gpt(gpt, alone)) == [None]


class TestFiles:
    async def test_that_failed_are_read_again(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        known = await teach(cast.teacher, gpt.id, "light.pdf", pdf("Light")[:200])
        [found] = await findings(cast.teacher, gpt)
        assert (found.remedy, "light.pdf" in found.text) == (Remedy.read_again, True)
        assert await mended(cast.teacher, gpt) == []
        async with transaction(cast.teacher) as session:
            assert (await session.get_one(StoredFile, known.file_id)).state == Reading.reading

    async def test_that_are_gone_from_the_store_are_removed(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        known = await teach(cast.teacher, gpt.id, "frogs.md", FROGS.encode())
        assert await findings(cast.teacher, gpt) == []
        await files.remove(cast.organization_id, known.file_id)
        assert remedies(await findings(cast.teacher, gpt)) == [Remedy.remove_file]
        assert await mended(cast.teacher, gpt) == []
        async with transaction(cast.teacher) as session:
            assert await knowledge.listed(session, cast.teacher, gpt.id) == []


class TestTools:
    async def test_that_are_not_there_any_more_are_taken_from_it(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova")
        async with transaction(Actor.system(cast.organization_id)) as session:
            await session.execute(update(Gpt).where(col(Gpt.id) == gpt.id).values(tools=["shell"]))
        assert "no tool “shell”" in (await findings(cast.teacher, gpt))[0].text
        tab = await open_tab(cast.teacher, SoundnessState)
        await SoundnessState.watch.fn(tab, str(await answering_alone(cast.teacher, gpt)))
        await SoundnessState.refresh.fn(tab)
        found = next(each for each in tab.findings if each.remedy == Remedy.drop_tools)
        await SoundnessState.mend.fn(tab, found.remedy, found.target, found.of)
        async with transaction(cast.teacher) as session:
            assert (await gpts.get(session, cast.teacher, gpt.id)).tools == []

    async def test_of_somebody_elses_gpt_are_told_and_left_to_them(self, cast, theirs):
        async with transaction(Actor.system(cast.organization_id)) as session:
            await session.execute(update(Gpt).where(col(Gpt.id) == theirs.id).values(tools=["shell"]))
        tab = await open_tab(cast.teacher, SoundnessState)
        await SoundnessState.watch.fn(tab, str(await answering_alone(cast.teacher, theirs)))
        await SoundnessState.refresh.fn(tab)
        assert "" in [each.remedy for each in tab.findings if "shell" in each.text]
        with pytest.raises(NotPermitted):
            await SoundnessState.mend.fn(tab, Remedy.drop_tools, str(theirs.id))


class TestShares:
    async def test_that_are_stale_are_given_anew_from_either_side_and_where_it_answers(self, cast, nova, vega):
        share = await give(cast.teacher, nova, vega)
        await change_gpt(cast.teacher, nova, 1, instructions="Answer in rhymes.")
        assert remedies(await findings(cast.teacher, nova)) == [Remedy.renew_share]
        tab = await open_tab(cast.teacher, SoundnessState)
        await SoundnessState.watch.fn(tab, str(await answering_alone(cast.teacher, vega)))
        await SoundnessState.refresh.fn(tab)
        [found] = tab.findings
        await SoundnessState.mend.fn(tab, found.remedy, found.target, found.of)
        await SoundnessState.refresh.fn(tab)
        assert tab.findings == []
        assert await told(cast.teacher, vega) == ["Answer in rhymes."]
        assert (await row(share)).version == 2

    async def test_of_others_that_are_stale_are_only_told(self, cast, nova, theirs):
        share = await give(cast.teacher, nova, theirs)
        await accept(cast.colleague, share)
        await change_gpt(cast.teacher, nova, 1, instructions="Answer in rhymes.")
        [found] = await findings(cast.colleague, theirs)
        assert (found.remedy, "changed since" in found.text) == (None, True)

    async def test_that_were_withdrawn_are_told_until_somebody_takes_note(self, cast, nova, theirs):
        share = await give(cast.teacher, nova, theirs)
        await accept(cast.colleague, share)
        await end(cast.teacher, share)
        assert "does not give to it any more" in (await findings(cast.colleague, theirs))[0].text
        with pytest.raises((NotFound, NotPermitted)):
            async with transaction(cast.teacher) as session:
                await shares.note(session, cast.teacher, share.id)
        assert await mended(cast.colleague, theirs) == []
        again = await give(cast.teacher, nova, theirs)
        await accept(cast.colleague, again)
        await end(cast.colleague, again)
        assert await findings(cast.colleague, theirs) == []

    @pytest.mark.parametrize("erased", [False, True])
    async def test_that_have_run_out_are_told_until_somebody_takes_note(self, cast, nova, vega, erased):
        share = await give(cast.teacher, nova, vega)
        async with transaction(Actor.system()) as session:
            past = update(GptShare).where(col(GptShare.id) == share.id).values(until=now() - timedelta(seconds=1))
            await session.execute(past)
        if erased:
            await shares.erase()
        assert "has run out" in (await findings(cast.teacher, vega))[0].text
        assert await mended(cast.teacher, vega) == []

    async def test_of_an_archived_source_are_ended(self, cast, nova, vega):
        await give(cast.teacher, nova, vega, INSTRUCTIONS)
        async with transaction(cast.teacher) as session:
            await gpts.archive(session, cast.teacher, nova.id)
        assert "is archived" in (await findings(cast.teacher, vega))[0].text
        assert await mended(cast.teacher, vega) == []

    async def test_are_told_nobody_but_the_owner(self, cast, nova, theirs):
        share = await give(cast.teacher, nova, theirs)
        await accept(cast.colleague, share)
        await end(cast.teacher, share)
        context_id = await answering_alone(cast.teacher, theirs)
        await share_context(cast.teacher, context_id, cast.student)
        tab = await open_tab(cast.teacher, SoundnessState)
        await SoundnessState.watch.fn(tab, str(context_id))
        await SoundnessState.refresh.fn(tab)
        assert tab.findings == []
        with pytest.raises(Invalid):
            await SoundnessState.mend.fn(tab, "anything", str(theirs.id))

"""What belongs to a GPT in packs: files, memory and tools, out and in."""

import hashlib

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.contexts.models import Memory, MemoryKind, MemoryScope, Reading
from faraday_app.contexts.service import knowledge, packs, reading, stored
from faraday_app.contexts.service.packs import moving
from faraday_app.contexts.state import PackExportState
from faraday_app.core import files
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from tests.factories.contexts import begin
from tests.factories.data import FROGS, bomb, pdf, teach
from tests.factories.gpts import make_gpt
from tests.factories.memory import remember, texts
from tests.factories.packs import bring_in, changed, exported, files_of, said, signed_elsewhere
from tests.factories.shares import learned
from tests.factories.tabs import open_tab, sent
from tests.factories.versions import history


def digest(content):
    return hashlib.sha256(content).hexdigest()


def listing(content, name="frogs.md", **more):
    """A list of one file, as a pack has it."""
    told = {"name": name, "kind": "markdown", "size": len(content), "digest": digest(content), **more}
    return {"knowledge": {"files": [told]}}


async def elsewhere(actor, parts, *contents, **fields):
    """A pack of somebody who has another key, with these parts and files."""
    file = await exported(actor, await make_gpt(actor, "Frog expert"))
    text = changed(file, parts=parts, **{f"gpt__{name}": value for name, value in fields.items()})
    return signed_elsewhere(text, **{digest(each): each for each in contents})


async def knowing(actor):
    gpt = await make_gpt(actor, "Frog expert", tools=("calculator",), temperature=0.3, longest_answer=99)
    await teach(actor, gpt.id, "frogs.md", FROGS.encode())
    await teach(actor, gpt.id, "pond.pdf", pdf("A pond in May"))
    return gpt


async def outlook(actor, gpt):
    async with transaction(actor) as session:
        return await packs.outlook(session, actor, gpt.id)


class TestFiles:
    async def test_travel_with_tools_and_parameters_and_are_read_anew(self, cast):
        file = await exported(cast.teacher, await knowing(cast.teacher))
        made = await bring_in(cast.stranger, file, from_elsewhere=True)
        assert (made.tools, made.temperature, made.longest_answer) == (["calculator"], 0.3, 99)
        async with transaction(cast.stranger) as session:
            found = [each.file for each in await knowledge.listed(session, cast.stranger, made.id)]
            assert [each.state for each in found] == [Reading.reading, Reading.reading]
            assert await stored.content_of(found[0]) == FROGS.encode()
        await reading.read_waiting()
        async with transaction(cast.stranger) as session:
            assert await knowledge.find(session, cast.stranger, made, "What do frogs eat?", 1)
        [version] = await history(cast.stranger, made.id)
        assert version.version.reason == "imported"

    async def test_are_those_of_the_version_and_can_be_left_out(self, cast):
        gpt = await knowing(cast.teacher)
        async with transaction(cast.teacher) as session:
            [first, _] = await knowledge.listed(session, cast.teacher, gpt.id)
            await knowledge.remove(session, cast.teacher, gpt.id, first.known.id)
        file = await exported(cast.teacher, gpt)
        assert [each["name"] for each in said(file)["parts"]["knowledge"]["files"]] == ["pond.pdf"]
        assert len(files_of(file)) == 3
        bare = await exported(cast.teacher, gpt, knowledge=False)
        assert (said(bare)["parts"], len(files_of(bare))) == ({}, 2)

    async def test_that_are_too_large_say_so_before_and_when_they_are_exported(self, cast, monkeypatch):
        gpt = await knowing(cast.teacher)
        assert (await outlook(cast.teacher, gpt)).too_large == ""
        monkeypatch.setattr(moving, "LARGEST_FILES", 100)
        assert "Leave them out" in (await outlook(cast.teacher, gpt)).too_large
        with pytest.raises(Invalid, match="Leave them out"):
            await exported(cast.teacher, gpt)
        assert await exported(cast.teacher, gpt, knowledge=False)

    async def test_that_are_gone_from_the_store_say_so(self, cast):
        gpt = await make_gpt(cast.teacher)
        known = await teach(cast.teacher, gpt.id, "frogs.md", FROGS.encode())
        await files.remove(cast.organization_id, known.file_id)
        with pytest.raises(Invalid, match=r"frogs\.md.*no longer be read"):
            await exported(cast.teacher, gpt)

    @pytest.mark.parametrize(
        ("content", "told", "why"),
        [
            (b"MZ\x00\x01\x02 a program", {}, "cannot be read"),
            (b"Frogs.", {"size": 7}, "changed after"),
            (b"Frogs.", {"size": 30_000_000}, "look at"),
            (b"Frogs.", {"digest": "0" * 64}, "does not hold"),
            (b"Frogs.", {"digest": "../../etc/passwd"}, "look at"),
            (b"Frogs.", {"name": ""}, "look at"),
            (b"Frogs.", {"owner": "me"}, "look at"),
            (b"  ", {}, "empty"),
        ],
    )
    async def test_are_checked_as_those_that_are_sent(self, cast, content, told, why):
        file = await elsewhere(cast.teacher, listing(content, **told), content)
        with pytest.raises(Invalid, match=why):
            await packs.check(cast.teacher, file)

    async def test_that_swell_or_are_not_listed_are_refused(self, cast):
        swelling, odd = bomb(), b"Something else."
        for file, why in (
            (await elsewhere(cast.teacher, listing(swelling, "a.docx", kind="docx"), swelling), "unpacks to more"),
            (await elsewhere(cast.teacher, listing(b"Frogs."), b"Frogs.", odd), "does not hold"),
            (await elsewhere(cast.teacher, {"knowledge": {"files": 7}}), "look at"),
        ):
            with pytest.raises(Invalid, match=why):
                await bring_in(cast.teacher, file, from_elsewhere=True)
        assert len(await history(cast.teacher, (await make_gpt(cast.teacher)).id)) == 1


class TestMemory:
    async def test_of_whoever_exports_travels_and_waits_for_whoever_brings_it_in(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova", shared=True)
        context_id = await begin(cast.teacher)
        mine = await remember(cast.teacher, "Answer in rhymes.", kind=MemoryKind.wish)
        await remember(cast.teacher, "Written by hand.")
        others = (
            await remember(cast.colleague, "Said by a colleague."),
            await remember(cast.teacher, "Of this conversation.", scope=MemoryScope.context, context_id=context_id),
            await remember(cast.head, "Of the department.", scope=MemoryScope.team),
        )
        async with transaction(Actor.system(cast.organization_id)) as session:
            by_it = col(Memory.id).in_([mine.id, *(each.id for each in others)])
            await session.execute(update(Memory).where(by_it).values(gpt_id=gpt.id))
        assert (await outlook(cast.teacher, gpt)).memories == 1
        file = await exported(cast.teacher, gpt)
        assert said(file)["parts"] == {"memory": {"memories": [{"kind": "wish", "text": "Answer in rhymes."}]}}
        assert said(await exported(cast.teacher, gpt, memory=False))["parts"] == {}
        await bring_in(cast.colleague, file)
        assert await texts(cast.colleague, status="proposed") == ["Answer in rhymes."]
        assert await texts(cast.teacher, status="proposed") == []

    @pytest.mark.parametrize(
        "memories",
        [
            [{"kind": "secret", "text": "x"}],
            [{"kind": "fact", "text": "x" * 501}],
            [{"kind": "fact", "text": ""}],
            [{"kind": "fact", "text": "x", "owner_id": "0"}],
            [{"kind": "fact", "text": "x"}] * 201,
            7,
        ],
    )
    async def test_takes_nothing_that_a_pack_may_not_say(self, cast, memories):
        file = await elsewhere(cast.teacher, {"memory": {"memories": memories}})
        with pytest.raises(Invalid, match="cannot be read"):
            await bring_in(cast.teacher, file, from_elsewhere=True)
        assert await texts(cast.teacher) == []


class TestRights:
    async def test_are_never_more_than_to_propose_and_tools_are_those_that_there_are(self, cast):
        file = await elsewhere(cast.teacher, {}, tools=["shell", "calculator"], memory_rights="write")
        checked = await packs.check(cast.teacher, file)
        assert [each.text for each in checked.findings] == [
            "Frog expert has tools, and no model here can use them. It answers without.",
            "The tool “shell” is not there here. It comes without.",
            "It proposes memories here and keeps none without asking.",
        ]
        made = await bring_in(cast.teacher, file, from_elsewhere=True)
        assert (made.tools, made.memory_rights) == (["calculator"], "propose")

    async def test_of_a_pack_from_before_there_were_files_are_read(self, cast):
        file = await exported(cast.teacher, await make_gpt(cast.teacher, "Old"))
        content = said(file)
        gpt = {name: value for name, value in content["gpt"].items() if name not in ("tools", "memory_rights")}
        made = await bring_in(
            cast.teacher, signed_elsewhere(changed(file, gpt=gpt, schema_version=1)), from_elsewhere=True
        )
        assert (made.name, made.tools) == ("Old", [])


class TestPackExportState:
    async def test_says_what_would_travel_and_leaves_out_what_is_not_chosen(self, cast):
        gpt = await knowing(cast.teacher)
        mine = await remember(cast.teacher, "Answer in rhymes.")
        await learned(cast.teacher, gpt, mine.id)
        tab = await open_tab(cast.teacher, PackExportState)
        await PackExportState.begin.fn(tab, str(gpt.id))
        assert (tab.open, tab.name, tab.memories) == (True, "Frog expert", 1)
        assert tab.files == "2 files of 1 kB: frogs.md, pond.pdf"
        told = sent(await PackExportState.export.fn(tab, {"with_knowledge": "on"}))
        assert f"/api/v1/gpts/{gpt.id}/pack?knowledge=true&memory=false" in str(told)
        assert not tab.open

    async def test_is_for_the_owner(self, cast):
        gpt = await make_gpt(cast.teacher, shared=True)
        for person, refusal in ((cast.colleague, NotPermitted), (cast.stranger, NotFound)):
            tab = await open_tab(person, PackExportState)
            with pytest.raises(refusal):
                await PackExportState.begin.fn(tab, str(gpt.id))

"""Files and parameters in shares: searched where they are, taken over with a click, and gone when they shall."""

import pytest

from faraday_app.contexts.models import SharePart
from faraday_app.contexts.service import gpts, knowledge, shares
from faraday_app.contexts.service.assembly import Occasion
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.shares import Offer, packing
from faraday_app.contexts.service.tools import TOOLS
from faraday_app.contexts.share_views import share_view
from faraday_app.contexts.state import GptSharesState
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, NotFound, NotPermitted
from tests.factories.contexts import begin
from tests.factories.data import FROGS, teach
from tests.factories.gpts import make_gpt
from tests.factories.memory import given
from tests.factories.shares import accept, end, gets, give, gives, inside, row
from tests.factories.tabs import open_tab
from tests.factories.versions import change_gpt, history, restore

FILES = Offer(frozenset({SharePart.knowledge}))
PARAMETERS = Offer(frozenset({SharePart.parameters}))
QUESTION = "What do frogs eat?"


@pytest.fixture
async def frogs(cast, nova):
    """A file that Nova knows."""
    return await teach(cast.teacher, nova.id, "frogs.md", FROGS.encode())


async def found(person, gpt, question=QUESTION):
    items = await given(person, await begin(person), question, gpt)
    return [item for item in items if item.kind == "shared"]


async def searched(person, gpt):
    async with transaction(person) as session:
        context, _ = await get_context(session, person, await begin(person))
        return await TOOLS["search_knowledge"].run(session, person, Occasion(context, gpt, ""), {"question": QUESTION})


async def remove(person, gpt, known):
    async with transaction(person) as session:
        await knowledge.remove(session, person, gpt.id, known.id)


async def take_over(person, share, version):
    async with transaction(person) as session:
        return await shares.take_over(session, person, share.id, version)


class TestFiles:
    async def test_give_the_passages_that_fit_and_no_copy(self, cast, nova, theirs, frogs):
        share = await give(cast.teacher, nova, theirs, FILES)
        assert await found(cast.colleague, theirs) == []
        await accept(cast.colleague, share)
        [item] = await found(cast.colleague, theirs)
        assert (item.title, "sticky tongue" in item.text) == ("Nova: frogs.md (part 1 of 3)", True)
        assert await found(cast.colleague, theirs, "Quadratic equations?") == []
        assert "sticky tongue" in await searched(cast.colleague, theirs)
        [entry] = await packing.unsealed(await row(share))
        assert (entry.text, entry.known_id) == (packing.SEARCHED, str(frogs.id))
        assert "frogs.md" not in ((await row(share)).sealed_payload or "")
        [shown] = await inside(cast.colleague, share)
        assert shown.title == "Nova: frogs.md"

    async def test_are_gone_at_once_when_the_source_loses_them_or_either_side_ends_it(self, cast, nova, theirs, frogs):
        share = await give(cast.teacher, nova, theirs, FILES)
        await accept(cast.colleague, share)
        await remove(cast.teacher, nova, frogs)
        assert await found(cast.colleague, theirs) == []
        assert await inside(cast.colleague, share) == []
        assert "Nothing about this" in await searched(cast.colleague, theirs)
        await restore(cast.teacher, (await history(cast.teacher, nova.id))[1].version.id)
        assert len(await found(cast.colleague, theirs)) == 1
        await end(cast.teacher, share)
        assert await found(cast.colleague, theirs) == []
        assert "Nothing about this" in await searched(cast.colleague, theirs)

    async def test_of_an_archived_source_are_searched_for_nobody(self, cast, nova, vega, frogs):
        await give(cast.teacher, nova, vega, FILES)
        assert len(await found(cast.teacher, vega)) == 1
        async with transaction(cast.teacher) as session:
            await gpts.archive(session, cast.teacher, nova.id)
        assert await found(cast.teacher, vega) == []

    async def test_are_for_those_who_may_use_the_gpt_that_gets_them(self, cast, nova, theirs, vega, frogs):
        await accept(cast.colleague, await give(cast.teacher, nova, theirs, FILES))
        await give(cast.teacher, nova, vega, FILES)
        assert len(await found(cast.student, theirs)) == 1
        assert await found(cast.student, vega) == []
        assert await found(cast.stranger, theirs) == []

    async def test_that_came_later_are_given_once_they_are_given_anew(self, cast, nova, vega, frogs):
        share = await give(cast.teacher, nova, vega, FILES)
        await teach(
            cast.teacher, nova.id, "toads.md", b"Toads eat frogs, ants and beetles, and drink through the skin."
        )
        assert {item.title[:14] for item in await found(cast.teacher, vega)} == {"Nova: frogs.md"}
        assert [each.stale for each in await gives(cast.teacher, nova)] == [True]
        async with transaction(cast.teacher) as session:
            await shares.renew(session, cast.teacher, share.id, 1)
        assert {item.title[:14] for item in await found(cast.teacher, vega)} == {"Nova: frogs.md", "Nova: toads.md"}

    async def test_are_not_passed_on(self, cast, nova, vega, theirs, frogs):
        await give(cast.teacher, nova, vega, FILES)
        await accept(cast.colleague, await give(cast.teacher, vega, theirs, FILES))
        assert await found(cast.colleague, theirs) == []

    async def test_that_are_gone_leave_the_copy_too(self, cast, nova, vega, frogs):
        share = await give(cast.teacher, nova, vega, FILES)
        await remove(cast.teacher, nova, frogs)
        await shares.erase()
        assert await packing.unsealed(await row(share)) == []


class TestParameters:
    async def test_change_nothing_until_they_are_taken_over_and_are_no_material(self, cast, theirs):
        source = await make_gpt(cast.teacher, "Nova", temperature=0.1, longest_answer=77, tools=("calculator",))
        share = await give(cast.teacher, source, theirs, PARAMETERS)
        await accept(cast.colleague, share)
        assert await found(cast.colleague, theirs) == []
        [entry] = await inside(cast.colleague, share)
        assert entry.text == (
            "Model: chosen for each question. Temperature: 0.1. Longest answer: 77 tokens. Tools: Calculator."
        )
        async with transaction(cast.colleague) as session:
            before = await gpts.get(session, cast.colleague, theirs.id)
        assert (before.temperature, before.tools) == (0.7, [])
        made = await take_over(cast.colleague, share, 2)
        assert (made.temperature, made.longest_answer, made.tools) == (0.1, 77, ["calculator"])
        assert (made.name, made.instructions, made.shared) == ("Lyra", "", True)
        assert [each.version.reason for each in await history(cast.colleague, theirs.id)] == ["changed", "made"]

    async def test_are_for_the_owner_of_the_target_while_the_share_holds(self, cast, nova, theirs, vega):
        share = await give(cast.teacher, nova, theirs, PARAMETERS)
        with pytest.raises(Conflict):
            await take_over(cast.colleague, share, 1)
        await accept(cast.colleague, share)
        for person, refusal in (
            (cast.teacher, NotPermitted), (cast.head, NotFound), (cast.stranger, NotFound)
        ):  # fmt: skip
            with pytest.raises(refusal):
                await take_over(person, share, 2)
        await end(cast.teacher, share)
        with pytest.raises(Conflict):
            await take_over(cast.colleague, share, 3)
        bare = await give(cast.teacher, nova, vega)
        with pytest.raises(Conflict):
            await take_over(cast.teacher, bare, 1)


class TestShown:
    async def test_on_both_sides_and_taken_over_with_a_click(self, cast, theirs):
        nova = await make_gpt(cast.teacher, "Nova", temperature=0.1)
        await teach(cast.teacher, nova.id, "frogs.md", FROGS.encode())
        tab = await open_tab(cast.teacher, GptSharesState)
        await GptSharesState.show.fn(tab, str(nova.id))
        form = {"target_id": str(theirs.id), "part_knowledge": "on", "part_parameters": "on"}
        await GptSharesState.offer.fn(tab, form)
        assert [(each.parts, each.adopts) for each in tab.gives] == [("files, parameters and tools", False)]
        other = await open_tab(cast.colleague, GptSharesState)
        await GptSharesState.show.fn(other, str(theirs.id))
        [waiting] = other.gets
        assert (waiting.parts, waiting.adopts) == ("files, parameters and tools", False)
        await GptSharesState.accept.fn(other, waiting.id, waiting.version)
        [row_] = other.gets
        assert row_.adopts
        await GptSharesState.take_over.fn(other, row_.id, row_.version)
        async with transaction(cast.colleague) as session:
            assert (await gpts.get(session, cast.colleague, theirs.id)).temperature == 0.1
        await change_gpt(cast.teacher, nova, 1, temperature=0.9)
        [stale] = await gets(cast.colleague, theirs)
        assert share_view(stale, cast.colleague, "UTC", giving=False).stale

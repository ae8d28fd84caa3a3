import json
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.contexts.models import Access, Context, Given, Mode, Part
from faraday_app.contexts.orchestration import asking, plans
from faraday_app.contexts.orchestration.plans import Ask, Question, Said
from faraday_app.contexts.service import answerers, gpts, handing, validation
from faraday_app.contexts.service.answerers import Answerers
from faraday_app.contexts.service.assembly import Item
from faraday_app.contexts.service.findings import Remedy, Severity
from faraday_app.contexts.service.validation import Facts, GptFacts, ModelFacts, circle_in
from faraday_app.contexts.state import SoundnessState
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from tests.factories.contexts import begin, share
from tests.factories.gpts import make_gpt
from tests.factories.tabs import open_tab

NOVA, VEGA, LYRA = (UUID(int=number) for number in (1, 2, 3))
MODELS = {
    "small": ModelFacts(1_000, 200),
    "large": ModelFacts(8_000, 1_000),
    "plain": ModelFacts(1_000, 200, tools=False),
}
NAMES = {NOVA: "Nova", VEGA: "Vega", LYRA: "Lyra"}


def gpt(id=NOVA, model="small", instructions=100, longest_answer=0, archived=False, **more):
    return GptFacts(id, NAMES[id], model, instructions, longest_answer, archived, **more)


def facts(*answering, mode=Mode.single, model="small", **more):
    known = {each.id: each for each in answering}
    return Facts(model, tuple(known), mode, known, MODELS, **more)


def found(facts):
    return [(each.severity.value, each.remedy, each.target) for each in validation.check_conversation(facts)]


class TestCheckConversation:
    @pytest.mark.parametrize(
        ("facts", "expected"),
        [
            (facts(), []),
            (facts(gpt()), []),
            (facts(model="gone"), [("error", Remedy.choose_auto, None)]),
            (facts(gpt(), gpt(VEGA, archived=True)), [("warning", Remedy.remove_gpt, VEGA)]),
            (facts(gpt(archived=True)), [("warning", Remedy.remove_gpt, NOVA), ("error", None, None)]),
            (Facts("small", (NOVA,), models=MODELS), [("warning", Remedy.remove_gpt, NOVA), ("error", None, None)]),
            (facts(gpt(model="gone")), [("error", Remedy.remove_gpt, NOVA)]),
            (facts(gpt(model="auto", instructions=5_000)), [("warning", Remedy.remove_gpt, NOVA)]),
            (facts(gpt(instructions=900)), [("error", Remedy.remove_gpt, NOVA)]),
            (facts(gpt(instructions=800, longest_answer=50)), [("warning", Remedy.remove_gpt, NOVA)]),
            (facts(gpt(tools=("calculator",), model="plain")), [("warning", None, NOVA)]),
            (facts(gpt(tools=("calculator",), model="plain", mine=True)), [("warning", Remedy.gpt_auto, NOVA)]),
            (facts(gpt(tools=("x",), lost_tools=("x",), mine=True)), [("warning", Remedy.drop_tools, NOVA)]),
            (facts(gpt(tools=("calculator",), model="gone")), [("error", Remedy.remove_gpt, NOVA)]),
            (facts(gpt(), mode=Mode.vote), [("warning", Remedy.answer_alone, None)]),
            (facts(gpt(), gpt(VEGA), mode=Mode.vote), []),
            (facts(given=(Item(Given.data, "1", 1, "Long", "word " * 2_000),)), [("warning", None, None)]),
            (facts(given=(Item(Given.data, "1", 1, "Short", "word"),)), []),
            (facts(gpt(), gpt(VEGA), hands_on=((NOVA, VEGA), (VEGA, NOVA))), [("error", None, None)]),
        ],
    )
    def test_tells_what_is_wrong_and_the_remedy(self, facts, expected):
        assert found(facts) == expected

    def test_names_the_circle(self):
        round_and_round = facts(gpt(), gpt(VEGA), gpt(LYRA), hands_on=((NOVA, VEGA), (VEGA, LYRA), (LYRA, VEGA)))
        [finding] = validation.check_conversation(round_and_round)
        assert finding.text.endswith("Vega → Lyra → Vega.")


class TestCircleIn:
    @given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14))
    def test_is_a_way_along_the_edges_back_to_where_it_began(self, edges):
        way = circle_in([(UUID(int=a), UUID(int=b)) for a, b in edges])
        if way:
            assert way[0] == way[-1]
            assert all((a.int, b.int) in edges for a, b in pairwise(way))
        else:
            left = set(edges)
            while ends := {a for a, _ in left} | {b for _, b in left}:
                sources = ends - {b for _, b in left}
                assert sources, "what has no circle has a beginning"
                left = {(a, b) for a, b in left if a not in sources}


IDS = tuple(UUID(int=number) for number in range(1, 7))
STEP = st.fixed_dictionaries(
    {
        "gpt": st.sampled_from("ABCDEFG"),
        "task": st.sampled_from(["Look.", ""]),
        "needs": st.lists(st.integers(0, 7), max_size=3),
    }
)


def handed(mode, lanes, plan):
    """From whom to whom a question went on when all answered, as the plans have it: by the words that are told."""
    question, said, found = Question("Why?", tuple("NVLRMD"[:lanes]), steps=12), [], set()
    while isinstance(following := plans.following(mode, question, said), Ask):
        for part in following.parts:
            if mode is Mode.chain and said:
                found.add((said[-1].lane, part.lane))
            if mode is Mode.delegate and part.part is Part.draft:
                found.add((0, part.lane))
        said += [
            Said(part.lane, part.step, part.part, plan if part.part is Part.plan else "Because.")
            for part in following.parts
        ]
    return found


class TestHandingOn:
    @given(st.sampled_from(Mode), st.integers(1, 6), st.lists(STEP, max_size=6))
    def test_is_what_plans_do_and_never_goes_in_a_circle(self, mode, lanes, steps):
        told = handing.edges(mode, IDS[:lanes])
        done = {(IDS[a], IDS[b]) for a, b in handed(mode, lanes, json.dumps({"steps": steps}))}
        assert done <= set(told)
        assert done == set(told) or mode is not Mode.chain
        assert circle_in(told) == ()

    async def test_in_a_circle_cannot_be_set_and_is_found_where_it_is(self, cast):
        context_id, nova, vega = await begin(cast.teacher), await make_gpt(cast.teacher), await make_gpt(cast.teacher)
        round_and_round = [nova.id, vega.id, nova.id]
        async with transaction(cast.teacher) as session:
            with pytest.raises(Invalid, match="different"):
                await answerers.change(session, cast.teacher, context_id, Answerers(tuple(round_and_round), Mode.chain))
        async with transaction(cast.teacher) as session:
            context = await session.get_one(Context, context_id)
            context.gpt_ids, context.mode = round_and_round, Mode.chain
        async with transaction(cast.teacher) as session:
            with pytest.raises(Invalid, match="in a circle: Nova → Nova → Nova"):
                await asking.ask(session, cast.teacher, context_id, "Why?")


class TestBlocking:
    async def test_of_a_question_that_nobody_is_left_to_answer_costs_nothing(self, cast):
        context_id, gpt = await begin(cast.teacher), await make_gpt(cast.teacher, "Nova")
        async with transaction(cast.teacher) as session:
            await answerers.change(session, cast.teacher, context_id, Answerers((gpt.id,)))
            await gpts.archive(session, cast.teacher, gpt.id)
        async with transaction(cast.teacher) as session:
            with pytest.raises(Invalid, match="Nobody is left"):
                await asking.ask(session, cast.teacher, context_id, "Why?")
        async with transaction(cast.teacher) as session:
            context = await session.get_one(Context, context_id)
            assert (context.leaf_id, context.title) == (None, "New conversation")


class TestSoundnessState:
    async def test_shows_and_mends_for_those_who_may_write(self, cast):
        context_id = await begin(cast.teacher)
        nova, vega = await make_gpt(cast.teacher, "Nova"), await make_gpt(cast.teacher, "Vega")
        async with transaction(cast.teacher) as session:
            await answerers.change(session, cast.teacher, context_id, Answerers((nova.id, vega.id), Mode.vote))
            await gpts.archive(session, cast.teacher, vega.id)
        await share(cast.teacher, context_id, cast.student, Access.viewer)
        tab, reading = await open_tab(cast.teacher, SoundnessState), await open_tab(cast.student, SoundnessState)
        for each in (tab, reading):
            await SoundnessState.watch.fn(each, str(context_id))
            await SoundnessState.refresh.fn(each)
        assert reading.findings == []
        assert [each.severity for each in tab.findings] == [Severity.warning, Severity.warning]
        for _ in range(2):
            await SoundnessState.mend.fn(tab, tab.findings[0].remedy, tab.findings[0].target)
            await SoundnessState.refresh.fn(tab)
        assert tab.findings == []
        with pytest.raises(Invalid):
            await SoundnessState.mend.fn(tab, "anything", "")

"""Drafts of feedback: words of the student's own or nothing, no names, and no mark by itself."""

import json
import re

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.vault import seal
from faraday_app.coursework.service import drafting
from faraday_app.coursework.service.assessing import Sheet, marking
from faraday_app.coursework.service.drafting import asking
from faraday_app.coursework.service.rubrics import using
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import asking as gateway_asking
from tests.factories.classes import make_assignment, make_classroom, make_group, make_submission
from tests.factories.contexts import fund
from tests.factories.gateway import forget_failures, make_model, make_policy, make_provider, receipts
from tests.factories.rubrics import CRITERIA, make_rubric, meant, use_rubric
from tests.factories.upstream import Fault, open_upstream

ESSAY = "My partner Emre Kaya and I saw that plants turn light into sugar. Light is all they need."
TRUE = "plants turn light into sugar"
JUDGED = ("c1", "c2", "c3")


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


@pytest.fixture
async def essay(room):
    work = await make_assignment(room, await make_group(room), "Essay", 10)
    await use_rubric(room, work, await make_rubric(room.teacher))
    return work


@pytest.fixture
async def what(room, essay):
    made = await make_submission(essay, room.elif_)
    async with transaction(room.elif_) as session:
        row = await session.get_one(type(made), made.id)
        row.sealed_text = await seal(row.organization_id, ESSAY, f"submission {row.id}")
    return meant(made)


@pytest.fixture
async def model(room, monkeypatch):
    """A provider that the organisation trusts with names: the draft hides them all the same."""
    gateway.install()
    forget_failures()
    monkeypatch.setattr(gateway_asking, "PAUSE", 0.001)
    school = room.cast.organization_id
    async with open_upstream() as upstream:
        await make_policy(school, privacy="public")
        await make_model(school, "marker", await make_provider(school, upstream), longest_answer=1_000)
        await fund(room.cast, room.teacher)
        yield upstream


def reply(quote=TRUE, level="B", why="It names both."):
    return json.dumps({each: {"level": level, "quote": quote, "why": why} for each in JUDGED})


async def asked(actor, essay, what, name="marker"):
    async with transaction(actor) as session:
        return await drafting.ask(session, actor, await using.plan_of(session, actor, essay.id), what, name)


async def drafted(actor, essay, what):
    async with transaction(actor) as session:
        return await drafting.newest(session, actor, await using.plan_of(session, actor, essay.id), what)


async def made(actor, essay, what):
    await asked(actor, essay, what)
    await drafting.work_off()
    return await drafted(actor, essay, what)


class TestRead:
    CRITERIA = tuple(each for each in CRITERIA if each.ratings)

    @pytest.mark.parametrize(
        "said",
        [
            "",
            "[]",
            "{}",
            reply("light into honey"),
            reply("Plants turn light into sugar"),
            reply("plants  turn light into sugar"),
            reply("light"),
            reply(""),
            reply(ESSAY * 5),
            reply(level="Z"),
            reply(level="AB"),
            reply(why=""),
            json.dumps({"c1": {"level": "A", "quote": TRUE, "why": "x"}}),
            "[" * 100_000,
        ],
    )
    def test_refuses_the_whole_for_one_that_is_not_so(self, said):
        assert asking.read(said, self.CRITERIA, ESSAY) is None

    def test_takes_words_that_stand_there_letter_for_letter(self):
        found = asking.read(reply(), self.CRITERIA, ESSAY)
        assert [(each.rating, each.quote) for each in found] == [(1, TRUE)] * 3

    def test_has_a_form_for_each_criterion_with_levels(self):
        shape = asking.form(CRITERIA)["json_schema"]["schema"]
        assert (shape["required"], shape["properties"]["c1"]["properties"]["level"]["enum"]) == (
            ["c1", "c2", "c3"],
            ["A", "B", "C"],
        )


class TestMake:
    async def test_proposes_and_marks_nothing(self, room, essay, what, model):
        model.says = lambda _: [reply()]
        draft = await made(room.teacher, essay, what)
        assert (draft.status, len(draft.proposals), draft.tries) == ("ready", 3, 1)
        async with transaction(room.teacher) as session:
            plan = await using.plan_of(session, room.teacher, essay.id)
            assert (await marking.held(session, room.teacher, plan, what)).sheet == Sheet()
            assert await marking.chosen(session, essay.id, what.student_id) is None
        [receipt] = await receipts(room.cast.organization_id)
        assert (receipt.purpose, draft.cost) == ("feedback", receipt.cost)

    async def test_lets_no_name_leave_and_puts_them_back(self, room, essay, what, model):
        def says(body):
            work = body["messages"][-1]["content"]
            return [reply(re.search(r"partner .*? and I saw", work)[0])]

        model.says = says
        draft = await made(room.teacher, essay, what)
        sent = json.dumps(model.asked)
        assert not any(name in sent for name in ("Emre", "Kaya", "Elif", "Maya", str(what.student_id)))
        assert {each.quote for each in draft.proposals} == {"partner Emre Kaya and I saw"}

    async def test_tries_once_more_and_then_says_so(self, room, essay, what, model):
        model.says = lambda _: [reply("plants eat sugar and light")]
        draft = await made(room.teacher, essay, what)
        assert (draft.status, draft.proposals, draft.tries, len(model.asked)) == ("refused", (), 2, 2)
        assert "stand in this work" in draft.error
        kept = await receipts(room.cast.organization_id)
        assert draft.cost == sum(each.cost for each in kept) > 0

    async def test_the_second_try_may_be_better(self, room, essay, what, model):
        model.says = lambda _: [reply() if len(model.asked) > 1 else "nonsense"]
        assert (await made(room.teacher, essay, what)).status == "ready"

    async def test_fails_without_a_model_that_answers(self, room, essay, what, model):
        model.fault = Fault("500")
        draft = await made(room.teacher, essay, what)
        assert (draft.status, draft.cost, bool(draft.error)) == ("failed", 0, True)

    async def test_needs_credits(self, room, essay, what, model):
        await asked(room.cast.head, essay, what)
        await drafting.work_off()
        assert (await drafted(room.cast.head, essay, what)).status == "failed"
        assert model.asked == []


class TestAsk:
    async def test_is_refused_while_one_is_made(self, room, essay, what, model):
        await asked(room.teacher, essay, what)
        with pytest.raises(Conflict):
            await asked(room.teacher, essay, what)

    async def test_needs_a_rubric_with_levels_and_a_text(self, room, essay, what, model):
        empty = await make_submission(essay, room.emre)
        with pytest.raises(Invalid):
            await asked(room.teacher, essay, meant(empty))
        await use_rubric(room, essay, None)
        with pytest.raises(Invalid):
            await asked(room.teacher, essay, what)

    async def test_is_the_teachers(self, cast, room, essay, what, model):
        for who, refusal in ((cast.aide, NotPermitted), (room.elif_, NotPermitted), (cast.stranger, NotFound)):
            with pytest.raises(refusal):
                await asked(who, essay, what)


class TestRate:
    async def test_says_what_became_of_each_proposal(self, cast, room, essay, what, model):
        model.says = lambda _: [reply()]
        draft = await made(room.teacher, essay, what)
        first, second, third = (each.criterion_id for each in draft.proposals)
        async with transaction(room.teacher) as session:
            plan = await using.plan_of(session, room.teacher, essay.id)
            await drafting.use(session, room.teacher, plan, what, first)
            await drafting.use(session, room.teacher, plan, what, second)
            changed = await marking.held(session, room.teacher, plan, what)
            mark = changed.sheet.marks[second]
            await marking.write_mark(session, room.teacher, plan, what, second, type(mark)(0, None, mark.remark))
            await drafting.dismiss(session, room.teacher, plan, what, third)
            assert (await drafting.rate(session, room.teacher)).all == 1
            held = await marking.give(session, room.teacher, plan, what)
            await drafting.settle(session, room.teacher, plan, held)
            rate = await drafting.rate(session, room.teacher)
        assert (rate.accepted, rate.edited, rate.dismissed) == (1, 1, 1)
        async with transaction(cast.head) as session:
            assert (await drafting.rate(session, cast.head)).all == 0
            assert await drafting.newest(session, cast.head, plan, what) is None

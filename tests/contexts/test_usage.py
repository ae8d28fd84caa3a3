"""Figures of use: one's own, the organisation's, and nobody's words."""

import csv
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from faraday_app.contexts.models import Author, Message, Run, Stage, Status, TurnSummary
from faraday_app.contexts.service import usage
from faraday_app.contexts.service.usage import PRIVATE, By, Wanted
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotPermitted
from faraday_app.core.ids import first_id_of, new_id
from faraday_app.core.permissions import Actor
from faraday_app.credits.models import Hold
from tests.factories.contexts import begin, fund
from tests.factories.credits import hold
from tests.factories.gpts import make_gpt


async def asked(actor: Actor, *, days_ago: int = 0, model: str = "m", gpt_id=None, status=Status.complete, parts=1):
    """A question and its answers, as the engine leaves them: 10 tokens in, 5 out and 100 micro-credits each."""
    at = now() - timedelta(days=days_ago)
    own = {"organization_id": actor.organization, "context_id": await begin(actor), "created_at": at}
    held: Hold = await hold(actor, 0)
    async with transaction(actor) as session:
        question = Message(**own, author=Author.person, author_id=actor.user, content="A secret question")
        session.add(question)
        await session.flush()
        for number in range(parts):
            counted = {"prompt_tokens": 10, "answer_tokens": 5, "cost": 100, "first_token_ms": 200 + number}
            answer = Message(
                **own, author=Author.model, parent_id=question.id, model=model, gpt_id=gpt_id, status=status, **counted
            )
            session.add(answer)
            await session.flush()
            id = first_id_of(at).int + new_id().int % 2**60
            session.add(
                Run(
                    **own, id=type(answer.id)(int=id), message_id=answer.id, started_by=actor.user, hold_id=held.id,
                    lease_until=at, finished_at=at,
                )
            )  # fmt: skip


async def figures(actor, **wanted):
    async with transaction(actor) as session:
        return await usage.usage(session, actor, Wanted(**wanted))


async def listed(actor, by, before=None, limit=usage.PAGE, **wanted):
    async with transaction(actor) as session:
        return await usage.listed(session, actor, Wanted(**wanted), by, before, limit)


@pytest.fixture
async def school(cast):
    await fund(cast, cast.administrator, cast.teacher, cast.colleague)
    return cast


class TestUsage:
    async def test_counts_questions_answers_tokens_and_credits_of_the_range(self, school):
        await asked(school.teacher, parts=3)
        await asked(school.teacher, status=Status.failed)
        await asked(school.teacher, days_ago=8)
        await asked(school.colleague)
        found = await figures(school.teacher, days=7)
        whole = found.whole
        assert (whole.questions, whole.answers, whole.failed) == (2, 3, 1)
        assert (whole.prompt_tokens, whole.answer_tokens, whole.cost, whole.first_token_ms) == (40, 20, 400, 200)
        assert [day.cost for day in found.days] == [0] * 6 + [400]

    async def test_is_of_ones_own_days(self, school):
        await asked(school.teacher)
        east = await figures(school.teacher, days=2, zone=ZoneInfo("Pacific/Kiritimati"))
        assert sum(day.answers for day in east.days) == 1
        assert east.days[-1].key == now().astimezone(ZoneInfo("Pacific/Kiritimati")).date().isoformat()

    async def test_is_honest_about_nothing(self, school):
        found = await figures(school.teacher, days=30)
        assert (found.whole.answers, found.whole.first_token_ms, len(found.days)) == (0, None, 30)
        assert await listed(school.teacher, By.model) == []

    async def test_counts_what_summaries_cost(self, school):
        await asked(school.teacher)
        context_id = await begin(school.teacher)
        own = {"organization_id": school.organization_id, "context_id": context_id}
        async with transaction(school.teacher) as session:
            said = Message(**own, author=Author.person, content="Hello")
            session.add(said)
            await session.flush()
            made = {"asked_by_id": school.teacher.user, "model": "m", "stage": Stage.ready, "cost": 7}
            session.add(TurnSummary(**own, ends_at_id=said.id, **made))
        whole = (await figures(school.teacher)).whole
        assert (whole.cost, whole.answers, whole.questions) == (107, 1, 1)

    @pytest.mark.parametrize("days", [0, 367])
    async def test_of_an_impossible_range_is_refused(self, school, days):
        with pytest.raises(Invalid):
            await figures(school.teacher, days=days)


class TestOfTheOrganization:
    async def test_is_for_those_who_grant_its_credits(self, school):
        await asked(school.teacher)
        await asked(school.colleague)
        assert (await figures(school.administrator, everyone=True)).whole.questions == 2
        assert (await figures(school.administrator)).whole.questions == 0
        assert (await figures(school.stranger, everyone=True)).whole.questions == 0
        for act in (figures(school.teacher, everyone=True), listed(school.teacher, By.gpt, everyone=True)):
            with pytest.raises(NotPermitted):
                await act

    async def test_names_no_gpt_that_is_not_shared(self, school):
        for name, shared in (("Secret plan", False), ("Other secret", False), ("Tutor", True)):
            await asked(school.teacher, gpt_id=(await make_gpt(school.teacher, name, shared=shared)).id)
        await asked(school.teacher)
        names = {row.name: row.answers for row in await listed(school.administrator, By.gpt, everyone=True)}
        assert names == {PRIVATE: 2, "Tutor": 1, "The plain assistant": 1}
        own = {row.name for row in await listed(school.teacher, By.gpt)}
        assert own == {"Secret plan", "Other secret", "Tutor", "The plain assistant"}


class TestListed:
    @pytest.mark.parametrize("by", list(By))
    async def test_turns_pages_without_missing_or_repeating_a_row(self, school, by):
        for number in range(5):
            gpt = await make_gpt(school.teacher, f"Gpt {number}") if by is By.gpt else None
            await asked(school.teacher, days_ago=number, model=f"m{number % 4}", gpt_id=gpt.id if gpt else None)
        whole = await listed(school.teacher, by)
        assert len(whole) == (4 if by is By.model else 5)
        seen, before = [], None
        while page := await listed(school.teacher, by, before, limit=2):
            seen += page
            before = (page[-1].key, page[-1].cost)
        assert seen == whole

    async def test_shows_the_newest_day_and_the_dearest_model_first(self, school):
        await asked(school.teacher, days_ago=1, model="dear", parts=2)
        await asked(school.teacher, model="cheap")
        assert [row.name for row in await listed(school.teacher, By.model)] == ["dear", "cheap"]
        assert [row.cost for row in await listed(school.teacher, By.day)] == [100, 200]


class TestExported:
    async def test_is_a_table_without_formulas(self, school):
        await asked(school.teacher, gpt_id=(await make_gpt(school.teacher, "=HYPERLINK(1)")).id)
        async with transaction(school.teacher) as session:
            text = await usage.exported(session, school.teacher, Wanted(), By.gpt)
        head, row = csv.reader(text.splitlines())
        assert head == ["gpt", *usage.COLUMNS[1:]]
        assert row == ["'=HYPERLINK(1)", "1", "1", "0", "10", "5", "0.000100", "200"]

"""Which model answers in a conversation: chosen by a person, or each time by the policy."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.contexts.models import Run
from faraday_app.contexts.service import conversations
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.permissions import Actor, Role
from faraday_app.core.settings import settings
from faraday_app.credits.models import Hold
from faraday_app.gateway import service as gateway
from faraday_app.gateway.errors import ModelUnavailable, ModelUnknown
from faraday_app.gateway.models import RouteReceipt
from faraday_app.gateway.service.managing import policies, providers
from faraday_app.gateway.service.standing import here
from faraday_app.gateway.views import Category, Task
from faraday_app.gateway.views.receipts import went_on
from tests.factories import contexts, models
from tests.factories.people import Cast


@pytest.fixture(autouse=True)
def by_the_tables() -> None:
    gateway.install()
    here.deployments.forget()


@pytest.fixture
async def funded(cast) -> Cast:
    await contexts.fund(cast, cast.teacher, cast.student, amount=1_000_000_000)
    return cast


async def begin(actor, model=""):
    async with transaction(actor) as session:
        return await conversations.begin(session, actor, model=model)


async def choose(actor, context_id, model):
    async with transaction(actor) as session:
        await conversations.choose_model(session, actor, context_id, model)


async def receipt_of(message):
    async with transaction(Actor.system()) as session:
        return await session.scalar(select(RouteReceipt).where(col(RouteReceipt.message_id) == message.id))


async def held_for(run):
    async with transaction(Actor.system()) as session:
        return (await session.get_one(Hold, run.hold_id)).amount


class TestBegin:
    async def test_takes_the_default_where_nobody_chose(self, cast):
        assert (await begin(cast.teacher)).model == settings().model

    async def test_refuses_what_the_person_may_not_use_or_what_answers_nothing(self, cast):
        provider = await models.add_provider(cast.administrator)
        await models.add_model(cast.administrator, provider, "for-staff", roles=frozenset({Role.teacher}))
        await models.add_model(cast.administrator, provider, "vectors", category=Category.embedding)
        assert (await begin(cast.teacher, "for-staff")).model == "for-staff"
        for person, model in ((cast.student, "for-staff"), (cast.teacher, "vectors"), (cast.teacher, "nobody")):
            with pytest.raises(ModelUnknown):
                await begin(person, model)


class TestChooseModel:
    async def test_holds_for_the_answers_that_follow(self, funded):
        await models.answering(funded.administrator)
        context = await begin(funded.teacher)
        await choose(funded.teacher, context.id, "demo-large")
        answer = await contexts.answered(funded.teacher, context.id)
        assert (answer.model, answer.status) == ("demo-large", "complete")
        assert answer.cost > 0

    async def test_is_for_those_who_may_write(self, cast):
        context = await begin(cast.teacher)
        await contexts.share(cast.teacher, context.id, cast.colleague)
        with pytest.raises(NotPermitted):
            await choose(cast.colleague, context.id, gateway.AUTO)
        with pytest.raises(NotFound):
            await choose(cast.student, context.id, gateway.AUTO)


class TestAuto:
    async def test_asks_whom_the_policy_puts_first_and_says_who_answered(self, funded):
        await models.answering(funded.administrator)
        context = await begin(funded.teacher, gateway.AUTO)
        answer = await contexts.answered(funded.teacher, context.id)
        assert answer.model == settings().model
        receipt = await receipt_of(answer)
        assert (receipt.asked, receipt.user_id) == ("auto", funded.teacher.user_id)
        assert {each["model"] for each in receipt.candidates} == {settings().model, "demo-large"}

    async def test_asks_whom_the_policy_names_for_the_task(self, funded):
        await models.answering(funded.administrator)
        async with transaction(funded.administrator) as session:
            terms = policies.PolicyTerms(tasks={Task.maths: ("demo-large",)})
            await policies.set_policy(session, funded.administrator, 0, terms)
        context = await begin(funded.teacher, gateway.AUTO)
        answer = await contexts.answered(funded.teacher, context.id, "What is 12 * 7?")
        assert (answer.model, (await receipt_of(answer)).task) == ("demo-large", "maths")

    async def test_sets_aside_what_the_dearest_of_the_chain_can_cost(self, funded):
        dear = models.PriceTerms(9_000_000_000, 90_000_000_000)
        await models.answering(funded.administrator, price=dear)
        context = await begin(funded.teacher, gateway.AUTO)
        run = await contexts.ask(funded.teacher, context.id)
        assert await held_for(run) >= 64 * 90_000
        await contexts.finish(run)

    async def test_asks_nobody_whom_the_person_may_not_use(self, funded):
        await models.answering(funded.administrator, "for-staff", roles=frozenset({Role.teacher}))
        context = await begin(funded.student, gateway.AUTO)
        run = await contexts.ask(funded.student, context.id)
        assert run.models == [settings().model]
        receipt = await receipt_of(await contexts.finish(run))
        assert {each["model"] for each in receipt.candidates} == {settings().model}


class TestStandIns:
    async def test_go_on_where_the_chosen_model_does_not_answer(self, funded):
        nowhere = await models.add_provider(funded.administrator, "Nowhere", models.NOWHERE)
        await models.add_model(funded.administrator, nowhere, "silent", fallbacks=(settings().model,))
        context = await begin(funded.teacher, "silent")
        answer = await contexts.answered(funded.teacher, context.id)
        assert (answer.model, answer.status) == (settings().model, "complete")
        async with transaction(funded.teacher) as session:
            way = (await gateway.ways_of(session, funded.organization_id, [answer.id]))[answer.id]
        assert went_on(way) == f"silent did not answer; {settings().model} went on"
        assert way.attempts[0][0] == "silent"
        assert way.attempts[0][1] in ("silent", "unreachable")

    async def test_are_missed_where_there_is_no_place_to_ask(self, funded):
        provider = await models.add_provider(funded.administrator)
        row = await models.add_model(funded.administrator, provider)
        async with transaction(funded.administrator) as session:
            await providers.set_enabled(session, funded.administrator, provider.id, False)
        context = await begin(funded.teacher, row.name)
        with pytest.raises(ModelUnavailable):
            await contexts.ask(funded.teacher, context.id)
        async with transaction(Actor.system()) as session:
            assert await session.scalar(select(Run).where(col(Run.context_id) == context.id)) is None

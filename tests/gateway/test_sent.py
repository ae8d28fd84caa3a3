"""What was sent to a provider that is told no names, and who may look at it."""

import pytest
from sqlalchemy import select

from faraday_app.accounts.models import User
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.gateway import service as gateway
from faraday_app.gateway.models import SentRequest
from faraday_app.gateway.service import sent
from faraday_app.gateway.state import ReceiptState
from faraday_app.security.models import AuditEvent
from tests.factories import gateway as models
from tests.factories.tabs import open_tab
from tests.factories.upstream import Fault, open_upstream


@pytest.fixture
async def school(cast):
    """Its own region is "eu"; who answers first stops in the middle, who goes on is elsewhere as well."""
    models.forget_failures()
    async with open_upstream() as first, open_upstream() as second:
        id = cast.organization_id
        await models.make_policy(id, region="eu")
        providers = [await models.make_provider(id, each) for each in (first, second)]
        await models.make_model(id, "atlas", *providers)
        yield first, second


async def called(cast):
    """One answer with a name in the question, and its receipt in the tables."""
    async with transaction(cast.teacher) as session:
        name = (await session.get_one(User, cast.student.user)).name
    body = {"messages": [{"role": "user", "content": f"Write to {name}."}], "user": name}
    call = gateway.Call(cast.organization_id, body, gateway.Receipt("api", gateway.Asked("atlas", 20, 50)))
    async for _ in gateway.answer(call):
        pass
    async with transaction(cast.teacher) as session:
        row = gateway.keep_receipt(session, call.receipt, cast.organization_id, user_id=cast.teacher.user)
        await gateway.keep_sent(session, call.receipt, row)
    return name, row.id


async def looked(actor, receipt_id):
    async with transaction(actor) as session:
        return await sent.read(session, actor, receipt_id)


class TestWhatWasSent:
    async def test_is_what_the_provider_got_word_for_word(self, cast, school):
        first, _ = school
        name, receipt_id = await called(cast)
        (request,) = await looked(cast.teacher, receipt_id)
        assert [request.body] == first.asked
        assert name.split()[0] not in str(request.body)
        assert "Name_" in request.body["messages"][0]["content"]

    async def test_is_kept_for_each_who_was_asked_and_once_for_repeats(self, cast, school):
        first, second = school
        first.fault = Fault("reset", after=2)
        _, receipt_id = await called(cast)
        requests = await looked(cast.teacher, receipt_id)
        assert [each.body for each in requests] == [*first.asked, *second.asked]

    async def test_cannot_be_read_in_the_tables(self, cast, school):
        await called(cast)
        async with transaction(cast.administrator) as session:
            (row,) = (await session.scalars(select(SentRequest))).all()
        assert row.sealed.startswith("v1.")
        assert "Write to" not in row.sealed

    async def test_is_shown_to_whoever_asked_and_recorded_when_somebody_else_looks(self, cast, school):
        _, receipt_id = await called(cast)
        seen = select(AuditEvent).where(AuditEvent.action == "answer.request_seen")
        for actor in (cast.colleague, cast.stranger):
            with pytest.raises(NotFound):
                await looked(actor, receipt_id)
        await looked(cast.teacher, receipt_id)
        async with transaction(cast.administrator) as session:
            assert (await session.scalars(seen)).all() == []
        await looked(cast.administrator, receipt_id)
        async with transaction(cast.administrator) as session:
            (event,) = (await session.scalars(seen)).all()
        assert (event.actor_id, event.details["user_id"]) == (cast.administrator.user, str(cast.teacher.user))

    async def test_opens_beside_why_this_model(self, cast, school):
        _, receipt_id = await called(cast)
        tab = await open_tab(cast.administrator, ReceiptState)
        await ReceiptState.show.fn(tab, str(receipt_id))
        assert (tab.hides, tab.looked, tab.sent) == (True, False, [])
        await ReceiptState.look.fn(tab)
        assert "Name_" in tab.sent[0].text

    async def test_is_not_kept_where_names_may_be_told(self, cast, school):
        await models.make_model(
            cast.organization_id, "nova", await models.make_provider(cast.organization_id, school[0], name="Ours")
        )
        async with transaction(cast.administrator) as session:
            for row in await session.scalars(select(models.ProviderRow)):
                row.region = "eu"
        gateway.install()
        _, receipt_id = await called(cast)
        assert await looked(cast.teacher, receipt_id) == []

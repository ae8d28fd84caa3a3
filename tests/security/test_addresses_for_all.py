"""Rules about addresses that hold for every organisation, and who keeps them."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from faraday_app.core.addresses import Kind, gate
from faraday_app.core.database import transaction
from faraday_app.core.errors import ConfirmationNeeded, Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security import service as security
from faraday_app.security.models import AddressRule, AuditEvent
from faraday_app.security.service import addresses, addresses_for_all
from faraday_app.security.service.addresses import Wanted
from faraday_app.security.state import AddressesState, AllAddressesState, RuleForAllState
from tests.factories.platform import appoint
from tests.factories.tabs import open_tab

OWN = "203.0.113.5"


@pytest.fixture(autouse=True)
async def installed():
    """Rules for all hold for other tests too: none is left."""
    security.install()
    gate.rules.forget()
    yield
    async with transaction(Actor.system()) as session:
        await session.execute(text("delete from address_rules where organization_id is null"))
    gate.rules.forget()


@pytest.fixture
async def keeper(cast):
    """A platform administrator who may nothing about the addresses of their own organisation."""
    return replace(await appoint(cast.teacher), address=OWN)


async def add(actor, what, kind=Kind.block, **options):
    async with transaction(actor) as session:
        row = await addresses_for_all.add_rule(session, actor, Wanted(kind, what, **options))
    gate.rules.forget()
    return row


class TestAddRule:
    async def test_holds_for_everybody_before_the_rules_of_an_organisation(self, cast, keeper):
        async with transaction(cast.administrator) as session:
            await addresses.add_rule(session, cast.administrator, Wanted(Kind.allow, "198.51.100.7"))
        await add(keeper, "198.51.100.0/24")
        assert not await gate.admits_anybody("198.51.100.7")
        assert await gate.admits("198.51.100.7", cast.organization_id, staff=True, api=False), (
            "the organisation’s own rule is asked only after the one for all"
        )

    async def test_cannot_let_in_whom_an_organisation_keeps_out(self, cast, keeper):
        async with transaction(cast.administrator) as session:
            await addresses.add_rule(session, cast.administrator, Wanted(Kind.block, "198.51.100.7"))
        await add(keeper, "198.51.100.7", Kind.allow)
        assert await gate.admits_anybody("198.51.100.7")
        assert not await gate.admits("198.51.100.7", cast.organization_id, staff=True, api=False)

    @pytest.mark.parametrize("what", [OWN, "203.0.113.0/24", "203.0.0.0/8"])
    async def test_refuses_to_lock_out_whoever_adds_it(self, keeper, what):
        with pytest.raises(Invalid, match="Your own address"):
            await add(keeper, what)
        row = await add(keeper, what, shadow=True)
        async with transaction(keeper) as session:
            with pytest.raises(Invalid, match="Your own address"):
                await addresses_for_all.set_shadow(session, keeper, row.id, False)

    async def test_stands_in_faradays_own_chain(self, keeper):
        row = await add(keeper, "198.51.100.0/24", note="Scanner")
        async with transaction(keeper) as session:
            assert await session.scalar(select(AuditEvent).where(col(AuditEvent.target_id) == row.id)) is None
        async with transaction(Actor.system()) as session:
            event = await session.scalar(select(AuditEvent).where(col(AuditEvent.target_id) == row.id))
        assert (event.action, event.organization_id, event.actor_id) == ("address_rule.added", None, keeper.user)
        assert event.address == OWN

    async def test_is_refused_to_administrators_of_an_organisation_and_to_old_sessions(self, cast, keeper):
        row = await add(keeper, "198.51.100.7")
        for actor in (cast.administrator, cast.stranger, cast.student):
            async with transaction(actor) as session:
                for asked in (
                    addresses_for_all.list_rules(session, actor),
                    addresses_for_all.add_rule(session, actor, Wanted(Kind.block, "198.51.100.8")),
                    addresses_for_all.set_shadow(session, actor, row.id, True),
                    addresses_for_all.remove_rule(session, actor, row.id),
                ):
                    with pytest.raises(NotPermitted):
                        await asked
        with pytest.raises(ConfirmationNeeded):
            await add(replace(keeper, confirmed_at=None), "198.51.100.8")

    async def test_reaches_no_rule_of_an_organisation(self, cast, keeper):
        async with transaction(cast.administrator) as session:
            row = await addresses.add_rule(session, cast.administrator, Wanted(Kind.block, "198.51.100.7"))
        for id in (row.id, new_id()):
            async with transaction(keeper) as session:
                with pytest.raises(NotFound):
                    await addresses_for_all.remove_rule(session, keeper, id)
        async with transaction(keeper) as session:
            assert row.id not in [each.id for each in await addresses_for_all.list_rules(session, keeper)]
            with pytest.raises(NotPermitted):
                await addresses.list_rules(session, keeper)
            visible = await session.scalars(select(col(AddressRule.id)))
            assert row.id in visible.all(), "row-level security is the organisation’s again"

    async def test_of_another_organisation_stays_hidden_afterwards(self, cast, keeper):
        async with transaction(cast.stranger) as session:
            row = await addresses.add_rule(session, cast.stranger, Wanted(Kind.block, "198.51.100.7"))
        async with transaction(keeper) as session:
            await addresses_for_all.list_rules(session, keeper)
            assert row.id not in (await session.scalars(select(col(AddressRule.id)))).all()


class TestPage:
    FORM = {"rule_what": "198.51.100.0/24", "rule_kind": "block", "rule_days": "7"}

    async def test_adds_shadows_and_removes(self, keeper):
        page, form = await open_tab(keeper, AllAddressesState), await open_tab(keeper, RuleForAllState)
        await RuleForAllState.save.fn(form, self.FORM)
        assert (form.problem, form.open) == ("", False)
        await AllAddressesState.refresh.fn(page)
        assert [(row.what, row.kind, row.shadow) for row in page.rows] == [("198.51.100.0/24", "Block", False)]
        await AllAddressesState.shadow.fn(page, page.rows[0].id, True)
        await AllAddressesState.refresh.fn(page)
        assert page.rows[0].shadow is True
        await AllAddressesState.remove.fn(page, page.rows[0].id)
        await AllAddressesState.refresh.fn(page)
        assert page.rows == []

    async def test_says_what_would_lock_its_reader_out(self, keeper):
        form = await open_tab(keeper, RuleForAllState)
        await RuleForAllState.check.fn(form, "127.0.0.0/8")
        assert form.hint == "Your own address is within."
        await RuleForAllState.check.fn(form, "nonsense")
        assert (form.hint, form.problem != "") == ("", True)
        await RuleForAllState.save.fn(form, {**self.FORM, "rule_what": "127.0.0.1"})
        assert "Your own address" in form.problem

    async def test_shows_nothing_of_it_on_the_page_of_an_organisation(self, cast, keeper):
        await add(keeper, "198.51.100.0/24")
        page = await open_tab(cast.administrator, AddressesState)
        await AddressesState.refresh.fn(page)
        assert page.rows == []
        assert cast.administrator.may(Permission.addresses_manage)

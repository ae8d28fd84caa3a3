"""What a key is restricted to holds, also for keys that are made with it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from faraday_app.core.budgets import Period
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Permission
from faraday_app.gateway import service as gateway
from faraday_app.organizations.service import actor_of_key
from faraday_app.security.service import api_keys, key_restrictions
from faraday_app.security.service.key_restrictions import Restrictions, works_from
from tests.factories import contexts

ASK = Permission.assistant_use
MANAGE = Permission.api_keys_manage


@pytest.fixture(autouse=True)
def models(monkeypatch):
    async def names(_):
        return ["one", "other", gateway.built_in().name]

    monkeypatch.setattr(key_restrictions, "OFFERED_MODELS", [names])


async def make(actor, *scopes, expires_at=None, **restrictions):
    async with transaction(actor) as session:
        return await api_keys.create_api_key(
            session, actor, "Key", list(scopes or (ASK,)), expires_at, Restrictions(**restrictions)
        )


async def holder(actor, *scopes, expires_at=None, **restrictions):
    """Whoever uses a key with these restrictions."""
    row, secret = await make(actor, *(scopes or (ASK, MANAGE)), expires_at=expires_at, **restrictions)
    found = await actor_of_key(secret, "10.1.2.3")
    assert found
    return row, found


class TestAddresses:
    @pytest.mark.parametrize(
        ("networks", "address", "works"),
        [
            ([], "", True),
            (["10.0.0.0/8"], "10.200.3.4", True),
            (["10.0.0.0/8"], "11.0.0.1", False),
            (["10.0.0.0/8"], "::ffff:10.1.1.1", True),
            (["10.0.0.0/8"], "::a01:101", False),
            (["2001:db8::/32"], "2001:db8:1::5", True),
            (["2001:db8::/32"], "2001:db9::5", False),
            (["2001:db8::/32", "192.0.2.7/32"], "192.0.2.7", True),
            (["10.0.0.0/8"], "", False),
            (["10.0.0.0/8"], "nonsense", False),
        ],
    )
    def test_are_matched_in_either_kind(self, networks, address, works):
        assert works_from(networks, address) == works

    async def test_refuse_the_key_from_elsewhere_and_say_why(self, cast):
        row, secret = await make(cast.teacher, addresses=("10.1.2.3/8", "2001:db8::1"))
        assert row.addresses == ["10.0.0.0/8", "2001:db8::1/128"]
        assert await actor_of_key(secret, "10.9.9.9")
        for address in ("192.0.2.1", ""):
            with pytest.raises(NotPermitted, match="your address"):
                await actor_of_key(secret, address)

    @pytest.mark.parametrize("wrong", [("elsewhere",), ("10.0.0.0/99",), ("",), ("10.0.0.1",) * 51])
    async def test_that_are_none_are_refused(self, cast, wrong):
        with pytest.raises(Invalid) as refused:
            await make(cast.teacher, addresses=wrong)
        assert refused.value.field == "addresses"

    async def test_of_the_last_use_are_noted(self, cast):
        row, _ = await holder(cast.teacher)
        async with transaction(cast.teacher) as session:
            found = await api_keys.get_api_key(session, cast.teacher, row.id)
        assert found.last_used_address == "10.1.2.3"


class TestModels:
    async def test_that_the_key_is_not_for_are_refused(self, cast):
        await contexts.fund(cast, cast.teacher)
        frogs = await contexts.begin(cast.teacher)
        _, narrow = await holder(cast.teacher, models=("other",))
        with pytest.raises(NotPermitted, match="may not use"):
            await contexts.ask(narrow, frogs)
        _, right = await holder(cast.teacher, models=("other", gateway.built_in().name))
        assert await contexts.ask(right, frogs)

    async def test_that_nobody_offers_are_refused(self, cast):
        with pytest.raises(Invalid) as refused:
            await make(cast.teacher, models=("imagined",))
        assert refused.value.field == "models"


class TestLimits:
    @pytest.mark.parametrize(
        ("wanted", "field"),
        [
            ({"limit_per_minute": 0}, "limit_per_minute"),
            ({"limit_per_minute": 5, "burst": -1}, "burst"),
            ({"burst": 5}, "limit_per_minute"),
            ({"budget": 0}, "budget"),
            ({"budget": -5}, "budget"),
        ],
    )
    async def test_that_make_no_sense_are_refused(self, cast, wanted, field):
        with pytest.raises(Invalid) as refused:
            await make(cast.teacher, **wanted)
        assert refused.value.field == field

    async def test_are_known_to_whoever_counts(self, cast):
        _, actor = await holder(cast.teacher, limit_per_minute=30, burst=5)
        assert (actor.limit_per_minute, actor.burst) == (30, 5)


class TestMadeWithAKey:
    """A key can never outlive or exceed its maker."""

    async def test_takes_over_what_nothing_is_said_of(self, cast):
        until = now() + timedelta(days=5)
        maker, actor = await holder(
            cast.teacher, expires_at=until, addresses=("10.0.0.0/8",), models=("one",), limit_per_minute=9, burst=3
        )
        row, _ = await make(actor)
        assert (row.expires_at, row.addresses, row.models) == (until, ["10.0.0.0/8"], ["one"])
        assert (row.limit_per_minute, row.burst, row.made_with) == (9, 3, maker.id)

    @pytest.mark.parametrize(
        ("wider", "field"),
        [
            ({"expires_at": now() + timedelta(days=6)}, "expires_at"),
            ({"addresses": ("11.0.0.0/8",)}, "addresses"),
            ({"addresses": ("0.0.0.0/0",)}, "addresses"),
            ({"addresses": ("10.1.0.0/16", "::/0")}, "addresses"),
            ({"models": ("one", "other")}, "models"),
            ({"budget": 11, "budget_period": Period.day}, "budget"),
            ({"limit_per_minute": 10}, "limit_per_minute"),
        ],
    )
    async def test_is_refused_when_it_would_be_wider(self, cast, wider, field):
        _, actor = await holder(
            cast.teacher,
            expires_at=now() + timedelta(days=5),
            addresses=("10.0.0.0/8",),
            models=("one",),
            budget=10,
            budget_period=Period.day,
            limit_per_minute=9,
        )
        with pytest.raises(Invalid) as refused:
            await make(actor, **wider)
        assert refused.value.field == field

    async def test_has_neither_more_scopes_nor_the_right_to_make_more(self, cast):
        _, actor = await holder(cast.teacher)
        for scopes in ((Permission.credits_read,), (MANAGE,)):
            with pytest.raises(Invalid):
                await make(actor, *scopes)

    async def test_counts_against_its_makers_budget(self, cast):
        maker, actor = await holder(cast.teacher, budget=10)
        _, secret = await make(actor, budget=5, budget_period=Period.day)
        made = await actor_of_key(secret)
        assert made
        assert [(each.most, each.period) for each in made.budgets] == [(5, Period.day), (10, Period.month)]
        assert made.budgets[1].api_key_id == maker.id

    async def test_ends_with_its_maker(self, cast):
        maker, actor = await holder(cast.teacher)
        _, secret = await make(actor)
        async with transaction(cast.teacher) as session:
            await api_keys.revoke_api_key(session, cast.teacher, maker.id)
        assert await actor_of_key(secret) is None

    async def test_cannot_be_had_by_rotating_a_wider_one(self, cast):
        wider, _ = await make(cast.teacher, ASK)
        maker, actor = await holder(cast.teacher, ASK, MANAGE, addresses=("10.0.0.0/8",))
        async with transaction(actor) as session:
            with pytest.raises(NotPermitted):
                await api_keys.rotate_api_key(session, actor, wider.id)
            await api_keys.rotate_api_key(session, actor, maker.id)

    async def test_needs_no_confirmation_but_a_browser_does(self, cast):
        from faraday_app.core.errors import ConfirmationNeeded
        from faraday_app.core.ids import new_id

        _, actor = await holder(cast.teacher)
        await make(actor)
        browser = replace(cast.teacher, session_id=new_id())
        with pytest.raises(ConfirmationNeeded):
            await make(browser)
        await make(replace(browser, confirmed_at=now()))
        row, _ = await make(cast.teacher)
        async with transaction(browser) as session:
            with pytest.raises(ConfirmationNeeded):
                await api_keys.rotate_api_key(session, browser, row.id)


class TestGetApiKey:
    async def test_is_for_its_owner_and_for_administrators(self, cast):
        row, _ = await make(cast.teacher)
        for actor in (cast.teacher, cast.administrator):
            async with transaction(actor) as session:
                assert (await api_keys.get_api_key(session, actor, row.id)).id == row.id
        for actor in (cast.colleague, cast.head, cast.stranger):
            async with transaction(actor) as session:
                with pytest.raises(NotFound):
                    await api_keys.get_api_key(session, actor, row.id)

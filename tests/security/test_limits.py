import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.limits import Endpoint, Rule, Subject
from faraday_app.core.limits.adaptive import Load, adaptive
from faraday_app.core.limits.counting import count, takes_for
from faraday_app.core.limits.overrides import overrides
from faraday_app.core.limits.traffic import traffic as seen
from faraday_app.core.permissions import Actor
from faraday_app.security import service as security
from faraday_app.security.models import AuditEvent, RateLimitOverride
from faraday_app.security.service import limits, record, traffic
from faraday_app.security.service.limits import Wanted


@pytest.fixture(autouse=True)
def installed() -> None:
    security.install()
    overrides.forget()


def _wanted(subject: Subject, value: str = "", **options: object) -> Wanted:
    options = {"per_minute": 1, "burst": 1, "expires_at": now() + timedelta(days=1), **options}
    return Wanted(Endpoint.api_read, subject, value, **options)  # type: ignore[arg-type]


async def _set(actor: Actor, wanted: Wanted) -> RateLimitOverride:
    async with transaction(actor) as session:
        row = await limits.set_override(session, actor, wanted)
    overrides.forget()
    return row


async def _rule(actor: Actor, subject: Subject, address: str = "10.0.0.1") -> Rule:
    return next(take.rule for take in await takes_for(Endpoint.api_read, actor, address) if take.name == subject)


class TestSetOverride:
    async def test_takes_the_place_of_the_default_for_its_organisation(self, cast):
        await _set(cast.administrator, _wanted(Subject.organization))
        assert await _rule(cast.teacher, Subject.organization) == Rule.of(1, 1)
        assert await _rule(cast.stranger, Subject.organization) != Rule.of(1, 1)

    async def test_for_an_address_does_not_reach_others_who_call_from_there(self, cast):
        await _set(cast.administrator, _wanted(Subject.address, "10.7.7.7"))
        assert await _rule(cast.teacher, Subject.address, "10.7.7.7") == Rule.of(1, 1)
        assert await _rule(cast.stranger, Subject.address, "10.7.7.7") != Rule.of(1, 1)
        assert (await count(Endpoint.api_read, cast.teacher, "10.7.7.7")).allowed
        assert not (await count(Endpoint.api_read, cast.teacher, "10.7.7.7")).allowed
        assert (await count(Endpoint.api_read, cast.stranger, "10.7.7.7")).allowed

    async def test_ends_when_it_expires(self, cast):
        await _set(cast.administrator, _wanted(Subject.organization, expires_at=now() + timedelta(seconds=0.4)))
        assert await _rule(cast.teacher, Subject.organization) == Rule.of(1, 1)
        await asyncio.sleep(0.5)
        assert await _rule(cast.teacher, Subject.organization) != Rule.of(1, 1)

    async def test_replaces_what_was_set_before_also_at_once(self, cast):
        await asyncio.gather(
            *(_set(cast.administrator, _wanted(Subject.organization, burst=burst)) for burst in range(1, 11))
        )
        async with transaction(cast.administrator) as session:
            assert len(await limits.list_overrides(session, cast.administrator)) == 1

    @pytest.mark.parametrize(
        "options",
        [
            {"per_minute": 0},
            {"burst": 0},
            {"per_minute": 10**9},
            {"expires_at": now() - timedelta(days=1)},
            {"expires_at": now() + timedelta(days=400)},
        ],
    )
    async def test_refuses_what_cannot_be_meant(self, cast, options):
        with pytest.raises(Invalid):
            await _set(cast.administrator, _wanted(Subject.organization, **options))

    @pytest.mark.parametrize("subject", [Subject.user, Subject.key])
    async def test_finds_nobody_of_another_organisation(self, cast, subject):
        async with transaction(cast.stranger) as session:
            record(session, cast.stranger, "test.seen")
        with pytest.raises(NotFound):
            await _set(cast.administrator, _wanted(subject, str(cast.stranger.user_id)))
        with pytest.raises(NotFound):
            await _set(cast.administrator, _wanted(subject, str(new_id())))

    async def test_is_for_administrators_and_recorded(self, cast):
        with pytest.raises(NotPermitted):
            await _set(cast.teacher, _wanted(Subject.organization))
        row = await _set(cast.administrator, _wanted(Subject.organization))
        async with transaction(cast.administrator) as session:
            event = await session.scalar(select(AuditEvent).where(AuditEvent.target_id == row.id))
        assert (event.action, event.details["per_minute"]) == ("limit.set", 1)


class TestRemoveOverride:
    async def test_brings_the_default_back(self, cast):
        row = await _set(cast.administrator, _wanted(Subject.organization))
        async with transaction(cast.administrator) as session:
            await limits.remove_override(session, cast.administrator, row.id)
        overrides.forget()
        assert await _rule(cast.teacher, Subject.organization) != Rule.of(1, 1)

    async def test_is_not_found_by_another_organisation(self, cast):
        row = await _set(cast.administrator, _wanted(Subject.organization))
        async with transaction(cast.stranger) as session:
            with pytest.raises(NotFound):
                await limits.remove_override(session, cast.stranger, row.id)


class TestTightened:
    async def test_limits_hold_for_everybody_but_those_who_look_after_them(self, cast, monkeypatch):
        whole = await _rule(cast.teacher, Subject.user)
        monkeypatch.setattr(adaptive, "load", Load(percent=25))
        assert (await _rule(cast.teacher, Subject.user)).burst == whole.burst // 4
        assert (await _rule(cast.teacher, Subject.user)).interval == whole.interval * 4
        assert await _rule(cast.administrator, Subject.user) == whole

    async def test_are_told_in_the_trail_with_their_measures(self, cast):
        before = Load()
        after = Load(percent=75, reason="work waits 400 ms for its turn", measures=(400.0, 20.0, 0.0, 80))
        await limits.write_adaptation(before, after)
        async with transaction(Actor.system()) as session:
            newest = (await limits.adaptations(session, cast.administrator))[0]
        assert newest.action == "limits.tightened"
        assert newest.details["lag_ms"] == 400.0
        assert newest.details["after"] == {"percent": 75}
        assert newest.organization_id is None


class TestSimulate:
    async def test_replays_what_the_organisation_did_and_names_its_callers(self, cast):
        async with transaction(cast.teacher) as session:
            record(session, cast.teacher, "test.seen")
        organization, caller = str(cast.organization_id), f"person:{cast.teacher.user_id}"
        for _ in range(10):
            seen.note(Endpoint.api_read, organization, "person", caller, True)
        await seen.flush()
        async with transaction(cast.administrator) as session:
            done = await traffic.simulate(session, cast.administrator, Endpoint.api_read, Rule.of(1, 4))
        assert (done.calls, done.refused, done.callers) == (10, 6, 1)
        assert [(each.name, each.refused) for each in done.refusals] == [("Maya Okafor", 6)]
        async with transaction(cast.stranger) as session:
            assert (await traffic.simulate(session, cast.stranger, Endpoint.api_read, Rule.of(1, 4))).calls == 0

    async def test_shows_the_use_of_the_organisation_alone(self, cast):
        seen.note(Endpoint.api_read, str(cast.organization_id), "key", "key:one", False)
        await seen.flush()
        assert (await traffic.use(cast.administrator))[Endpoint.api_read] == traffic.Use(1, 1, 1)
        assert await traffic.use(cast.stranger) == {}

    async def test_is_for_administrators(self, cast):
        async with transaction(cast.teacher) as session:
            with pytest.raises(NotPermitted):
                await traffic.simulate(session, cast.teacher, Endpoint.api_read, Rule.of(1, 4))

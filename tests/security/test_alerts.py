"""From what happens to the people who are told of it."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted, NotSignedIn
from faraday_app.core.facts import listener
from faraday_app.core.permissions import Actor, Role
from faraday_app.core.sightings import Sightings, sightings
from faraday_app.organizations.service import people, sign_in
from faraday_app.security.jobs import alerts as jobs
from faraday_app.security.models import ApiKey, AuditEvent
from faraday_app.security.service import alert_settings, alerts, record
from faraday_app.security.service.sightings import KEY_SEEN, write_down
from tests.factories import security as made
from tests.factories.people import email_of, make_person
from tests.factories.security import raised, stuff

GERMANY, BRAZIL, JAPAN = "91.0.0.1", "200.160.2.3", "202.12.30.115"


@pytest.fixture(autouse=True)
def installed():
    made.install()


@pytest.fixture
def told(monkeypatch):
    return made.told_to(monkeypatch)


class TestRaiseAlerts:
    async def test_tells_every_administrator_of_stuffing(self, cast, told):
        await stuff(cast)
        assert await alerts.raise_alerts(cast.organization_id) == 1
        (alert,) = await raised(cast.organization_id)
        assert (alert.kind, alert.severity, len(alert.evidence)) == ("stuffing", "high", 6)
        assert [(each.recipients, each.urgent, each.link) for each in told] == [
            ((cast.administrator.user,), True, "/security")
        ]

    async def test_tells_of_each_cause_once_however_many_look_at_once(self, cast, told):
        await stuff(cast)
        counts = await asyncio.gather(*[alerts.raise_alerts(cast.organization_id) for _ in range(20)])
        assert sum(counts) == len(told) == len(await raised(cast.organization_id)) == 1

    async def test_sees_nothing_of_another_organization(self, cast, told):
        await stuff(cast)
        assert await alerts.raise_alerts(cast.stranger.organization) == 0
        assert told == []

    async def test_sees_impossible_travel_by_country(self, cast, told):
        await made.sign_in(cast.teacher, GERMANY, 50, "Firefox")
        await made.sign_in(cast.teacher, BRAZIL, 10, "Chromium")
        assert await alerts.raise_alerts(cast.organization_id) == 1
        assert told[0].title == "Maya Okafor signed in from two countries within 40 minutes"

    async def test_knows_where_people_usually_sign_in(self, cast, told):
        for person in (cast.administrator, cast.head, cast.teacher, cast.colleague, cast.aide, cast.student):
            await made.sign_in(person, "203.0.113.9", 2_000)
        await stuff(cast)
        assert await alerts.raise_alerts(cast.organization_id) == 0

    async def test_sees_exports_beyond_what_is_usual(self, cast, told):
        for _ in range(6):
            await made.write(
                cast.organization_id, "context.exported", 1, actor_id=cast.teacher.user, actor_name="Maya Okafor"
            )
        assert await alerts.raise_alerts(cast.organization_id) == 1
        assert told[0].title == "Maya Okafor exported 6 times within an hour"

    async def test_sees_a_new_administrator_once_the_school_is_founded(self, cast, told, monkeypatch):
        monkeypatch.setattr("faraday_app.security.service.alerts.detectors.FOUNDING", -made.timedelta(hours=1))
        async with transaction(cast.administrator) as session:
            person = await people.get_person(session, cast.administrator, cast.colleague.user)
            await people.change_member(
                session, cast.administrator, person.user_id, person.version, Role.administrator, None
            )
        await alerts.raise_alerts(cast.organization_id)
        assert "Ana Ruiz is now an administrator" in [each.title for each in told]
        assert {each.recipients for each in told} == {(cast.colleague.user, cast.administrator.user)}

    async def test_says_nothing_of_those_who_found_a_school(self, cast, told):
        assert await alerts.raise_alerts(cast.organization_id) == 0

    async def test_is_undone_whole_when_nobody_can_be_told(self, cast, monkeypatch):
        await stuff(cast)

        async def fails(session, notice):
            raise NotFound

        monkeypatch.setattr("faraday_app.core.notices._deliver", [fails])
        with pytest.raises(NotFound):
            await alerts.raise_alerts(cast.organization_id)
        assert await raised(cast.organization_id) == []


class TestAlertWhenTold:
    """The whole way: wrong passwords, the fact, the worker, the alert and the notice."""

    @pytest.fixture
    async def watching(self):
        tasks = [asyncio.create_task(work()) for work in (listener.run, jobs.alert_when_told)]
        while not listener.connected:
            await asyncio.sleep(0.01)
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @pytest.mark.usefixtures("watching")
    async def test_alerts_within_a_minute_of_a_burst_of_wrong_passwords(self, cast, told):
        targets = [cast.administrator, cast.head, cast.teacher, cast.colleague, cast.aide, cast.student]
        for person in targets:
            with pytest.raises(NotSignedIn):
                await sign_in(await email_of(person), "wrong", f"198.51.{cast.organization_id.int % 200}.7", "curl")
        async with asyncio.timeout(60):
            while not await raised(cast.organization_id):
                await asyncio.sleep(0.1)
        (notice,) = [each for each in told if each.organization_id == cast.organization_id]
        assert notice.recipients == (cast.administrator.user,)
        assert notice.title == "6 accounts were tried from one address"

    @pytest.mark.usefixtures("watching")
    async def test_goes_on_when_something_fails(self, cast, told, monkeypatch):
        async def fails():
            raise RuntimeError("No table of countries")

        monkeypatch.setattr(jobs.sightings, "write_down", fails)
        await self.test_alerts_within_a_minute_of_a_burst_of_wrong_passwords(cast, told)


class TestSettings:
    async def test_choose_who_is_told_among_those_who_may_see_it(self, cast, told):
        other = await make_person(cast.organization_id, Role.administrator, "Vera Stone")
        async with transaction(cast.administrator) as session:
            await alert_settings.change_settings(session, cast.administrator, 1, [other.user], {"travel_speed": 800})
        await stuff(cast)
        await alerts.raise_alerts(cast.organization_id)
        assert told[0].recipients == (other.user,)

    async def test_fall_back_to_all_administrators_when_those_chosen_have_left(self, cast, told):
        other = await make_person(cast.organization_id, Role.administrator, "Vera Stone")
        async with transaction(cast.administrator) as session:
            await alert_settings.change_settings(session, cast.administrator, 1, [other.user], {})
            await people.deactivate(session, cast.administrator, other.user)
        await stuff(cast)
        await alerts.raise_alerts(cast.organization_id)
        assert told[0].recipients == (cast.administrator.user,)

    async def test_decide_when_it_is_too_much(self, cast, told):
        async with transaction(cast.administrator) as session:
            await alert_settings.change_settings(session, cast.administrator, 1, [], {"accounts_per_address": 7})
        await stuff(cast)
        assert await alerts.raise_alerts(cast.organization_id) == 0

    @pytest.mark.parametrize("value", [1, 0, -5, 10**9])
    async def test_stay_within_their_bounds(self, cast, value):
        async with transaction(cast.administrator) as session:
            with pytest.raises(Invalid):
                await alert_settings.change_settings(
                    session, cast.administrator, 1, [], {"accounts_per_address": value}
                )

    async def test_do_not_let_others_be_told(self, cast):
        for outsider in (cast.teacher, cast.stranger):
            async with transaction(cast.administrator) as session:
                with pytest.raises(Invalid):
                    await alert_settings.change_settings(session, cast.administrator, 1, [outsider.user], {})

    async def test_are_changed_by_one_of_many_at_once(self, cast):
        async def change():
            async with transaction(cast.administrator) as session:
                await alert_settings.change_settings(session, cast.administrator, 1, [], {"refusals": 30})

        results = await asyncio.gather(*[change() for _ in range(10)], return_exceptions=True)
        assert results.count(None) == 1
        assert all(isinstance(each, Conflict) for each in results if each is not None)

    async def test_are_for_those_who_manage_security(self, cast):
        async with transaction(cast.teacher) as session:
            with pytest.raises(NotPermitted):
                await alert_settings.change_settings(session, cast.teacher, 1, [], {})
            with pytest.raises(NotPermitted):
                await alert_settings.get_settings(session, cast.teacher)


class TestSightings:
    async def events(self, cast, action):
        async with transaction(Actor.system(cast.organization_id)) as session:
            query = select(AuditEvent).where(
                col(AuditEvent.organization_id) == cast.organization_id, col(AuditEvent.action) == action
            )
            return list((await session.scalars(query.order_by(col(AuditEvent.id)))).all())

    async def test_of_refusals_become_an_alert(self, cast, told):
        async with transaction(cast.student) as session:
            for number in range(25):
                record(session, cast.student, "access.refused", asked=f"handler_{number}")
        assert await alerts.raise_alerts(cast.organization_id) == 1
        assert told[0].title == "Elif Kaya asks for what they may not do"

    async def test_of_keys_are_written_down_once_for_each_country(self, cast, told):
        async with transaction(Actor.system(cast.organization_id)) as session:
            key = ApiKey(organization_id=cast.organization_id, user_id=cast.teacher.user, name="Import",
                         prefix="fdy_test", key_hash=str(cast.organization_id), scopes=[])  # fmt: skip
            session.add(key)
        for address in (GERMANY, GERMANY, "10.0.0.1", JAPAN):
            sightings.key_used(replace(cast.teacher, api_key_id=key.id, address=address))
        await write_down()
        assert [event.details["country"] for event in await self.events(cast, KEY_SEEN)] == ["DE", "JP"]
        assert await alerts.raise_alerts(cast.organization_id) == 1
        assert told[0].title == "API key “Import” was used from Japan"

    def test_are_bounded(self, cast):
        noticed = Sightings()
        for number in range(3_000):
            noticed.key_used(replace(cast.teacher, api_key_id=made.id_at(made.now()), address=str(number)))
        assert len(noticed.take()) == 1_000
        assert noticed.take() == []

"""Whose power counts: by membership, by a role of the organisation's own, or by rules for them alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.service import factor_findings, people, safety
from faraday_app.security.models import AuditEvent, SecurityAlert
from faraday_app.security.service import alerts
from tests.factories import security
from tests.factories.people import make_person
from tests.factories.roles import allow, as_now, change_role, deny, give, make_role, set_rules, withdraw

GUARD = (allow("security:*"),)


async def guardians(cast):
    async with transaction(cast.administrator) as session:
        return [each.name for each in await safety.guardians(session, cast.organization_id)]


async def facts(cast):
    async with transaction(cast.administrator) as session:
        return await safety.read_people(session, cast.organization_id)


async def deactivate(actor, person):
    actor = await as_now(actor)
    async with transaction(actor) as session:
        await people.deactivate(session, actor, person.user)


async def made_administrators(cast):
    """By the newest event of rights that says so."""
    async with transaction(Actor.system(cast.organization_id)) as session:
        mine = col(AuditEvent.organization_id) == cast.organization_id
        rows = await session.scalars(select(AuditEvent).where(mine).order_by(col(AuditEvent.id)))
        return [(row.action, row.details["administrators"]) for row in rows if "administrators" in row.details]


class TestGuardians:
    async def test_are_found_by_role_and_by_rule_and_not_by_what_is_denied(self, cast):
        assert await guardians(cast) == ["Jonas Prie"]
        role_id = await make_role(cast.administrator, "Guard", *GUARD)
        await give(cast.administrator, role_id, cast.head)
        await set_rules(cast.administrator, cast.aide, allow("security:read"))
        assert await guardians(cast) == ["Jonas Prie", "Sara Byrne", "Tom Lindqvist"]
        await set_rules(cast.administrator, cast.head, deny("security:read"))
        await give(cast.administrator, role_id, cast.teacher, now() + timedelta(hours=1))
        await deactivate(cast.administrator, cast.aide)
        assert await guardians(cast) == ["Jonas Prie", "Maya Okafor"]
        await withdraw(cast.administrator, role_id, cast.teacher)
        assert await guardians(cast) == ["Jonas Prie"]

    async def test_without_a_second_factor_are_found_too(self, cast):
        await set_rules(cast.administrator, cast.aide, allow("security:read"))
        async with transaction(cast.administrator) as session:
            found = await factor_findings.read_factors(session, cast.organization_id)
        assert found.unprotected.count == 2


class TestKeepers:
    async def test_are_those_who_could_take_over(self, cast):
        assert safety.single_administrator(await facts(cast)) is not None
        await set_rules(cast.administrator, cast.aide, allow("security:*"))
        assert safety.single_administrator(await facts(cast)) is not None, "who only looks can appoint nobody"
        role_id = await make_role(cast.administrator, "Second", allow("*"))
        await give(cast.administrator, role_id, cast.head, now() + timedelta(hours=1))
        assert safety.single_administrator(await facts(cast)) is not None, "for an hour is not for good"
        await give(cast.administrator, role_id, cast.head)
        assert safety.single_administrator(await facts(cast)) is None


class TestTheLastOne:
    async def test_may_go_when_a_role_of_our_own_gives_somebody_else_everything(self, cast):
        role_id = await make_role(cast.administrator, "Second", allow("*"))
        await give(cast.administrator, role_id, cast.head)
        await deactivate(cast.head, cast.administrator)
        assert await guardians_seen_by(cast.head) == ["Tom Lindqvist"]

    async def test_cannot_be_removed_when_their_power_comes_from_a_role_of_our_own(self, cast):
        role_id = await make_role(cast.administrator, "Second", allow("*"))
        await give(cast.administrator, role_id, cast.head)
        manager = await make_person(cast.organization_id, Role.teacher, "Ana Lind")
        await set_rules(cast.administrator, manager, allow("people:*"), allow("roles:*"))
        await deactivate(cast.head, cast.administrator)
        with pytest.raises(Invalid, match="last administrator"):
            await deactivate(manager, cast.head)
        assert (await as_now(cast.head)).may(Permission.security_manage)

    CHANGES = {
        "by role": lambda head, role_id: change_role(head, role_id, allow("*"), deny("security:*")),
        "by rule": lambda head, role_id: set_rules(head, head, deny("security:manage")),
        "by withdrawing": lambda head, role_id: withdraw(head, role_id, head),
    }

    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    async def test_who_guards_is_kept_by_every_change_of_rights(self, cast, change):
        role_id = await make_role(cast.administrator, "Second", allow("*"))
        await give(cast.administrator, role_id, cast.head)
        await deactivate(cast.head, cast.administrator)
        head = await as_now(cast.head)
        with pytest.raises(Invalid, match="Nobody would be left"):
            await change(head, role_id)
        assert (await as_now(cast.head)).may(Permission.security_manage)


class TestNewAdministrators:
    async def test_are_told_of_however_they_became_one(self, cast):
        role_id = await make_role(cast.administrator, "Keeper", allow("people:*"))
        await give(cast.administrator, role_id, cast.head)
        await set_rules(cast.administrator, cast.aide, allow("roles:*"))
        assert await made_administrators(cast) == []
        await change_role(cast.administrator, role_id, allow("people:*"), allow("roles:*"))
        await give(cast.administrator, role_id, cast.teacher)
        await set_rules(cast.administrator, cast.aide, allow("roles:*"), allow("people:manage", own_department=True))
        await give(cast.administrator, role_id, cast.aide)
        assert await made_administrators(cast) == [
            ("role.changed", ["Tom Lindqvist"]),
            ("role.assigned", ["Maya Okafor"]),
            ("rules.changed", ["Sara Byrne"]),
        ]

    async def test_raise_an_alert_once_the_organisation_is_older(self, cast, monkeypatch):
        security.install()
        monkeypatch.setattr("faraday_app.security.service.alerts.detectors.FOUNDING", timedelta())
        await set_rules(cast.administrator, cast.aide, allow("people:*"), allow("roles:*"))
        await alerts.raise_alerts(cast.organization_id)
        async with transaction(cast.administrator) as session:
            titles = (await session.scalars(select(col(SecurityAlert.title)))).all()
        assert "Sara Byrne is now an administrator" in titles


async def guardians_seen_by(person):
    actor = await as_now(person)
    async with transaction(actor) as session:
        return [each.name for each in await safety.guardians(session, actor.organization)]

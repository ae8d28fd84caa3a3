"""The page with the rules for one person, and what its service refuses."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.core.authorization import Effect
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.identity import identities
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.service import actor_of_session, assignments
from faraday_app.organizations.state.person_rules import PersonRulesState
from faraday_app.security.models import Session
from faraday_app.ui.guard import ConfirmationWanted
from tests.factories.roles import allow, as_now, confirmed, deny, give, make_role, set_rules
from tests.factories.tabs import open_at
from tests.organizations.test_roles_page import line


async def edited(cast, person, **effects):
    """The page of this person with these effects chosen, by ``resource__action``."""
    page = await open_at(cast.administrator, PersonRulesState, "/people/rules", person=str(person.user))
    for name, effect in effects.items():
        await PersonRulesState.set_effect.fn(page, name.replace("__", ":"), effect)
    return page


class TestPersonRulesState:
    async def test_shows_the_roles_below_the_rules(self, cast):
        role_id = await make_role(cast.administrator, "Reader", allow("people:*"))
        await give(cast.administrator, role_id, cast.aide)
        page = await edited(cast, cast.aide)
        assert (page.name, page.me, page.active, page.error) == ("Sara Byrne", False, True, "")
        assert [(row.name, row.until) for row in page.held] == [("Aide", "What they are here"), ("Reader", "for good")]
        assert line(page, "people:read").inherited == "Allowed by Reader"
        assert line(page, "assistant:use").inherited == "Allowed by Aide"

    async def test_shows_what_saving_changes_and_then_does(self, cast):
        page = await edited(cast, cast.aide, audit__read="allow", assistant__use="deny")
        (row,) = page.differences
        assert (row.gains, row.losses) == ("read the audit trail", "use the assistant")
        assert not (await as_now(cast.aide)).could(Permission.audit_read)
        await PersonRulesState.save.fn(page)
        assert (page.problem, page.dirty, page.difference) == ("", False, "")
        aide = await as_now(cast.aide)
        assert (aide.could(Permission.audit_read), aide.could(Permission.assistant_use)) == (True, False)

    async def test_keeps_conditions_and_an_end(self, cast):
        page = await edited(cast, cast.aide, people__read="allow")
        await PersonRulesState.limit.fn(page, "people:read")
        form = {"own_department": "on", "addresses": "192.0.2.0/24", "expires_at": "2090-01-01T00:00"}
        await PersonRulesState.save_limits.fn(page, form)
        await PersonRulesState.save.fn(page)
        again = await edited(cast, cast.aide)
        assert line(again, "people:read").limits.startswith("own department · 192.0.2.0/24 · until")

    async def test_is_clean_again_when_a_change_is_taken_back(self, cast):
        page = await edited(cast, cast.aide, audit__read="allow")
        assert page.dirty
        await PersonRulesState.set_effect.fn(page, "audit:read", "")
        assert (page.dirty, page.difference, page.differences) == (False, "", [])

    async def test_refuses_to_lock_out_its_author(self, cast):
        await as_now(cast.administrator)
        page = await edited(cast, cast.administrator, roles__manage="deny")
        await PersonRulesState.save.fn(page)
        assert page.problem
        assert (await as_now(cast.administrator)).may(Permission.roles_manage)

    async def test_asks_an_old_session_who_is_there(self, cast, monkeypatch):
        monkeypatch.setattr(identities, "_of_session", actor_of_session)
        page = await edited(cast, cast.aide, audit__read="allow")
        async with transaction(Actor.system()) as session:
            theirs = update(Session).where(col(Session.user_id) == cast.administrator.user)
            await session.execute(theirs.values(confirmed_at=now() - timedelta(hours=2)))
        identities._forget_all()
        with pytest.raises(ConfirmationWanted):
            await PersonRulesState.save.fn(page)
        assert not (await as_now(cast.aide)).could(Permission.audit_read)

    async def test_tells_that_somebody_was_faster(self, cast):
        page = await edited(cast, cast.aide, audit__read="allow")
        await set_rules(cast.administrator, cast.aide, deny("assistant:use"))
        await PersonRulesState.save.fn(page)
        assert "meanwhile" in page.problem
        assert not (await as_now(cast.aide)).could(Permission.assistant_use)

    async def test_knows_nobody_of_another_organisation_and_no_nonsense(self, cast):
        for person in (str(cast.stranger.user), "x", "'--", ""):
            page = await open_at(cast.administrator, PersonRulesState, "/people/rules", person=person)
            assert (page.error != "", page.rows, page.name, page.loading) == (True, [], "", False)
            await PersonRulesState.save.fn(page)
            assert page.problem
            with pytest.raises(Invalid):
                await PersonRulesState.save_limits.fn(page, {"own_class": "on"})


class TestSetRules:
    async def test_is_refused_to_whoever_may_not_and_for_whom_they_do_not_know(self, cast):
        rule = (allow("home:read"),)
        for actor in (cast.head, cast.student):
            async with transaction(actor) as session:
                with pytest.raises(NotPermitted):
                    await assignments.set_rules(session, confirmed(actor), cast.aide.user, rule)
        async with transaction(cast.stranger) as session:
            with pytest.raises(NotFound):
                await assignments.set_rules(session, confirmed(cast.stranger), cast.aide.user, rule)

    async def test_replaces_only_what_its_author_saw(self, cast):
        await set_rules(cast.administrator, cast.aide, allow("audit:read"))
        async with transaction(cast.administrator) as session:
            author = confirmed(cast.administrator)
            with pytest.raises(Conflict):
                await assignments.set_rules(session, author, cast.aide.user, (), ())
            await assignments.set_rules(session, author, cast.aide.user, (), (allow("audit:read"),))
            assert await assignments.rules_of(session, author, cast.aide.user) == ()

    async def test_lets_nobody_free_themselves_of_a_denial(self, cast):
        role_id = await make_role(cast.administrator, "Roles only", allow("roles:*"), allow("people:read"))
        await give(cast.administrator, role_id, cast.head)
        await set_rules(cast.administrator, cast.head, deny("assistant:use"))
        head = await as_now(cast.head)
        async with transaction(head) as session:
            with pytest.raises(NotPermitted):
                await assignments.set_rules(session, head, head.user, ())
            (rule,) = await assignments.rules_of(session, head, head.user)
        assert rule.effect is Effect.deny

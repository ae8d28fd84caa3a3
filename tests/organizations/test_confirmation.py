"""Showing again who one is, who must have a second factor, and taking one away from somebody."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.accounts.service import factors
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import ConfirmationNeeded, Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.http import SESSION_COOKIE
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.organizations.models import Membership, SignInPolicy
from faraday_app.organizations.service import (
    actor_of_session,
    people,
    sign_in,
    sign_in_policy,
    two_factor,
)
from faraday_app.organizations.service.sign_in_policy import Required
from faraday_app.security.models import Session
from faraday_app.security.service import sessions
from tests.factories.api import is_problem
from tests.factories.factors import confirmed, enrol, stale
from tests.factories.people import PASSWORD, email_of, make_person
from tests.organizations.test_two_factor import guest, policy, session_of  # noqa: F401


class TestConfirm:
    async def test_asks_for_the_password_of_who_has_no_factor_and_for_a_factor_of_who_has_one(self, guest, cast):
        _, token = await session_of(cast.teacher)
        guest.cookies.set(SESSION_COOKIE, token)
        assert (await guest.get("/auth/confirm")).json() == {"ways": ["password"]}
        await enrol(cast.teacher)
        assert (await guest.get("/auth/confirm")).json() == {"ways": ["app", "backup"]}
        assert is_problem(await guest.post("/auth/confirm", data={"way": "password", "code": PASSWORD}), 422)

    async def test_changes_the_token_and_the_old_one_gains_nothing(self, guest, cast):
        row, old = await session_of(cast.teacher)
        async with transaction(Actor.system()) as session:
            (await session.get_one(Session, row.id)).confirmed_at = None
        guest.cookies.set(SESSION_COOKIE, old)
        answer = await guest.post("/auth/confirm", data={"way": "password", "code": PASSWORD})
        assert answer.json() == {"confirmed": True}
        new = httpx.Cookies()
        new.extract_cookies(answer)
        with pytest.raises(ConfirmationNeeded):
            (await actor_of_session(old)).must_be_confirmed()
        async with transaction(Actor.system()) as session:
            (await session.get_one(Session, row.id)).rotated_at = now() - sessions.UNDER_WAY
        assert await actor_of_session(old) is None
        actor = await actor_of_session(new[SESSION_COOKIE])
        assert actor.session_id == row.id
        actor.must_be_confirmed()

    async def test_is_limited(self, guest, cast):
        _, token = await session_of(cast.aide)
        guest.cookies.set(SESSION_COOKIE, token)
        wrong = [(await guest.post("/auth/confirm", data={"code": "wrong"})).status_code for _ in range(7)]
        assert wrong == [422] * 5 + [429] * 2
        assert (await guest.post("/auth/confirm", data={"code": PASSWORD})).status_code == 429

    async def test_is_named_in_the_problem_document(self, guest, cast):
        row, token = await session_of(cast.teacher)
        async with transaction(Actor.system()) as session:
            (await session.get_one(Session, row.id)).confirmed_at = now() - timedelta(minutes=11)
        guest.cookies.set(SESSION_COOKIE, token)
        answer = await guest.post("/auth/passkeys/options")
        assert is_problem(answer, 403)
        assert answer.json()["type"] == "urn:faraday:problem:confirmation-needed"


class TestPolicy:
    async def test_leaves_nothing_but_the_account_to_whoever_is_overdue(self, guest, cast):
        await policy(cast.administrator, Required.staff)
        _, token = await session_of(cast.teacher)
        actor = await actor_of_session(token)
        assert (actor.permissions, actor.must_enrol) == ({Permission.account_manage}, True)
        guest.cookies.set(SESSION_COOKIE, token)
        assert (await guest.get("/api/v1/conversations")).status_code == 403
        assert (await guest.get("/auth/confirm")).status_code == 200
        await enrol(cast.teacher)
        actor = await actor_of_session(token)
        assert (actor.permissions, actor.must_enrol) == (cast.teacher.permissions, False)

    @pytest.mark.parametrize(
        ("required", "covered"),
        [
            (Required.nobody, set()),
            (Required.administrators, {Role.administrator}),
            (Required.staff, {Role.administrator, Role.head, Role.teacher, Role.aide}),
            (Required.everyone, set(Role)),
        ],
    )
    async def test_covers_the_roles_it_names(self, cast, required, covered):
        await policy(cast.administrator, required)
        everybody = (cast.administrator, cast.head, cast.teacher, cast.aide, cast.student, cast.parent)
        held = {actor.role for actor in everybody if (await actor_of_session((await session_of(actor))[1])).must_enrol}
        assert held == covered

    async def test_waits_for_the_days_of_grace_and_for_those_who_join_later(self, cast):
        await policy(cast.administrator, Required.everyone, 7)
        _, token = await session_of(cast.teacher)
        assert not (await actor_of_session(token)).must_enrol
        async with transaction(Actor.system(cast.organization_id)) as session:
            past = now() - timedelta(days=8)
            await session.execute(
                update(SignInPolicy)
                .where(col(SignInPolicy.organization_id) == cast.organization_id)
                .values(set_at=past)
            )
            await session.execute(
                update(Membership).where(col(Membership.user_id) == cast.teacher.user).values(created_at=past)
            )
        assert (await actor_of_session(token)).must_enrol
        newcomer = await make_person(cast.organization_id, Role.teacher, "Nora Lind")
        assert not (await actor_of_session((await session_of(newcomer))[1])).must_enrol

    async def test_is_no_affair_of_another_organization(self, cast):
        await policy(cast.stranger, Required.everyone)
        assert not (await actor_of_session((await session_of(cast.teacher))[1])).must_enrol

    async def test_is_set_by_one_of_two_at_once(self, cast):
        actor = confirmed(cast.administrator)

        async def put(days):
            async with transaction(actor) as session:
                await sign_in_policy.set_policy(session, actor, Required.staff, days, 0)

        outcomes = await asyncio.gather(*(put(days) for days in range(10)), return_exceptions=True)
        assert [type(each) for each in outcomes if each is not None] == [Conflict] * 9

    async def test_is_refused_to_others_and_without_a_fresh_proof(self, cast):
        for actor, refusal in ((confirmed(cast.head), NotPermitted), (stale(cast.administrator), ConfirmationNeeded)):
            async with transaction(actor) as session:
                with pytest.raises(refusal):
                    await sign_in_policy.set_policy(session, actor, Required.staff, 0, 0)

    async def test_shows_how_everybody_stands(self, cast):
        await enrol(cast.teacher)
        await policy(cast.administrator, Required.administrators)
        everybody = [(actor.user, actor.role) for actor in (cast.administrator, cast.teacher, cast.aide, cast.student)]
        async with transaction(cast.administrator) as session:
            found = await sign_in_policy.standings(session, cast.administrator, everybody)
            assert [found[id] for id, _ in everybody] == ["due", "app", "off", "not needed"]
            stranger = [(cast.stranger.user, Role.administrator)]
            assert await sign_in_policy.standings(session, cast.administrator, stranger) == {}


class TestReset:
    async def test_removes_the_factors_of_a_member_and_tells(self, cast):
        await enrol(cast.teacher)
        actor = confirmed(cast.administrator)
        async with transaction(actor) as session:
            await two_factor.reset(session, actor, cast.teacher.user)
        async with transaction(cast.teacher) as session:
            assert not await factors.has_any(session, cast.teacher.user)
        assert await sign_in(await email_of(cast.teacher), PASSWORD, "10.0.1.9", "")

    async def test_is_refused_to_others_stale_sessions_oneself_and_strangers(self, cast):
        await enrol(cast.teacher)
        for actor, whom, refusal in (
            (confirmed(cast.head), cast.teacher, NotPermitted),
            (stale(cast.administrator), cast.teacher, ConfirmationNeeded),
            (confirmed(cast.administrator), cast.administrator, Invalid),
            (confirmed(cast.stranger), cast.teacher, NotFound),
        ):
            with pytest.raises(refusal):
                async with transaction(actor) as session:
                    await two_factor.reset(session, actor, whom.user)
        async with transaction(cast.teacher) as session:
            assert await factors.has_any(session, cast.teacher.user)

    async def test_is_refused_for_somebody_on_whom_another_organization_relies(self, cast):
        await enrol(cast.teacher)
        faraday = Actor.system(cast.stranger.organization)
        async with transaction(faraday) as session:
            await people.add_member(session, faraday, cast.teacher.user, Role.teacher)
        actor = confirmed(cast.stranger)
        with pytest.raises(Conflict):
            async with transaction(actor) as session:
                await two_factor.reset(session, actor, cast.teacher.user)


class TestOpenPages:
    async def test_go_on_for_a_moment_after_the_token_was_changed(self, cast):
        row, old = await session_of(cast.teacher)
        await two_factor.confirm(replace(cast.teacher, session_id=row.id), "password", PASSWORD, None)
        actor = await actor_of_session(old, open_page=True)
        assert actor.token_replaced
        actor.must_be_confirmed()
        async with transaction(Actor.system()) as session:
            (await session.get_one(Session, row.id)).rotated_at = now() - sessions.OPEN_PAGES
        assert await actor_of_session(old, open_page=True) is None

import asyncio

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.errors import LimitReached, NotSignedIn
from faraday_app.core.permissions import Actor
from faraday_app.organizations.service import actor_of_session, people, sign_in, sign_out
from faraday_app.security.models import AuditEvent
from tests.factories.people import PASSWORD, email_of


class TestSignIn:
    async def test_gives_a_session_with_the_rights_of_the_role(self, cast):
        token = await sign_in(await email_of(cast.teacher), PASSWORD, "10.0.0.1", "Firefox")
        actor = await actor_of_session(token)
        assert actor is not None
        assert actor.user_id == cast.teacher.user_id
        assert actor.permissions == cast.teacher.permissions

    async def test_refuses_a_wrong_password_and_an_unknown_person_with_the_same_words(self, cast):
        with pytest.raises(NotSignedIn) as wrong:
            await sign_in(await email_of(cast.teacher), "not the password", "10.0.0.2", "")
        with pytest.raises(NotSignedIn) as unknown:
            await sign_in("nobody@test.example", "not the password", "10.0.0.2", "")
        assert wrong.value.message == unknown.value.message

    async def test_makes_the_next_one_wait_after_failures_even_with_the_right_password(self, cast):
        email = await email_of(cast.student)
        for _ in range(3):
            with pytest.raises(NotSignedIn):
                await sign_in(email, "wrong", "10.0.0.3", "")
        with pytest.raises(LimitReached) as limited:
            await sign_in(email, PASSWORD, "10.0.0.3", "")
        assert limited.value.retry_after >= 1

    async def test_lets_only_the_free_attempts_through_when_many_come_at_once(self, cast):
        email = await email_of(cast.parent)
        outcomes = await asyncio.gather(
            *(sign_in(email, "wrong", "10.0.0.4", "") for _ in range(12)), return_exceptions=True
        )
        assert sum(isinstance(outcome, NotSignedIn) for outcome in outcomes) == 3
        assert sum(isinstance(outcome, LimitReached) for outcome in outcomes) == 9

    async def test_is_recorded_whether_it_works_or_not(self, cast):
        email = await email_of(cast.teacher)
        with pytest.raises(NotSignedIn):
            await sign_in(email, "wrong", "10.0.0.5", "")
        await sign_in(email, PASSWORD, "10.0.0.5", "")
        async with transaction(Actor.system()) as session:
            actions = (
                await session.scalars(
                    select(AuditEvent.action)
                    .where(col(AuditEvent.organization_id) == cast.organization_id)
                    .order_by(col(AuditEvent.id))
                )
            ).all()
        assert list(actions[-2:]) == ["session.refused", "session.opened"]


class TestSignOut:
    async def test_ends_the_session(self, cast):
        token = await sign_in(await email_of(cast.teacher), PASSWORD, "10.0.0.6", "")
        actor = await actor_of_session(token)
        assert actor
        async with transaction(actor) as session:
            await sign_out(session, actor)
        assert await actor_of_session(token) is None


class TestDeactivate:
    async def test_ends_every_session_of_the_person_at_once(self, cast):
        token = await sign_in(await email_of(cast.aide), PASSWORD, "10.0.0.7", "")
        async with transaction(cast.administrator) as session:
            await people.deactivate(session, cast.administrator, cast.aide.user)
        assert await actor_of_session(token) is None
        with pytest.raises(NotSignedIn):
            await sign_in(await email_of(cast.aide), PASSWORD, "10.0.0.7", "")

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.organizations.service import actor_of_session
from faraday_app.security.models import Session
from faraday_app.security.service import sessions


async def open_session(actor):
    async with transaction(Actor.system(actor.organization)) as session:
        return await sessions.open_session(session, actor.user, actor.organization, "10.3.0.1", "Firefox")


async def change(row, **values):
    async with transaction(Actor.system()) as session:
        await session.execute(update(Session).where(col(Session.id) == row.id).values(**values))


class TestOpenSession:
    async def test_keeps_only_the_hash_of_the_token(self, cast):
        row, token = await open_session(cast.teacher)
        assert token not in row.model_dump_json()
        actor = await actor_of_session(token)
        assert actor is not None
        assert (actor.user_id, actor.session_id, actor.address) == (cast.teacher.user_id, row.id, "10.3.0.1")

    async def test_cuts_the_name_of_a_talkative_browser(self, cast):
        async with transaction(Actor.system()) as session:
            row, _ = await sessions.open_session(
                session, cast.teacher.user, cast.organization_id, "10.3.0.1", "x" * 5_000
            )
        assert len(row.user_agent) == 300


class TestFindSession:
    @pytest.mark.parametrize("column", ["idle_expires_at", "expires_at", "revoked_at"])
    async def test_finds_nobody_once_it_ended(self, cast, column):
        row, token = await open_session(cast.teacher)
        await change(row, **{column: now() - timedelta(seconds=1)})
        assert await actor_of_session(token) is None

    async def test_renews_the_idle_time_of_one_in_use_but_not_its_end(self, cast):
        row, token = await open_session(cast.teacher)
        soon = now() + timedelta(minutes=1)
        await change(row, idle_expires_at=soon, last_seen_at=now() - timedelta(minutes=2))
        await actor_of_session(token)
        async with transaction(Actor.system()) as session:
            renewed = await session.get_one(Session, row.id)
        assert renewed.idle_expires_at > now() + timedelta(hours=settings().session_idle_hours - 1)
        assert renewed.expires_at == row.expires_at


class TestRevokeSessionsOf:
    async def test_ends_all_of_the_person_and_nobody_elses(self, cast):
        mine = [(await open_session(cast.teacher))[1] for _ in range(2)]
        _, hers = await open_session(cast.colleague)
        async with transaction(Actor.system()) as session:
            await sessions.revoke_sessions_of(session, cast.teacher.user, cast.organization_id)
        assert [await actor_of_session(token) for token in mine] == [None, None]
        assert await actor_of_session(hers)

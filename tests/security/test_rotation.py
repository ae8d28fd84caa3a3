"""A token that was replaced counts for a moment, and is a copy in somebody's hands after that."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.service import actor_of_session, people, renewed_token
from faraday_app.security.models import AuditEvent, Session
from faraday_app.security.service import sessions


async def opened(actor):
    async with transaction(Actor.system(actor.organization)) as session:
        return await sessions.open_session(session, actor.user, actor.organization, "10.0.0.1", "Firefox")


async def rotated(row):
    async with transaction(Actor.system()) as session:
        return await sessions.rotate(session, row.id)


async def age(row, **columns):
    async with transaction(Actor.system()) as session:
        await session.execute(update(Session).where(col(Session.id) == row.id).values(**columns))


async def replays(cast):
    query = select(AuditEvent).where(
        col(AuditEvent.organization_id) == cast.organization_id, col(AuditEvent.action) == "session.replayed"
    )
    async with transaction(Actor.system()) as session:
        return list(await session.scalars(query))


class TestRotate:
    async def test_gives_a_token_that_counts_at_once(self, cast):
        row, old = await opened(cast.teacher)
        new = await rotated(row)
        assert new != old
        assert (await actor_of_session(new)).session_id == row.id
        assert not (await actor_of_session(new)).token_replaced

    async def test_leaves_the_old_one_a_moment_over_http_and_longer_to_open_pages(self, cast):
        row, old = await opened(cast.teacher)
        await rotated(row)
        assert (await actor_of_session(old)).token_replaced
        await age(row, rotated_at=now() - sessions.UNDER_WAY)
        assert await actor_of_session(old, open_page=True)
        assert await actor_of_session(old) is None
        await age(row, rotated_at=now() - sessions.OPEN_PAGES)
        assert await actor_of_session(old, open_page=True) is None

    async def test_records_a_copy_that_comes_later(self, cast):
        row, old = await opened(cast.teacher)
        await rotated(row)
        await age(row, rotated_at=now() - sessions.UNDER_WAY)
        assert await actor_of_session(old, address="10.9.9.9") is None
        (event,) = await replays(cast)
        assert (event.target_id, event.address) == (row.id, "10.9.9.9")

    async def test_gives_one_token_however_many_ask_at_once(self, cast):
        row, _ = await opened(cast.teacher)
        given = [token for token in await asyncio.gather(*(rotated(row) for _ in range(100))) if token]
        assert len(given) == 1
        assert await actor_of_session(given[0])

    async def test_is_not_found_for_a_session_that_ended(self, cast):
        row, _ = await opened(cast.teacher)
        await age(row, revoked_at=now())
        with pytest.raises(NotFound):
            await rotated(row)

    async def test_is_due_once_after_a_change_of_rights(self, cast):
        row, old = await opened(cast.aide)
        async with transaction(cast.administrator) as session:
            person = await people.get_person(session, cast.administrator, cast.aide.user)
            await people.change_member(
                session, cast.administrator, cast.aide.user, person.version, Role.teacher, person.department_id
            )
        actor = await actor_of_session(old)
        assert actor.token_due
        tokens = [token for token in await asyncio.gather(*(renewed_token(actor) for _ in range(10))) if token]
        assert len(tokens) == 1
        assert not (await actor_of_session(tokens[0])).token_due
        assert row.id == actor.session_id


class TestLifetime:
    async def test_is_renewed_by_what_the_person_does_and_not_by_what_a_page_reads(self, cast):
        row, token = await opened(cast.teacher)
        soon = now() + timedelta(minutes=5)
        await age(row, last_seen_at=now() - timedelta(hours=1), idle_expires_at=soon)
        assert (await actor_of_session(token, by_person=False)).lapses_at == soon
        assert (await actor_of_session(token, by_person=True)).lapses_at > soon

    @pytest.mark.parametrize("column", ["idle_expires_at", "expires_at"])
    async def test_ends_when_it_says(self, cast, column):
        row, token = await opened(cast.teacher)
        await age(row, **{column: now() - timedelta(seconds=1)})
        assert await actor_of_session(token) is None

    async def test_is_forgotten_ninety_days_after_its_end(self, cast):
        old, _ = await opened(cast.teacher)
        new, _ = await opened(cast.teacher)
        await age(old, revoked_at=now() - sessions.KEPT - timedelta(days=1))
        async with transaction(Actor.system()) as session:
            await sessions.forget_old(session)
        async with transaction(Actor.system()) as session:
            assert await session.get(Session, old.id) is None
            assert await session.get(Session, new.id)

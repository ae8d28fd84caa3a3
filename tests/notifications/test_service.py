"""People are told once, in the transaction that gives cause, and nobody else hears of it."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlmodel import col

from faraday_app.core import mail, notices
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import GUEST, Actor
from faraday_app.notifications import service
from faraday_app.notifications.models import Notification
from faraday_app.organizations.service import people
from tests.factories.people import email_of


def notice(cast, *people, **more):
    terms = {"kind": "test.happened", "title": "Something happened", "link": "/account", **more}
    return notices.Notice(cast.organization_id, tuple(person.user for person in people), **terms)


async def tell(cast, *people, by=None, **more):
    async with transaction(by or cast.administrator) as session:
        await service.deliver(session, notice(cast, *people, **more))


async def told(actor, **filters):
    async with transaction(actor) as session:
        return await service.mine(session, actor, **filters)


async def waiting(actor):
    async with transaction(actor) as session:
        return await service.unread_count(session, actor)


class TestDeliver:
    async def test_tells_the_recipients_alone(self, cast):
        await tell(cast, cast.teacher, cast.aide, by=cast.student)
        assert [each.title for each in await told(cast.teacher)] == ["Something happened"]
        assert await waiting(cast.aide) == 1
        for other in (cast.administrator, cast.colleague, cast.student, cast.stranger):
            assert await told(other) == []

    async def test_tells_nothing_when_its_cause_is_undone(self, cast):
        async with transaction(cast.administrator) as session:
            await service.deliver(session, notice(cast, cast.teacher))
            await session.rollback()
        assert await told(cast.teacher) == []

    async def test_passes_over_who_is_no_active_member(self, cast):
        async with transaction(cast.administrator) as session:
            await people.deactivate(session, cast.administrator, cast.aide.user)
        await tell(cast, cast.aide, cast.stranger)
        async with transaction(Actor.system()) as session:
            query = select(func.count()).where(col(Notification.organization_id) == cast.organization_id)
            assert await session.scalar(query) == 0

    async def test_folds_what_says_the_same_however_many_say_it_at_once(self, cast):
        await asyncio.gather(*(tell(cast, cast.teacher, title=f"Attempt {number}") for number in range(10)))
        (only,) = await told(cast.teacher)
        assert only.count == 10
        await tell(cast, cast.teacher, link="/audit")
        assert await waiting(cast.teacher) == 2

    async def test_tells_anew_after_ten_minutes_or_once_it_was_read(self, cast):
        await tell(cast, cast.teacher)
        async with transaction(Actor.system()) as session:
            hers = update(Notification).where(col(Notification.user_id) == cast.teacher.user)
            await session.execute(hers.values(created_at=now() - timedelta(minutes=11)))
        await tell(cast, cast.teacher)
        async with transaction(cast.teacher) as session:
            await service.mark_all_read(session, cast.teacher)
        await tell(cast, cast.teacher)
        assert len(await told(cast.teacher)) == 3

    async def test_sends_what_is_urgent_by_e_mail_once(self, cast, mailbox):
        for _ in range(2):
            await tell(cast, cast.teacher, urgent=True)
        await tell(cast, cast.aide)
        await mail.deliver_waiting()
        (letter,) = mailbox.to(await email_of(cast.teacher))
        assert letter["Subject"] == "Something happened"
        assert mailbox.to(await email_of(cast.aide)) == []

    async def test_leads_nowhere_outside(self, cast):
        await tell(cast, cast.teacher, link="https://evil.example/")
        assert (await told(cast.teacher))[0].link == "/"


class TestMarkRead:
    async def test_is_for_ones_own_alone(self, cast):
        await tell(cast, cast.teacher)
        (hers,) = await told(cast.teacher)
        async with transaction(cast.colleague) as session:
            await service.mark_read(session, cast.colleague, [hers.id])
        assert await waiting(cast.teacher) == 1
        async with transaction(cast.teacher) as session:
            await service.mark_read(session, cast.teacher, [hers.id])
        assert await waiting(cast.teacher) == 0
        assert await told(cast.teacher, unread=True) == []


class TestMine:
    async def test_comes_in_pages_newest_first(self, cast):
        for number in range(5):
            await tell(cast, cast.teacher, link=f"/account#{number}")
        first = await told(cast.teacher, limit=3)
        rest = await told(cast.teacher, limit=3, before=first[-1].id)
        assert [each.link[-1] for each in [*first, *rest]] == ["4", "3", "2", "1", "0"]

    async def test_is_nothing_for_guests(self, cast):
        await tell(cast, cast.teacher)
        async with transaction(GUEST) as session:
            assert await session.scalar(select(func.count()).select_from(Notification)) == 0


class TestForgetOld:
    async def test_removes_what_is_a_year_old(self, cast):
        await tell(cast, cast.teacher)
        await tell(cast, cast.teacher, link="/audit")
        (newest, oldest) = await told(cast.teacher)
        async with transaction(Actor.system()) as session:
            old = update(Notification).where(col(Notification.id) == oldest.id)
            await session.execute(old.values(created_at=now() - service.KEPT - timedelta(days=1)))
            await service.forget_old(session)
        assert [each.id for each in await told(cast.teacher)] == [newest.id]

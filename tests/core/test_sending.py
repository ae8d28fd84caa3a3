"""How batches travel: many at once go together, and none of them notices."""

import asyncio
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import col

from faraday_app.core import sending
from faraday_app.core.batch import Batch, Missed
from faraday_app.core.database import transaction
from faraday_app.core.errors import Unavailable
from faraday_app.core.permissions import Actor
from faraday_app.security.models import AuditEvent
from faraday_app.security.service.audit import record_in

_NOBODY = text("select 1 from users where id = :id")
_LOCK = text("select pg_advisory_xact_lock(:number)")


def batch_of(actor: Actor, name: str = "", *, tells_of: Actor | None = None) -> Batch:
    batch = Batch(actor)
    record_in(batch, tells_of or actor, "batch.sent", name=name)
    return batch


async def kept(actor: Actor) -> list[AuditEvent]:
    async with transaction(actor) as session:
        query = select(AuditEvent).where(col(AuditEvent.organization_id) == actor.organization_id)
        return list((await session.scalars(query.where(col(AuditEvent.action) == "batch.sent"))).all())


def names(events: list[AuditEvent]) -> list[str]:
    return sorted(str(event.details["name"]) for event in events)


class TestSend:
    async def test_takes_those_that_wait_together(self, cast):
        batches = [batch_of(cast.teacher, f"{number:02}") for number in range(2 * sending.MOST + sending.LANES)]
        await asyncio.gather(*(batch.run() for batch in batches))
        events = await kept(cast.teacher)
        assert names(events) == [f"{number:02}" for number in range(len(batches))]
        assert len({event.transaction_id for event in events}) == sending.LANES + 2

    async def test_misses_only_the_one_that_is_missed_and_does_the_others_once(self, cast):
        batches = [batch_of(cast.teacher, f"{number:02}") for number in range(20)]
        batches[9].must(_NOBODY, {"id": UUID(int=0)})
        found = await asyncio.gather(*(batch.run() for batch in batches), return_exceptions=True)
        assert [type(each) for each in found] == [Missed if n == 9 else type(None) for n in range(20)]
        assert names(await kept(cast.teacher)) == [f"{number:02}" for number in range(20) if number != 9]

    async def test_never_mixes_organisations(self, cast):
        actors = (cast.teacher, cast.stranger, cast.student)
        batches = [batch_of(actors[number % 3], f"{number:02}") for number in range(30)]
        batches[4] = batch_of(cast.stranger, "not theirs", tells_of=cast.teacher)
        found = await asyncio.gather(*(batch.run() for batch in batches), return_exceptions=True)
        assert [number for number, each in enumerate(found) if each] == [4]
        assert "row-level security" in str(found[4])
        ours, theirs = await kept(cast.teacher), await kept(cast.stranger)
        assert (len(ours), len(theirs)) == (20, 9)
        assert not {event.transaction_id for event in ours} & {event.transaction_id for event in theirs}

    async def test_keeps_apart_what_may_be_lost(self, cast):
        lasting = text("select 1 where current_setting('synchronous_commit') = :how")
        batches = []
        for number in range(20):
            batch = Batch(cast.teacher, may_be_lost=number % 2 == 0)
            batch.must(lasting, {"how": "off" if number % 2 == 0 else "on"})
            batches.append(batch)
        await asyncio.gather(*(batch.run() for batch in batches))

    async def test_lets_nobody_wait_for_what_one_waits_for(self, cast):
        async with transaction(cast.teacher) as session:
            await session.execute(_LOCK, {"number": 7_001})
            batches = [batch_of(cast.teacher, f"{number:02}") for number in range(2 * sending.MOST)]
            for number in (1, 9):
                batches[number].add(_LOCK, {"number": 7_001})
            running = [asyncio.create_task(batch.run()) for batch in batches]
            await asyncio.wait(set(running) - {running[1], running[9]})
            assert not running[1].done()
            assert not running[9].done()
        await asyncio.gather(*running)
        assert len(names(await kept(cast.teacher))) == len(batches)

    async def test_locks_in_one_order(self, cast):
        """Lanes that would lock crosswise would find each other in a deadlock."""
        batches = []
        for number in range(24):
            batch = batch_of(cast.teacher, f"{number:02}")
            batch.locks(UUID(int=number * 7 % 5))
            batch.statements.insert(0, (_LOCK.text, {"number": 7_100 + number * 7 % 5}))
            batches.append(batch)
        await asyncio.gather(*(batch.run() for batch in batches))
        assert len({event.transaction_id for event in await kept(cast.teacher)}) < len(batches)

    async def test_leaves_out_whoever_went_away_while_waiting(self, cast):
        batches = [batch_of(cast.teacher, f"{number:02}") for number in range(8)]
        running = [asyncio.create_task(batch.run()) for batch in batches]
        await asyncio.sleep(0)
        running[5].cancel()
        await asyncio.gather(*running, return_exceptions=True)
        assert names(await kept(cast.teacher)) == [f"{number:02}" for number in range(8) if number != 5]

    async def test_tells_everybody_when_the_database_is_away(self, cast, monkeypatch):
        await batch_of(cast.teacher, "before").run()
        sender = sending._senders[asyncio.get_running_loop()]

        async def away(*_: object, **__: object) -> None:
            await asyncio.sleep(0)
            raise Unavailable(sending.AWAY)

        monkeypatch.setattr(sender, "_ship", away)
        running = [batch_of(cast.teacher, f"{number}").run() for number in range(8)]
        found = await asyncio.gather(*running, return_exceptions=True)
        assert {type(each) for each in found} == {Unavailable}
        monkeypatch.undo()
        await batch_of(cast.teacher, "after").run()
        assert names(await kept(cast.teacher)) == ["after", "before"]

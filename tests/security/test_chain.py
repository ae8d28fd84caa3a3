# ruff: noqa: S608  names of tables in this file
import asyncio
import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from faraday_app.core import closing
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor
from faraday_app.security.service import chain, proofs, record, signing
from faraday_app.security.service.verifying import Outcome, verify
from tests.security.test_audit import write

pytestmark = pytest.mark.usefixtures("only_our_trail")

ROOT = Path(__file__).parents[2]
TABLES = ("audit_seals", "audit_blocks", "audit_roots")


def owner_url():
    return os.environ["DATABASE_OWNER_URL"].replace("+psycopg", "")


@contextmanager
def tampering():
    """Somebody with the owner's password who switches the triggers off, and everything back in the end."""
    with psycopg.connect(owner_url(), options="-c app.system=on") as connection:
        tables = ("audit_events", *TABLES)
        kept = {table: connection.execute(f"select * from {table}").fetchall() for table in tables}
        for table in tables:
            connection.execute(f"alter table {table} disable trigger user")
        connection.commit()
        try:
            yield connection
        finally:
            connection.rollback()
            for table in reversed(tables):
                connection.execute(f"create temp table kept_{table} (like {table})")
                connection.execute(f"delete from {table}")
                names = [column.name for column in connection.execute(f"select * from {table}").description]
                places = ", ".join(["%s"] * len(names))
                insert = f"insert into {table} ({', '.join(names)}) values ({places})"
                connection.cursor().executemany(insert, [_stored(row) for row in kept[table]])
                connection.execute(f"alter table {table} enable trigger user")
            connection.commit()


def _stored(row):
    return [psycopg.types.json.Jsonb(value) if isinstance(value, dict) else value for value in row]


def findings(organization_id):
    """Of this chain: other tests leave theirs."""
    chain_name = proofs.chain_name(organization_id)
    return [each for each in verify(owner_url(), Outcome()) if each.chain == chain_name]


def found(organization_id):
    (finding,) = findings(organization_id)
    return finding


async def seals(organization_id):
    """(event id, block number, position) of all that is sealed."""
    query = text(
        "select s.event_id, b.number, s.position from audit_seals s join audit_blocks b on b.id = s.block_id"
        " where b.organization_id = :id order by b.number, s.position"
    )
    async with transaction(Actor.system()) as session:
        return (await session.execute(query, {"id": organization_id})).all()


async def event_ids(organization_id):
    async with transaction(Actor.system()) as session:
        query = text("select id from audit_events where organization_id = :id order by id")
        return (await session.scalars(query, {"id": organization_id})).all()


@pytest.fixture
def yesterday(monkeypatch):
    """Blocks are sealed a day ago."""
    monkeypatch.setattr(chain, "now", lambda: now() - timedelta(days=1))
    yield (datetime.now(UTC) - timedelta(days=1)).date()
    monkeypatch.undo()


@pytest.fixture
async def sealed(cast, yesterday, monkeypatch):
    """A chain of two blocks, signed."""
    await write(cast.teacher, *(f"lesson.{number}" for number in range(5)), room="12")
    await chain.seal(cast.organization_id)
    await write(cast.teacher, *(f"lesson.{number}" for number in range(5, 9)))
    await chain.seal(cast.organization_id)
    monkeypatch.undo()
    await chain.sign_day(yesterday)
    return cast


class TestSeal:
    async def test_puts_what_happened_in_order_into_blocks_that_follow_on_each_other(self, sealed):
        ids = await event_ids(sealed.organization_id)
        placed = await seals(sealed.organization_id)
        assert [place.event_id for place in placed] == ids
        assert {place.number for place in placed} == {1, 2}
        assert findings(sealed.organization_id) == []

    async def test_does_nothing_without_news(self, sealed):
        assert await chain.seal(sealed.organization_id) == 0

    async def test_waits_for_transactions_that_are_still_open(self, cast):
        await chain.seal(cast.organization_id)
        async with transaction(cast.teacher) as session:
            record(session, cast.teacher, "lesson.planned")
            await closing.write(session)
            await write(cast.head, "lesson.held")
            assert await chain.seal(cast.organization_id) == 0
        assert await chain.seal(cast.organization_id) == 2

    async def test_is_not_more_than_a_block_at_a_time(self, cast, monkeypatch):
        await write(cast.teacher, *(f"lesson.{number}" for number in range(7)))
        monkeypatch.setattr(chain, "MOST", 3)
        while await chain.seal(cast.organization_id):
            pass
        assert [each.event_id for each in await seals(cast.organization_id)] == await event_ids(cast.organization_id)
        assert findings(cast.organization_id) == []

    async def test_skips_nothing_and_seals_nothing_twice_while_many_write(self, cast):
        async def writing(number):
            for turn in range(15):
                await write(cast.teacher, f"lesson.{number}", turn=turn)

        async def sealing():
            while not done.is_set():
                await chain.seal(cast.organization_id)

        done = asyncio.Event()
        sealers = [asyncio.create_task(sealing()) for _ in range(3)]
        await asyncio.gather(*(writing(number) for number in range(8)))
        done.set()
        await asyncio.gather(*sealers)
        await chain.seal(cast.organization_id)
        placed = [each.event_id for each in await seals(cast.organization_id)]
        assert len(placed) == len(set(placed))
        assert set(placed) == set(await event_ids(cast.organization_id))
        assert findings(cast.organization_id) == []

    async def test_knows_who_has_news(self, sealed):
        assert sealed.organization_id not in await chain.chains_with_news()
        await write(sealed.teacher, "lesson.held")
        assert sealed.organization_id in await chain.chains_with_news()

    async def test_seals_what_belongs_to_no_organization(self, cast):
        await write(Actor.system(), "platform.tested")
        assert None in await chain.chains_with_news()
        assert await chain.seal(None) > 0
        assert findings(None) == []


class TestSignDay:
    async def test_is_for_days_that_are_over(self):
        with pytest.raises(Invalid):
            await chain.sign_day(datetime.now(UTC).date())

    async def test_signs_each_chain_once(self, sealed, yesterday):
        assert await chain.sign_day(yesterday) == 0
        assert await chain.sign_past_days() == 0

    async def test_signs_days_that_were_missed(self, cast, yesterday, monkeypatch):
        await write(cast.teacher, "lesson.held")
        await chain.seal(cast.organization_id)
        monkeypatch.undo()
        assert await chain.sign_past_days() >= 1
        assert await chain.sign_past_days() == 0


class TestAppendOnly:
    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize("statement", ["update {} set organization_id = null", "delete from {}", "truncate {}"])
    async def test_refuses_the_app_and_the_owner(self, sealed, table, statement):
        for url in (os.environ["DATABASE_URL"].replace("+psycopg", ""), owner_url()):
            with psycopg.connect(url, options="-c app.system=on") as connection:
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"append-only|permission denied"):
                    connection.execute(statement.format(table))
                connection.rollback()

    @pytest.mark.parametrize("table", TABLES)
    async def test_shows_an_organization_its_own_only(self, sealed, table):
        query = text(f"select count(*) from {table} where organization_id is distinct from :id")
        for actor, own in ((sealed.administrator, True), (sealed.stranger, False)):
            async with transaction(actor) as session:
                assert await session.scalar(query, {"id": actor.organization_id}) == 0
                ours = text(f"select count(*) from {table} where organization_id = :id")
                assert bool(await session.scalar(ours, {"id": sealed.organization_id})) is own


class TestMerkleRoot:
    def test_depends_on_every_leaf_and_on_their_order(self):
        leaves = [proofs.leaf({"n": number}) for number in range(7)]
        roots = {proofs.merkle_root(leaves[:size]) for size in range(1, 8)}
        assert len(roots) == 7
        assert proofs.merkle_root(list(reversed(leaves))) not in roots

    def test_of_one_is_its_leaf(self):
        assert proofs.merkle_root([b"x" * 32]) == b"x" * 32


class TestSigning:
    def test_refuses_what_somebody_else_signed(self):
        id, signature = signing.sign(b"a day")
        assert signing.is_signed(b"a day", id, signature)
        assert not signing.is_signed(b"another day", id, signature)
        assert not signing.is_signed(b"a day", "0" * 16, signature)
        assert not signing.is_signed(b"a day", id, signature.upper())

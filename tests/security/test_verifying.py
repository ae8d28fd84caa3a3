"""Whatever is done to the trail behind our back is found, and named."""

# ruff: noqa: S608  names of tables in this file
import asyncio
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from faraday_app.security.service import proofs
from tests.security.test_audit import write
from tests.security.test_chain import (  # noqa: F401
    event_ids,
    findings,
    found,
    sealed,
    seals,
    tampering,
    yesterday,
)

pytestmark = pytest.mark.usefixtures("only_our_trail")

ROOT = Path(__file__).parents[2]
TABLES = ("audit_seals", "audit_blocks", "audit_roots")


class TestVerify:
    CASES = (
        ("changed", """update audit_events set details = '{"room": "13"}' where id = %(third)s"""),
        ("changed", "update audit_events set created_at = created_at + interval '1 microsecond' where id = %(third)s"),
        ("missing", "delete from audit_events where id = %(third)s"),
        ("missing", "delete from audit_seals where event_id = %(third)s"),
        (
            "changed",
            "update audit_events e set action = o.action from audit_events o where (e.id, o.id)"
            " in ((%(third)s, %(last)s), (%(last)s, %(third)s))",
        ),
    )

    @pytest.mark.parametrize(("what", "statement"), CASES)
    async def test_names_the_event(self, sealed, what, statement):
        ids = await event_ids(sealed.organization_id)
        with tampering() as connection:
            connection.execute(statement, {"third": ids[2], "last": ids[-1]})
            connection.commit()
            finding = found(sealed.organization_id)
        assert finding.what == what
        assert str(ids[2]) in finding.where or "position 2 of block 1" in finding.where
        assert findings(sealed.organization_id) == []

    async def test_names_an_event_that_was_slipped_in(self, sealed):
        second = (await event_ids(sealed.organization_id))[1]
        slipped = str(second)[:-1] + ("1" if str(second)[-1] == "0" else "0")
        with tampering() as connection:
            connection.execute(
                "insert into audit_events (id, created_at, organization_id, actor_name, action, target_type, details,"
                " address, transaction_id) select %s, created_at, organization_id, 'Maya Okafor', 'grade.changed', '',"
                " '{}', '', transaction_id from audit_events where id = %s",
                [slipped, second],
            )
            connection.commit()
            finding = found(sealed.organization_id)
        assert (finding.what, slipped in finding.where) == ("inserted", True)

    async def test_names_an_event_that_was_slipped_in_with_a_seal(self, sealed):
        await write(sealed.teacher, "grade.changed")
        slipped = (await event_ids(sealed.organization_id))[-1]
        with tampering() as connection:
            connection.execute(
                "insert into audit_seals select %s, organization_id, block_id, max(position) + 1, max(leaf)"
                " from audit_seals where block_id = (select id from audit_blocks where organization_id = %s"
                "  and number = 1) group by 2, 3",
                [slipped, sealed.organization_id],
            )
            connection.commit()
            finding = found(sealed.organization_id)
        assert (finding.what, str(slipped) in finding.where) == ("inserted", True)

    async def test_names_events_that_changed_places(self, sealed):
        ids = await event_ids(sealed.organization_id)
        with tampering() as connection:
            for id, position in ((ids[2], 99), (ids[3], 2), (ids[2], 3)):
                connection.execute("update audit_seals set position = %s where event_id = %s", [position, id])
            connection.commit()
            finding = found(sealed.organization_id)
        assert (finding.what, str(ids[2]) in finding.where) == ("reordered", True)

    async def test_names_a_block_that_was_rewritten_with_all_its_hashes(self, sealed):
        """Its own hash fits: the block after it, or its day's root, does not."""
        with tampering() as connection:
            for number, what in ((2, "root"), (1, "block")):
                _rewrite(connection, sealed.organization_id, number)
                connection.commit()
                assert found(sealed.organization_id).what == what

    @pytest.mark.parametrize("column", ["root", "hash", "previous_hash"])
    async def test_names_a_block_with_another_hash(self, sealed, column):
        with tampering() as connection:
            change = f"update audit_blocks set {column} = %s where organization_id = %s and number = 2"
            connection.execute(change, ["f" * 64, sealed.organization_id])
            connection.commit()
            finding = found(sealed.organization_id)
        assert (finding.what, "block 2" in finding.where) == ("block", True)

    async def test_names_a_block_that_is_gone(self, sealed):
        with tampering() as connection:
            connection.execute(
                "delete from audit_blocks where organization_id = %s and number = 1", [sealed.organization_id]
            )
            connection.commit()
            assert found(sealed.organization_id).what == "missing"

    async def test_names_a_root_that_was_rewritten_without_the_key(self, sealed):
        with tampering() as connection:
            _rewrite(connection, sealed.organization_id, 2)
            connection.execute(
                "update audit_roots set root = %s where organization_id = %s",
                [_root_of_day(connection, sealed.organization_id), sealed.organization_id],
            )
            connection.commit()
            assert found(sealed.organization_id).what == "signature"

    async def test_believes_signatures_of_older_keys(self, sealed, monkeypatch):
        from faraday_app.core.settings import settings

        older, newer = settings()._kept("audit-key", str), "B" * 43 + "="
        for keys, expected in ((f"{newer},{older}", []), (newer, ["signature"])):
            monkeypatch.setenv("FARADAY_AUDIT_KEY", keys)
            settings.cache_clear()
            assert [each.what for each in findings(sealed.organization_id)] == expected
        monkeypatch.undo()
        settings.cache_clear()

    async def test_is_a_command_that_ends_with_one_when_something_is_wrong(self, sealed):
        third = (await event_ids(sealed.organization_id))[2]
        code, said = await asyncio.to_thread(_command)
        assert code == 0, said
        with tampering() as connection:
            connection.execute("update audit_events set address = '203.0.113.9' where id = %s", [third])
            connection.commit()
            code, said = await asyncio.to_thread(_command)
        assert code == 1
        assert f"changed: event {third}, position 2 of block 1" in said


def _command():
    command = [sys.executable, "-m", "faraday_app", "audit-verify"]
    done = subprocess.run(command, check=False, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def _rewrite(connection, organization_id, number):
    """As an attacker would who knows how everything is hashed."""
    cursor = connection.cursor(row_factory=psycopg.rows.namedtuple_row)
    query = "select * from audit_blocks where organization_id = %s and number = %s"
    block = cursor.execute(query, [organization_id, number]).fetchone()
    first = [block.id]
    connection.execute(
        "update audit_events set actor_name = 'Nobody' where id = (select event_id from audit_seals"
        " where block_id = %s and position = 1)",
        first,
    )
    events = connection.execute(
        f"select {proofs.EVENT_SQL} from audit_events e join audit_seals s on s.event_id = e.id"
        " where s.block_id = %s order by s.position",
        first,
    ).fetchall()
    leaves = [proofs.leaf(proofs.event_of(event)) for event in events]
    for position, leaf in enumerate(leaves):
        change = "update audit_seals set leaf = %s where block_id = %s and position = %s"
        connection.execute(change, [leaf.hex(), block.id, position])
    changed = block._replace(root=proofs.merkle_root(leaves).hex())
    hashed = proofs.block_hash(proofs.block_of(changed))
    connection.execute("update audit_blocks set root = %s, hash = %s where id = %s", [changed.root, hashed, block.id])


def _root_of_day(connection, organization_id):
    query = "select hash from audit_blocks where organization_id = %s order by number"
    hashes = connection.execute(query, [organization_id]).fetchall()
    return proofs.merkle_root(bytes.fromhex(each) for (each,) in hashes).hex()

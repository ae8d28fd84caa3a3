"""Recomputes every chain from the database, whoever wrote it: what was changed since does not fit any more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row, tuple_row

from faraday_app.security.service import proofs, signing

Connection = psycopg.Connection[Any]
_BATCH = 10_000  # events that are looked at together
_LATE = timedelta(hours=1)  # no transaction is open for longer
_ZERO = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Finding:
    """The first thing in a chain that does not fit."""

    chain: str
    what: str  # changed, missing, inserted, reordered, block, root or signature
    where: str

    def __str__(self) -> str:
        return f"{self.chain}: {self.what}: {self.where}"


@dataclass(slots=True)
class Outcome:
    events: int = 0
    blocks: int = 0
    unsealed: int = 0


@dataclass(frozen=True, slots=True)
class Sealed:
    """An event in its place, or None in its stead."""

    block_id: UUID
    position: int
    id: str
    leaf: str
    event: dict[str, Any] | None


def verify(url: str, outcome: Outcome) -> list[Finding]:
    """What is wrong, at most one finding for each chain; all as of one moment."""
    with psycopg.connect(url, options="-c app.system=on -c timezone=UTC") as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        chains = connection.execute(
            "select id from organizations union select organization_id from audit_blocks"
            " union select organization_id from audit_seals union select organization_id from audit_roots"
            " union select null order by 1 nulls first"
        ).fetchall()
        found = [_first(_findings(connection, chain, outcome)) for (chain,) in chains]
    return [finding for finding in found if finding]


def _first(findings: Iterator[Finding]) -> Finding | None:
    return next(findings, None)


def _findings(connection: Connection, organization_id: UUID | None, outcome: Outcome) -> Iterator[Finding]:
    chain, blocks = proofs.chain_name(organization_id), _blocks(connection, organization_id)
    previous, latest = None, ""
    for batch in _batches(blocks):
        sealed = _sealed(connection, [block.id for block in batch])
        for block in batch:
            yield from check_block(chain, block, sealed.get(block.id, []), previous)
            yield from _backdated(chain, block, sealed.get(block.id, []), previous, latest)
            previous, latest = block, max(latest, str(block.last_id))
            outcome.events += block.count
    outcome.blocks += len(blocks)
    yield from _orphans(connection, chain, organization_id)
    yield from check_roots(chain, blocks, _roots(connection, organization_id))
    yield from _unsealed(connection, chain, organization_id, blocks[-1] if blocks else None, outcome)


def check_block(chain: str, block: Any, sealed: list[Sealed], previous: Any) -> Iterator[Finding]:
    """The events of a block one by one, then what the block says of them, then its place in the chain."""
    number = previous.number + 1 if previous else 1
    if block.number != number:
        yield Finding(chain, "missing", f"block {number}")
    yield from _check_events(chain, block, sealed)
    said, name = proofs.block_of(block), f"block {block.number} ({block.id})"
    if proofs.merkle_root(bytes.fromhex(each.leaf) for each in sealed).hex() != block.root:
        yield Finding(chain, "block", f"{name}: its root is of other events")
    if (said["first_id"], said["last_id"]) != (sealed[0].id, sealed[-1].id):
        yield Finding(chain, "block", f"{name}: it begins or ends with another event")
    if proofs.block_hash(said) != block.hash:
        yield Finding(chain, "block", f"{name}: its hash is of another block")
    if block.previous_hash != (previous.hash if previous else proofs.NOTHING):
        yield Finding(chain, "block", f"{name}: it does not follow on the block before it")


def _check_events(chain: str, block: Any, sealed: list[Sealed]) -> Iterator[Finding]:
    before = ""
    for expected, each in enumerate(sealed):
        where = f"event {each.id}, position {each.position} of block {block.number}"
        if each.position != expected:
            yield Finding(chain, "missing", f"position {expected} of block {block.number}")
        if expected >= block.count:
            yield Finding(chain, "inserted", where)
        if each.event is None:
            yield Finding(chain, "missing", where)
        elif proofs.leaf(each.event).hex() != each.leaf:
            yield Finding(chain, "changed", where)
        if each.id <= before:
            yield Finding(chain, "reordered", where)
        before = each.id
    if len(sealed) < block.count:
        yield Finding(chain, "missing", f"position {len(sealed)} of block {block.number}")


def _backdated(chain: str, block: Any, sealed: list[Sealed], previous: Any, latest: str) -> Iterator[Finding]:
    """An event before others that were sealed long after its time would have been sealed with them."""
    if previous is None:
        return
    limit = proofs.moment_text(previous.sealed_at - _LATE)
    for each in sealed:
        if each.id >= latest:
            return
        if each.event and each.event["created_at"] < limit:
            yield Finding(chain, "inserted", f"event {each.id}, position {each.position} of block {block.number}")


def check_roots(chain: str, blocks: list[Any], roots: list[Any]) -> Iterator[Finding]:
    """Each day's root over its blocks, its signature, and that no day before a signed one is without."""
    by_day = {day: list(group) for day, group in groupby(blocks, lambda block: block.sealed_at.date())}
    last = max((root.day for root in roots), default=None)
    for day in sorted(set(by_day) - {root.day for root in roots}):
        if last and day < last:
            yield Finding(chain, "missing", f"the root of {day}")
    for root in roots:
        ours, said = by_day.get(root.day, []), proofs.root_of(root)
        numbers = (ours[0].number, ours[-1].number) if ours else ()
        hashed = proofs.merkle_root(bytes.fromhex(block.hash) for block in ours).hex()
        if hashed != root.root or numbers != (root.first_number, root.last_number):
            yield Finding(chain, "root", f"{root.day}: it is of other blocks")
        if not signing.is_signed(proofs.signed_text(said), root.key_id, root.signature):
            yield Finding(chain, "signature", f"{root.day}: no key of ours ({root.key_id}) signed this root")


def _unsealed(
    connection: Connection, chain: str, organization_id: UUID | None, last: Any, outcome: Outcome
) -> Iterator[Finding]:
    """What waits to be sealed; not with a transaction that is long over."""
    waiting = connection.cursor(row_factory=tuple_row).execute(
        "select e.id, e.transaction_id, e.transaction_id < pg_snapshot_xmax(pg_current_snapshot())::text::bigint,"
        "  e.created_at from audit_events e"
        " where coalesce(e.organization_id, %(zero)s) = coalesce(%(chain)s::uuid, %(zero)s)"
        " and not exists (select 1 from audit_seals s where s.event_id = e.id) order by e.id",
        {"chain": organization_id, "zero": _ZERO},
    )
    for id, transaction_id, known, created_at in waiting:
        outcome.unsealed += 1
        if last and known and transaction_id < last.horizon:
            yield Finding(chain, "inserted", f"event {id}, which should have been sealed long ago")
        if last and str(id) < str(last.last_id) and created_at < last.sealed_at - _LATE:
            yield Finding(chain, "inserted", f"event {id}, before events that were sealed already")


def _orphans(connection: Connection, chain: str, organization_id: UUID | None) -> Iterator[Finding]:
    orphan = connection.execute(
        "select s.event_id, s.position from audit_seals s where s.organization_id is not distinct from %s"
        " and not exists (select 1 from audit_blocks b where b.id = s.block_id) order by s.event_id limit 1",
        [organization_id],
    ).fetchone()
    if orphan:
        yield Finding(chain, "missing", f"the block of event {orphan[0]}, position {orphan[1]}")


def _batches(blocks: list[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    held = 0
    for block in blocks:
        batch.append(block)
        held += block.count
        if held >= _BATCH:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _blocks(connection: Connection, organization_id: UUID | None) -> list[Any]:
    cursor = connection.cursor(row_factory=namedtuple_row)
    query = "select * from audit_blocks where organization_id is not distinct from %s order by number"
    return cursor.execute(query, [organization_id]).fetchall()


def _roots(connection: Connection, organization_id: UUID | None) -> list[Any]:
    cursor = connection.cursor(row_factory=namedtuple_row)
    query = "select * from audit_roots where organization_id is not distinct from %s order by day"
    return cursor.execute(query, [organization_id]).fetchall()


def _sealed(connection: Connection, block_ids: list[UUID]) -> dict[UUID, list[Sealed]]:
    rows = connection.execute(
        f"select s.block_id, s.position, s.event_id::text, s.leaf, {proofs.EVENT_SQL}"  # noqa: S608  # nosec B608  names of ours
        " from audit_seals s left join audit_events e on e.id = s.event_id where s.block_id = any(%s)"
        " order by s.block_id, s.position",
        [block_ids],
    )
    return {block_id: list(group) for block_id, group in groupby(_read(rows), attrgetter("block_id"))}


def _read(rows: Iterable[tuple[Any, ...]]) -> Iterator[Sealed]:
    absent = (None,) * len(proofs.EVENT_COLUMNS)
    for block_id, position, id, leaf, *columns in rows:
        yield Sealed(block_id, position, id, leaf, None if tuple(columns) == absent else proofs.event_of(columns))

"""Sealing: what happened is put into blocks that hold on to each other, and each day is signed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncResult, AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.security.models import AuditBlock, AuditRoot
from faraday_app.security.service import proofs, signing
from faraday_app.security.service.proofs import block_hash, block_of, event_of, leaf, merkle_root, root_of

__all__ = ["chains_with_news", "leaf", "merkle_root", "seal", "sign_day", "sign_past_days"]

MOST = 10_000  # events in a block
AT_ONCE = 20 * MOST  # in a transaction
FETCHED = 250  # events in one message from the database, and to it
SLICE = 20  # events hashed before whatever else goes on here has its turn

_LOCK = text("select pg_advisory_xact_lock(hashtextextended('audit chain ' || :chain, 0))")
# After a burst the planner's statistics tell of an empty table, and what it then chooses takes minutes. Whether each
# event is sealed is asked of the index: what a chain costs goes by its own news, not by everybody's trail.
_PLANNING = text(
    "select set_config('enable_seqscan', 'off', true), set_config('cursor_tuple_fraction', '1', true),"
    " set_config('work_mem', '64MB', true)"
)
_SNAPSHOT = text("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")

# An id that this server has not given out yet is from before its data were restored: that transaction is long over.
# By the organisation itself: row security keeps PostgreSQL from an index over ``coalesce``.
_UNSEALED = (
    f"select {proofs.EVENT_SQL} from (select e.* from audit_events e"  # noqa: S608  # nosec B608  names of ours
    " where {chain} and e.transaction_id >= :since and (e.transaction_id < :horizon"
    "  or e.transaction_id >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)"
    " and (select s.event_id from audit_seals s where s.event_id = e.id) is null offset 0) e order by e.id limit :most"
)
_OF_AN_ORGANIZATION = text(_UNSEALED.replace("{chain}", "e.organization_id = :chain")).execution_options(
    yield_per=FETCHED
)
_OF_FARADAY = text(_UNSEALED.replace("{chain}", "e.organization_id is null")).execution_options(yield_per=FETCHED)
_SEAL = text(
    "insert into audit_seals (event_id, organization_id, block_id, position, leaf)"
    " select event_id, :organization, :block, :begins + position - 1, leaf"
    " from unnest(cast(:ids as uuid[]), cast(:leaves as text[])) with ordinality as s (event_id, leaf, position)"
)
_NEWS = """
    select c.id from {chains} c
    left join lateral (select b.horizon from audit_blocks b where {block} order by b.number desc limit 1) b on true
    where exists (select 1 from audit_events e where {event}
     and e.transaction_id >= case when b.horizon <= :horizon then b.horizon else 0 end
     and not exists (select 1 from audit_seals s where s.event_id = e.id))
"""
_NEWS_OF_ANYBODY = text(
    _NEWS.format(chains="organizations", block="b.organization_id = c.id", event="e.organization_id = c.id")
    + " union all "
    + _NEWS.format(
        chains="(select null::uuid as id)", block="b.organization_id is null", event="e.organization_id is null"
    ).replace("::", "\\:\\:")
)


async def seal(organization_id: UUID | None) -> int:
    """Seal what is settled in this chain into blocks, ``AT_ONCE`` events at most; how many that were.

    Settled is what no transaction still open could yet add anything before. One sealer at a time for each chain.
    """
    async with transaction(Actor.system()) as session:
        await _alone(session, organization_id)
        last, horizon = await _last_block(session, organization_id), int(await session.scalar(_SNAPSHOT) or 0)
        since = last.horizon if last and last.horizon <= horizon else 0
        wanted = {"since": since, "horizon": horizon, "most": AT_ONCE}
        unsealed = _OF_AN_ORGANIZATION.bindparams(chain=organization_id) if organization_id else _OF_FARADAY
        sealed = 0
        await session.execute(_PLANNING)
        async for rows, is_last in _parts(await session.stream(unsealed, wanted)):
            events, leaves = await _hashed(rows)
            sealed += len(events)
            last = _block(organization_id, last, events, leaves)
            last.horizon = horizon if is_last and sealed < AT_ONCE else since
            last.hash = block_hash(block_of(last))
            await _keep(session, last, events, leaves)
        return sealed


async def _parts(rows: AsyncResult[Any]) -> AsyncIterator[tuple[list[Sequence[Any]], bool]]:
    """What goes into one block after the other, and whether it is the last."""
    held: list[Sequence[Any]] = []
    async for part in rows.partitions(FETCHED):
        if len(held) >= MOST:
            yield held, False
            held = []
        held += part
    if held:
        yield held, True


async def _keep(session: AsyncSession, block: AuditBlock, events: list[UUID], leaves: list[bytes]) -> None:
    session.add(block)
    values = {"organization": block.organization_id, "block": block.id}
    for at in range(0, len(events), FETCHED):
        part = {"ids": events[at : at + FETCHED], "leaves": [each.hex() for each in leaves[at : at + FETCHED]]}
        await session.execute(_SEAL, {**values, **part, "begins": at})


async def _hashed(rows: Sequence[Sequence[Any]]) -> tuple[list[UUID], list[bytes]]:
    """Between whatever else goes on here. A thread would have the interpreter for milliseconds at a time, and every
    call that is being answered would wait for it each time it goes on.
    """
    events, leaves = [], []
    for number, row in enumerate(rows, 1):
        event = event_of(row)
        events.append(UUID(event["id"]))
        leaves.append(leaf(event))
        if number % SLICE == 0:
            await asyncio.sleep(0)
    return events, leaves


def _block(
    organization_id: UUID | None, last: AuditBlock | None, events: list[UUID], leaves: list[bytes]
) -> AuditBlock:
    return AuditBlock(
        id=new_id(),
        organization_id=organization_id,
        number=last.number + 1 if last else 1,
        first_id=events[0],
        last_id=events[-1],
        count=len(events),
        horizon=0,
        hash="",
        previous_hash=last.hash if last else proofs.NOTHING,
        root=merkle_root(leaves).hex(),
        sealed_at=now(),
    )


async def chains_with_news() -> list[UUID | None]:
    """Whoever has events that are not sealed."""
    async with transaction(Actor.system()) as session:
        horizon = await session.scalar(_SNAPSHOT)
        return list((await session.scalars(_NEWS_OF_ANYBODY, {"horizon": horizon})).all())


async def sign_past_days() -> int:
    """Sign every day that is over and is not signed, oldest first; how many roots were signed."""
    day = func.date(func.timezone("UTC", col(AuditBlock.sealed_at)))
    signed = select(col(AuditRoot.id)).where(
        col(AuditRoot.organization_id).is_not_distinct_from(col(AuditBlock.organization_id)), col(AuditRoot.day) == day
    )
    missing = select(day).where(col(AuditBlock.sealed_at) < _midnight(now().date()), ~signed.exists())
    async with transaction(Actor.system()) as session:
        days = sorted((await session.scalars(missing.distinct())).all())
    return sum([await sign_day(each) for each in days])


async def sign_day(day: date) -> int:
    """Sign the blocks of a day (UTC) that is over, in every chain that has some and is not signed for it."""
    if day >= now().date():
        raise Invalid("A day can be signed when it is over.")
    of_day = col(AuditBlock.sealed_at).between(_midnight(day), _midnight(day + timedelta(days=1)))
    async with transaction(Actor.system()) as session:
        chains = (await session.scalars(select(col(AuditBlock.organization_id)).where(of_day).distinct())).all()
    return sum([await _sign(organization_id, day) for organization_id in chains])


async def _sign(organization_id: UUID | None, day: date) -> int:
    begins, ends = _midnight(day), _midnight(day + timedelta(days=1))
    async with transaction(Actor.system()) as session:
        await _alone(session, organization_id)
        ours = col(AuditRoot.organization_id).is_not_distinct_from(organization_id)
        if await session.scalar(select(col(AuditRoot.id)).where(ours, col(AuditRoot.day) == day)):
            return 0
        blocks = (
            await session.execute(
                select(col(AuditBlock.number), col(AuditBlock.hash))
                .where(
                    col(AuditBlock.organization_id).is_not_distinct_from(organization_id),
                    col(AuditBlock.sealed_at) >= begins,
                    col(AuditBlock.sealed_at) < ends,
                )
                .order_by(col(AuditBlock.number))
            )
        ).all()
        if not blocks:
            return 0
        root = AuditRoot(
            organization_id=organization_id,
            day=day,
            first_number=blocks[0].number,
            last_number=blocks[-1].number,
            root=merkle_root(bytes.fromhex(block.hash) for block in blocks).hex(),
            key_id="",
            signature="",
        )
        root.key_id, root.signature = signing.sign(proofs.signed_text(root_of(root)))
        session.add(root)
    return 1


async def _last_block(session: AsyncSession, organization_id: UUID | None) -> AuditBlock | None:
    of = col(AuditBlock.organization_id)
    ours = of == organization_id if organization_id else of.is_(None)
    found: AuditBlock | None = await session.scalar(
        select(AuditBlock).where(ours).order_by(col(AuditBlock.number).desc()).limit(1)
    )
    return found


async def _alone(session: AsyncSession, organization_id: UUID | None) -> None:
    """Until the end of the transaction nobody else seals or signs in this chain."""
    await session.execute(_LOCK, {"chain": proofs.chain_name(organization_id)})


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)

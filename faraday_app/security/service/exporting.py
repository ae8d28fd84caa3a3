"""The audit trail as a file that proves itself: with hashes, blocks, signed days, and a signature over the whole."""

import csv
import hashlib
import io
import json
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import AuditBlock, AuditEvent, AuditRoot, AuditSeal
from faraday_app.security.service import proofs, signing
from faraday_app.security.service.audit import AuditFilter, record
from faraday_app.security.service.audit_search import every_condition, narrowing

_AT_ONCE = 1_000  # rows in memory
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (*proofs.EVENT_COLUMNS, "leaf", "block", "position")


async def begin_export(session: AsyncSession, actor: Actor, wanted: AuditFilter, kind: str) -> None:
    """Say in the trail itself that it is taken out, and by what it was narrowed."""
    actor.must(Permission.audit_export)
    record(session, actor, "audit.exported", format=kind, filter=narrowing(wanted))


async def json_lines(actor: Actor, wanted: AuditFilter) -> AsyncIterator[bytes]:
    """One JSON object a line, as canonical as what is hashed; the last line signs all before it."""
    whole, count = hashlib.sha256(), 0
    async for line in _lines(actor, wanted):
        whole.update(line)
        count += 1
        yield line
    end = {"lines": count, "sha256": whole.hexdigest(), "type": "end"}
    end["key_id"], end["signature"] = signing.sign(proofs.canonical(end))
    yield proofs.canonical(end) + b"\n"


async def csv_lines(actor: Actor, wanted: AuditFilter) -> AsyncIterator[bytes]:
    """For a spreadsheet, in which no cell is taken for a formula."""
    yield _csv_line(COLUMNS)
    async with transaction(actor) as session:
        async for event, leaf, block, position in _events(session, actor, wanted, await _newest(session, actor)):
            details = json.dumps(event["details"], ensure_ascii=False, sort_keys=True)
            cells = {**event, "details": details, "leaf": leaf, "block": block, "position": position}
            yield _csv_line([_harmless(cells.get(name)) for name in COLUMNS])


async def _lines(actor: Actor, wanted: AuditFilter) -> AsyncIterator[bytes]:
    """Blocks and roots up to the newest of the beginning, so that none is named whose events were not."""
    head = {"chain": proofs.chain_name(actor.organization), "exported_at": proofs.moment_text(now())}
    yield _line("export", **head, filtered=wanted != AuditFilter())
    async with transaction(actor) as session:
        newest = await _newest(session, actor)
        async for event, leaf, number, position in _events(session, actor, wanted, newest):
            yield _line("event", event=event, leaf=leaf, block=number, position=position)
        blocks = (
            select(AuditBlock)
            .where(col(AuditBlock.organization_id) == actor.organization, col(AuditBlock.number) <= newest)
            .order_by(col(AuditBlock.number))
        )
        async for block in await session.stream_scalars(blocks.execution_options(yield_per=_AT_ONCE)):
            yield _line("block", **proofs.block_of(block))
        roots = (
            select(AuditRoot)
            .where(col(AuditRoot.organization_id) == actor.organization, col(AuditRoot.last_number) <= newest)
            .order_by(col(AuditRoot.day))
        )
        async for root in await session.stream_scalars(roots.execution_options(yield_per=_AT_ONCE)):
            yield _line("root", **proofs.root_of(root))


async def _newest(session: AsyncSession, actor: Actor) -> int:
    ours = col(AuditBlock.organization_id) == actor.organization
    return int(await session.scalar(select(func.max(col(AuditBlock.number))).where(ours)) or 0)


async def _events(
    session: AsyncSession, actor: Actor, wanted: AuditFilter, newest: int
) -> AsyncIterator[tuple[dict[str, Any], str | None, int | None, int | None]]:
    """Oldest first, each with its hash, block and position once it is sealed."""
    actor.must(Permission.audit_export)
    event, seal, block = aliased(AuditEvent, name="e"), aliased(AuditSeal, name="s"), aliased(AuditBlock, name="b")
    query: Any = (
        select(
            *(literal_column(column) for column in proofs.EVENT_COLUMNS.values()),
            col(seal.leaf),
            col(block.number),
            col(seal.position),
        )
        .select_from(event)
        .outerjoin(seal, col(seal.event_id) == col(event.id))
        .outerjoin(block, col(block.id) == col(seal.block_id))
        .where(*every_condition(actor.organization, wanted, event))
        .order_by(col(event.id))
        .execution_options(yield_per=_AT_ONCE)
    )
    async for row in await session.stream(query):
        *columns, leaf, number, position = row
        sealed = number is not None and number <= newest
        yield proofs.event_of(columns), *((leaf, number, position) if sealed else (None, None, None))


def _line(kind: str, **fields: Any) -> bytes:
    return proofs.canonical({"type": kind, **fields}) + b"\n"


def _csv_line(cells: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _harmless(cell: Any) -> Any:
    """A spreadsheet runs what begins like a formula; an apostrophe before it makes it text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_DANGEROUS) else cell

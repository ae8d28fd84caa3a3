"""The rows that say what another system calls something."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core import turns, vault
from faraday_app.core.clock import now
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.gradebook.models import Exchanged, ExchangeItem

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What is to be kept of one row; ``item`` where there is one already."""

    item: ExchangeItem | None
    values: Mapping[str, Any]
    comment: str = ""


async def alone(session: AsyncSession, actor: Actor, kind: Exchanged, sourced_id: str) -> None:
    """Two requests about the same id come one after the other: the second finds what the first has made."""
    await turns.one_at_a_time(session, "exchange", actor.organization, kind, sourced_id)


async def find(
    session: AsyncSession, actor: Actor, kind: Exchanged, sourced_id: str, class_id: UUID | None = None
) -> ExchangeItem | None:
    query = _of(actor, kind).where(col(ExchangeItem.sourced_id) == sourced_id)
    if class_id is not None:
        query = query.where(col(ExchangeItem.class_id) == class_id)
    found: ExchangeItem | None = await session.scalar(query.limit(1))
    return found


async def in_classes(
    session: AsyncSession, actor: Actor, kind: Exchanged, class_ids: Collection[UUID], besides: str | None = None
) -> Sequence[ExchangeItem]:
    """``besides`` those of a source that are known already."""
    query = _of(actor, kind).where(col(ExchangeItem.class_id).in_(class_ids))
    if besides is not None:
        query = query.where(col(ExchangeItem.source) != besides)
    return (await session.scalars(query.order_by(col(ExchangeItem.id)))).all()


async def of_cells(
    session: AsyncSession, actor: Actor, works: Collection[UUID], students: Collection[UUID]
) -> Sequence[ExchangeItem]:
    """Of results."""
    where = col(ExchangeItem.record_id).in_(works), col(ExchangeItem.student_id).in_(students)
    return (await session.scalars(_of(actor, Exchanged.result).where(*where).order_by(col(ExchangeItem.id)))).all()


async def called(session: AsyncSession, actor: Actor, kind: Exchanged, sourced_id: str = "") -> Sequence[ExchangeItem]:
    """All of a kind in the organisation, or all that are called this, whatever their class."""
    query = _of(actor, kind)
    if sourced_id:
        query = query.where(col(ExchangeItem.sourced_id) == sourced_id)
    return (await session.scalars(query.order_by(col(ExchangeItem.id)))).all()


async def keep(
    session: AsyncSession, actor: Actor, item: ExchangeItem | None, comment: str = "", **values: Any
) -> ExchangeItem:
    """Made, or changed: either way it is new now."""
    found = item or ExchangeItem(organization_id=actor.organization, **values)
    for name, value in values.items():
        setattr(found, name, value)
    purpose = f"exchange item {found.id}"
    found.sealed_comment = await vault.seal(actor.organization, comment, purpose) if comment else ""
    found.modified_at = now()
    session.add(found)
    await session.flush()
    return found


async def comment_of(item: ExchangeItem | None) -> str:
    if item is None or not item.sealed_comment:
        return ""
    return await vault.unseal(item.sealed_comment, f"exchange item {item.id}")


async def forget(session: AsyncSession, *which: Any) -> None:
    await session.execute(delete(ExchangeItem).where(*which))


async def of_source(session: AsyncSession, actor: Actor, source: str) -> Sequence[ExchangeItem]:
    """What the files of a system have brought."""
    query = select(ExchangeItem).where(
        col(ExchangeItem.organization_id) == actor.organization, col(ExchangeItem.source) == source
    )
    return (await session.scalars(query.order_by(col(ExchangeItem.id)))).all()


async def named(
    session: AsyncSession, actor: Actor, kind: Exchanged, sourced_ids: Collection[str]
) -> Sequence[ExchangeItem]:
    """All of a kind that are called one of these."""
    wanted, found = sorted(sourced_ids), list[ExchangeItem]()
    for begin in range(0, len(wanted), AT_ONCE):
        some = col(ExchangeItem.sourced_id).in_(wanted[begin : begin + AT_ONCE])
        found += await session.scalars(_of(actor, kind).where(some).order_by(col(ExchangeItem.id)))
    return found


async def keep_all(session: AsyncSession, actor: Actor, rows: Sequence[Kept]) -> None:
    """``keep`` for many, in few statements. Items that are in memory are read again when they are asked for."""
    await session.flush()
    told: list[dict[str, Any]] = []
    for row in rows:
        id = row.item.id if row.item else new_id()
        comment = await vault.seal(actor.organization, row.comment, f"exchange item {id}") if row.comment else ""
        told.append({**row.values, "id": id, "sealed_comment": comment})
        if row.item is not None:
            session.expire(row.item)
    common = {"at": now(), "organization": actor.organization}
    for begin in range(0, len(told), AT_ONCE):
        some = json.dumps(told[begin : begin + AT_ONCE], default=str)
        await session.execute(_KEEP, {**common, "rows": some})


_SET = ", ".join(
    f"{name} = excluded.{name}"
    for name in (
        "sourced_id",
        "class_id",
        "record_id",
        "student_id",
        "fields",
        "sealed_comment",
        "source",
        "modified_at",
    )
)
_KEEP = text(f"""
insert into exchange_items (id, created_at, modified_at, organization_id, kind, sourced_id, class_id, record_id,
    student_id, fields, sealed_comment, source)
select r.id, :at, :at, :organization, r.kind, r.sourced_id, r.class_id, r.record_id, r.student_id, r.fields,
    r.sealed_comment, r.source
from jsonb_to_recordset(cast(:rows as jsonb)) as r(id uuid, kind text, sourced_id text, class_id uuid, record_id uuid,
    student_id uuid, fields jsonb, sealed_comment text, source text)
on conflict (id) do update set {_SET}
""")  # noqa: S608  # nosec B608  the names are of the table's own columns


def _of(actor: Actor, kind: Exchanged) -> Any:
    return select(ExchangeItem).where(
        col(ExchangeItem.organization_id) == actor.organization, col(ExchangeItem.kind) == kind.value
    )

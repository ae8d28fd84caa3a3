"""Remarks that a teacher writes again and again, kept for them alone: what was used last comes first."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.vault import seal, unseal
from faraday_app.coursework.models import BankComment

MOST = 100
LONGEST = 1_000  # characters


@dataclass(frozen=True, slots=True)
class Saved:
    id: UUID
    text: str
    uses: int


async def listed(session: AsyncSession, actor: Actor, text: str = "") -> list[Saved]:
    """One's own. They are encrypted, so a word is looked for in all of them: there are few."""
    actor.must_at_all(Permission.coursework_read)
    query = select(BankComment).where(col(BankComment.owner_id) == actor.user)
    rows = await session.scalars(query.order_by(col(BankComment.used_at).desc(), col(BankComment.id)).limit(MOST))
    found = [Saved(row.id, await unseal(row.sealed_text, f"bank comment {row.id}"), row.uses) for row in rows]
    wanted = text.strip().casefold()
    return [each for each in found if wanted in each.text.casefold()]


async def save(session: AsyncSession, actor: Actor, text: str) -> Saved:
    """Keep it. What is there already is not kept twice."""
    actor.must_at_all(Permission.coursework_read)
    wanted = text.strip()
    if not actor.is_staff:
        raise NotFound
    if not 1 <= len(wanted) <= LONGEST:
        raise Invalid(f"A saved remark has 1 to {LONGEST:,} characters.", field="text")
    if same := next((each for each in await listed(session, actor) if each.text == wanted), None):
        return same
    count = select(func.count()).where(col(BankComment.owner_id) == actor.user)
    if (await session.scalar(count) or 0) >= MOST:
        raise Invalid(f"You keep {MOST} remarks already. Remove some first.", field="text")
    row = BankComment(organization_id=actor.organization, owner_id=actor.user, sealed_text="", used_at=now())
    row.sealed_text = await seal(row.organization_id, wanted, f"bank comment {row.id}")
    session.add(row)
    await session.flush()
    return Saved(row.id, wanted, 0)


async def use(session: AsyncSession, actor: Actor, id: UUID) -> str:
    """Its text; it comes first the next time."""
    row = await _own(session, actor, id)
    row.uses, row.used_at = row.uses + 1, now()
    return await unseal(row.sealed_text, f"bank comment {row.id}")


async def remove(session: AsyncSession, actor: Actor, id: UUID) -> None:
    await session.delete(await _own(session, actor, id))


async def _own(session: AsyncSession, actor: Actor, id: UUID) -> BankComment:
    row = await session.get(BankComment, id)
    if row is None or row.owner_id != actor.user_id or row.organization_id != actor.organization:
        raise NotFound("This remark does not exist any more.")
    return row

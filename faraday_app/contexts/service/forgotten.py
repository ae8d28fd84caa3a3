"""What is not to come back, whatever brings rows back: ids, and not a word of what it was."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Forgotten, Gone
from faraday_app.core.clock import now
from faraday_app.core.ids import new_id


async def note(session: AsyncSession, organization_id: UUID, kind: Gone, *subjects: UUID) -> None:
    """From now on, also when its own row is lost."""
    at = now()
    rows = [
        {
            "id": new_id(),
            "created_at": at,
            "organization_id": organization_id,
            "kind": kind.value,
            "subject_id": subject,
            "forgotten_at": at,
        }
        for subject in subjects
    ]
    if rows:
        added = insert(Forgotten).values(rows)
        again = {"forgotten_at": added.excluded.forgotten_at}
        there = ["organization_id", "kind", "subject_id"]
        await session.execute(added.on_conflict_do_update(index_elements=there, set_=again))


async def take_back(session: AsyncSession, organization_id: UUID, kind: Gone, subjects: Iterable[UUID]) -> None:
    """It was forgotten by mistake."""
    await session.execute(
        delete(Forgotten).where(
            col(Forgotten.organization_id) == organization_id,
            col(Forgotten.kind) == kind.value,
            col(Forgotten.subject_id).in_(list(subjects)),
        )
    )

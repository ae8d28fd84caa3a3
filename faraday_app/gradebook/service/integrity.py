"""Whether what is stored is what the ledger says: grades from its newest lines, totals from the grades."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import SchoolClass
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.gradebook.models import EntryKind
from faraday_app.gradebook.service import history, marks, reading, totals
from faraday_app.gradebook.service.marks import NOTHING, Cell, Line, Mark
from faraday_app.security.service.audit import Thing, record

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Repaired:
    grades: int
    totals: int


async def repair(session: AsyncSession, class_id: UUID) -> Repaired:
    """Put right each grade that is not what the ledger says, and each total that is not what its grades come to.

    The ledger is believed. Every grade that was put right has a line of its own that says what had stood there, and
    the audit trail counts them. As Faraday itself.
    """
    await reading.alone(session, class_id)
    structure = await reading.read(session, class_id)
    stored = await marks.of_class(session, class_id)
    said = await history.at(session, class_id, now())
    lines = [_line(cell, stored.get(cell), said.get(cell)) for cell in sorted(_drifted(stored, said))]
    made = {"made_by": None, "batch_id": new_id()}
    await marks.write(session, structure.organization_id, class_id, lines, **made)  # type: ignore[arg-type]
    kept = await totals.of_class(session, class_id)
    found = await totals.refresh(session, structure)
    wrong = sum(1 for student, total in found.items() if student in kept and kept[student] != total)
    if lines or wrong:
        faraday = Actor.system(structure.organization_id)
        record(session, faraday, "grades.repaired", Thing("classes", class_id), grades=len(lines), totals=wrong)
        publish_on_commit(session, topic("grades", class_id))
    return Repaired(len(lines), wrong)


def _drifted(stored: Mapping[Cell, Mark], said: Mapping[Cell, Mark]) -> set[Cell]:
    return {cell for cell in stored.keys() | said.keys() if stored.get(cell) != said.get(cell)}


def _line(cell: Cell, stored: Mark | None, said: Mark | None) -> Line:
    """From what stood there to what the ledger says; the version goes on from the higher one."""
    there, right = stored or NOTHING, said or NOTHING
    before = replace(there, version=max(there.version, right.version))
    return Line(cell, before, right, EntryKind.repaired, "The stored grade was not what the ledger says.")


async def check_all() -> int:
    """Every class that is not archived, of all organisations, each in its own transaction; how many were mended."""
    async with transaction(Actor.system()) as session:
        query = select(col(SchoolClass.organization_id), col(SchoolClass.id)).where(
            col(SchoolClass.archived_at).is_(None)
        )
        classes = (await session.execute(query)).all()
    mended = 0
    for organization_id, class_id in classes:
        try:
            async with transaction(Actor.system(organization_id)) as session:
                mended += (await repair(session, class_id)) != Repaired(0, 0)
        except Exception:
            _log.exception("grades_not_checked", class_id=str(class_id))
    return mended

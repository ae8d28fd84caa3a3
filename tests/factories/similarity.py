"""Work that was handed in and compared, through the services."""

from sqlalchemy import select
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal
from faraday_app.coursework.models import Assignment, Submission
from faraday_app.coursework.service.similarity import checking, indexing, listing
from faraday_app.coursework.service.similarity.pairs import Pair
from tests.factories.classes import Classroom, make_submission
from tests.factories.essays import PARAGRAPH, PLANTS, WAR

ALONE = PLANTS[0]
ORIGINAL = f"{PARAGRAPH}\n\n{WAR[0]}"
COPY = f"{WAR[1]}\n\n{PARAGRAPH}"


async def hand_in(work: Assignment, student: Actor, text: str, **more: object) -> Submission:
    submission_id = new_id()
    sealed = await seal(work.organization_id, text, f"submission {submission_id}")
    return await make_submission(work, student, id=submission_id, sealed_text=sealed, **more)


async def compare_all() -> None:
    """What the clock does each minute."""
    await indexing.read_waiting()
    await checking.check_waiting()


async def pairs_of(room: Classroom, work: Assignment) -> list[Pair]:
    async with transaction(room.teacher) as session:
        return await listing.listed(session, room.teacher, work.id)


async def rows(model: type, **where: object) -> list:
    async with transaction(Actor.system()) as session:
        query = select(model).where(*(getattr(model, name) == value for name, value in where.items()))
        return list(await session.scalars(query.order_by(col(model.id))))  # type: ignore[attr-defined]

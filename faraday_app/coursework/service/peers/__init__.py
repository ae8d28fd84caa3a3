"""Students review each other's work: given out evenly or by their teacher, by the rubric if there is one.

A review is never a grade. Its reviewer writes it, the staff of the class reads it, and those it is about are shown it
once the teacher releases it or the due date has come. Without names, neither side is told the other's.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import PeerPlan
from faraday_app.coursework.service import copies
from faraday_app.coursework.service.peers.giving import begin, give, give_out, give_to, joined, take_back, turn
from faraday_app.coursework.service.peers.planning import Draft, Plan, plan_of, release, set_plan, withhold
from faraday_app.coursework.service.peers.seeing import (
    Given,
    Overview,
    Received,
    State,
    Task,
    due_for,
    listed,
    one,
    overview,
    received,
    tasks,
)
from faraday_app.coursework.service.peers.writing import (
    LONGEST,
    Desk,
    Words,
    file,
    look,
    send,
    sit_down,
    take_up_again,
    write,
)
from faraday_app.coursework.service.submissions.writing import HANDED_IN

__all__ = [
    "LONGEST",
    "Desk",
    "Draft",
    "Given",
    "Overview",
    "Plan",
    "Received",
    "State",
    "Task",
    "Words",
    "begin",
    "due_for",
    "file",
    "give",
    "give_out",
    "give_to",
    "joined",
    "listed",
    "look",
    "one",
    "overview",
    "plan_of",
    "received",
    "release",
    "send",
    "set_plan",
    "sit_down",
    "take_back",
    "take_up_again",
    "tasks",
    "turn",
    "withhold",
    "write",
]


async def copy_plans(session: AsyncSession, actor: Actor, copied: Mapping[UUID, UUID]) -> None:
    """A copy is reviewed as its original; when, is said anew."""
    del actor
    for row in await session.scalars(select(PeerPlan).where(col(PeerPlan.assignment_id).in_(copied))):
        session.add(
            PeerPlan(
                organization_id=row.organization_id,
                assignment_id=copied[row.assignment_id],
                anonymous=row.anonymous,
                by_lot=row.by_lot,
                opens_when_due=False,
            )
        )


copies.COPIED.append(copy_plans)
HANDED_IN.append(joined)

"""The rubrics that somebody can choose among."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Rubric, RubricCriterion, RubricVersion
from faraday_app.coursework.service.rubrics import uses
from faraday_app.coursework.service.rubrics.keeping import owns, visible

PAGE = 25


@dataclass(frozen=True, slots=True)
class Listed:
    """A rubric in a list, with its newest version in figures. ``is_own``: the actor may change it."""

    rubric: Rubric
    owner_name: str
    criteria: int
    highest: Decimal
    used_in: int
    is_own: bool


async def listed(
    session: AsyncSession,
    actor: Actor,
    text: str = "",
    *,
    archived: bool = False,
    before: UUID | None = None,
    limit: int = PAGE,
) -> list[Listed]:
    """One's own and those shared in one's department, newest first; of those put away only one's own."""
    actor.must_at_all(Permission.coursework_manage)
    owner = select(col(User.name)).where(col(User.id) == col(Rubric.owner_id)).correlate(Rubric).scalar_subquery()
    query = select(Rubric, owner).where(visible(actor), col(Rubric.archived_at).is_not(None) == archived)
    if archived:
        query = query.where(col(Rubric.owner_id) == actor.user_id)
    if text.strip():
        query = query.where(col(Rubric.title).icontains(text.strip(), autoescape=True))
    if before is not None:
        query = query.where(col(Rubric.id) < before)
    found = (await session.execute(query.order_by(col(Rubric.id).desc()).limit(limit))).all()
    figures = await _figures(session, [rubric.id for rubric, _ in found])
    used = await uses.of_rubrics(session, [rubric.id for rubric, _ in found])
    return [
        Listed(
            rubric, name or "", *figures.get(rubric.id, (0, Decimal(0))), used.get(rubric.id, 0), owns(actor, rubric)
        )
        for rubric, name in found
    ]


async def _figures(session: AsyncSession, rubric_ids: Collection[UUID]) -> dict[UUID, tuple[int, Decimal]]:
    scored = func.coalesce(func.sum(col(RubricCriterion.points)).filter(col(RubricCriterion.scored)), 0)
    query = (
        select(col(Rubric.id), func.count(), scored)
        .join(
            RubricVersion,
            and_(col(RubricVersion.rubric_id) == col(Rubric.id), col(RubricVersion.number) == col(Rubric.number)),
        )
        .join(RubricCriterion, col(RubricCriterion.version_id) == col(RubricVersion.id))
        .where(col(Rubric.id).in_(rubric_ids))
        .group_by(col(Rubric.id))
    )
    return {id: (count, Decimal(points)) for id, count, points in await session.execute(query)}

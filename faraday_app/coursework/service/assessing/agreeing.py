"""How far those who marked the same work agree, for whoever moderates it."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.errors import NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.coursework.service.assessing import marking
from faraday_app.coursework.service.assessing.agreement import Agreement, agreement, paired
from faraday_app.coursework.service.rubrics import Criterion, Plan


@dataclass(frozen=True, slots=True)
class Agreeing:
    """Of one criterion. None: nobody's work was marked twice by it."""

    criterion: Criterion
    figures: Agreement | None


async def figures(session: AsyncSession, actor: Actor, plan: Plan) -> list[Agreeing]:
    """For the moderator, and for teachers where nobody moderates: markers must not see where others stand."""
    if plan.moderated and not plan.moderates(actor):
        raise NotPermitted("Only the moderator sees how far the markers agree.")
    plan.standing.must_grade()
    judged: dict[str, dict[tuple[UUID, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    criteria = plan.rubric.criteria if plan.rubric else ()
    for row in await marking.all_given(session, plan):
        for criterion in criteria:
            if (level := _level(criterion, row.marks.get(criterion.id))) is not None:
                judged[criterion.id][row.student_id, row.attempt].append(level)
    return [
        Agreeing(each, agreement(paired(judged[each.id].values()), len(each.ratings) or 2))
        for each in criteria
        if each.ratings
    ]


def _level(criterion: Criterion, mark: dict[str, object] | None) -> int | None:
    if not mark:
        return None
    if isinstance(mark.get("rating"), int):
        return int(str(mark["rating"]))
    points = mark.get("points")
    return criterion.rating_for(Decimal(str(points))) if points is not None else None

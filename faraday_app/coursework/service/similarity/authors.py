"""Whose text it is: of a team's, everybody's who is in the team."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.coursework.models import AssignmentTeamMember, ComparedText

Authors = frozenset[UUID]


async def of(session: AsyncSession, texts: Iterable[ComparedText]) -> dict[UUID, Authors]:
    """By the ids of the texts. Where nobody is left in a team, who began its work."""
    texts = list(texts)
    teams = {each.team_id for each in texts if each.team_id}
    members: dict[UUID, set[UUID]] = defaultdict(set)
    if teams:
        query = select(col(AssignmentTeamMember.team_id), col(AssignmentTeamMember.student_id))
        for team_id, student_id in await session.execute(query.where(col(AssignmentTeamMember.team_id).in_(teams))):
            members[team_id].add(student_id)
    return {
        each.id: frozenset((members.get(each.team_id) if each.team_id else None) or {each.student_id}) for each in texts
    }


async def of_one(session: AsyncSession, text: ComparedText) -> Authors:
    return (await of(session, [text]))[text.id]


def wrote(student_ids: Collection[UUID]) -> ColumnElement[bool]:
    """A condition on texts: those of which one of these is an author."""
    theirs = select(col(AssignmentTeamMember.team_id)).where(col(AssignmentTeamMember.student_id).in_(student_ids))
    alone = and_(col(ComparedText.team_id).is_(None), col(ComparedText.student_id).in_(student_ids))
    return or_(alone, col(ComparedText.team_id).in_(theirs))


async def names(session: AsyncSession, authors: dict[UUID, Authors]) -> dict[UUID, str]:
    """Of each text: its authors by name, one after the other."""
    everybody = {id for each in authors.values() for id in each}
    query = select(col(User.id), col(User.name)).where(col(User.id).in_(everybody))
    named = {row[0]: row[1] for row in await session.execute(query)}
    return {id: ", ".join(sorted(named[each] for each in theirs if each in named)) for id, theirs in authors.items()}

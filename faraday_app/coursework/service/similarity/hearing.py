"""Who of the authors was asked, who has answered, and what each reader may know of it."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.vault import unseal
from faraday_app.coursework.models import Assignment, ComparedText, Outcome, SimilarityReview
from faraday_app.coursework.service.similarity import authors, pairs, reach
from faraday_app.organizations.models import Membership

SHOWN = 100
WORDS = {
    Outcome.settled: "Nothing more to do",
    Outcome.talked: "Talked about using sources",
    Outcome.revise: "To be revised and handed in again",
    Outcome.passed_on: "Passed on under the school's own rules",
}
_STANDS = col(SimilarityReview.withdrawn_at).is_(None)


@dataclass(frozen=True, slots=True)
class Review:
    """As its readers see it. ``outcome`` is None for the author until a second adult has confirmed it.

    ``authors``: how many were asked. ``silent``: how many of them can still answer and have not.
    """

    row: SimilarityReview
    title: str
    student_name: str
    asked_by: str
    question: str
    passages: Sequence[str]
    statement: str
    outcome: Outcome | None
    note: str
    decided_by: str
    confirmed_by: str
    authors: int
    silent: int


async def of_assignment(session: AsyncSession, actor: Actor, assignment_id: UUID) -> list[Review]:
    """For whoever grades it, the newest question first; what all of its authors say one below the other."""
    await reach.teaching(session, actor, assignment_id)
    return await _shown(session, col(SimilarityReview.assignment_id) == assignment_id, teaching=True)


async def mine(session: AsyncSession, actor: Actor) -> list[Review]:
    """What the actor was asked about their own work. Nobody else sees it here, their parents and team neither."""
    actor.must_at_all(Permission.coursework_submit)
    return await _shown(session, col(SimilarityReview.student_id) == actor.user, teaching=False)


async def open_question(session: AsyncSession, submission_id: UUID) -> UUID | None:
    """What its authors are being asked, until two adults have agreed on each of them."""
    query = select(col(SimilarityReview.question_id)).where(
        col(SimilarityReview.submission_id) == submission_id, _STANDS, col(SimilarityReview.confirmed_at).is_(None)
    )
    return (await session.scalars(query.limit(1))).one_or_none()


async def unasked(session: AsyncSession, text: ComparedText) -> set[UUID]:
    """The authors of a text who can still answer, and whom its open question was not put to."""
    everybody = await authors.of_one(session, text)
    asked: set[UUID] = set()
    if question_id := await open_question(session, text.submission_id):
        query = select(col(SimilarityReview.student_id)).where(
            col(SimilarityReview.question_id) == question_id, _STANDS
        )
        asked = set(await session.scalars(query))
    here = select(col(Membership.user_id)).where(
        col(Membership.organization_id) == text.organization_id,
        col(Membership.user_id).in_(everybody - asked),
        col(Membership.deactivated_at).is_(None),
    )
    return set(await session.scalars(here))


async def unheard(session: AsyncSession, question_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Of each question: who has not answered. Whoever left the school is not waited for."""
    here = exists().where(
        col(Membership.user_id) == col(SimilarityReview.student_id),
        col(Membership.organization_id) == col(SimilarityReview.organization_id),
        col(Membership.deactivated_at).is_(None),
    )
    query = select(col(SimilarityReview.question_id), col(SimilarityReview.student_id)).where(
        col(SimilarityReview.question_id).in_(question_ids), _STANDS, col(SimilarityReview.stated_at).is_(None), here
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for question_id, student_id in await session.execute(query):
        found[question_id].add(student_id)
    return found


async def _shown(session: AsyncSession, whose: ColumnElement[bool], *, teaching: bool) -> list[Review]:
    query = (
        select(SimilarityReview, Assignment, col(ComparedText.id))
        .join(Assignment, col(Assignment.id) == col(SimilarityReview.assignment_id))
        .outerjoin(ComparedText, col(ComparedText.submission_id) == col(SimilarityReview.submission_id))
        .where(whose, _STANDS)
        .order_by(col(SimilarityReview.question_id).desc(), col(SimilarityReview.id))
        .limit(SHOWN)
    )
    found = (await session.execute(query)).all()
    people = {id for row, _, _ in found for id in (row.student_id, row.asked_by, row.decided_by, row.confirmed_by)}
    named = select(col(User.id), col(User.name)).where(col(User.id).in_(people - {None}))
    names = dict((await session.execute(named)).all())
    asked = await _places(session, {row.question_id for row, _, _ in found})
    silent = await unheard(session, asked)
    numbers = {}
    if teaching and found and found[0][1].anonymous:
        numbers = await pairs.numbers_of(session, found[0][1])
    reviews = []
    for row, work, text_id in found:
        team = asked[row.question_id]
        name = names[row.student_id]
        if teaching and work.anonymous:
            name = f"Author {numbers.get(text_id, '?')}"
            name += f", {team.index(row.id) + 1} of {len(team)} in the team" if len(team) > 1 else ""
        told = teaching or row.confirmed_at is not None
        waited = len(silent.get(row.question_id, ())) if teaching else 0  # who is silent is no teammate's to know
        reviews.append(await _review(row, work, name, names, told=told, authors=len(team), silent=waited))
    return reviews


async def _review(
    row: SimilarityReview,
    work: Assignment,
    student: str,
    names: dict[UUID, str],
    *,
    told: bool,
    authors: int,
    silent: int,
) -> Review:
    statement = row.sealed_statement
    return Review(
        row,
        work.title,
        student,
        names[row.asked_by],
        await unseal(row.sealed_question, f"similarity question {row.id}"),
        json.loads(await unseal(row.sealed_passages, f"similarity passages {row.id}")),
        await unseal(statement, f"similarity statement {row.id}") if statement else "",
        Outcome(row.outcome) if row.outcome and told else None,
        await unseal(row.sealed_note, f"similarity note {row.id}") if row.sealed_note and told else "",
        names.get(row.decided_by, "") if row.decided_by and told else "",
        names.get(row.confirmed_by, "") if row.confirmed_by else "",
        authors,
        silent,
    )


async def _places(session: AsyncSession, question_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The reviews of each question, in their order."""
    query = select(col(SimilarityReview.question_id), col(SimilarityReview.id)).where(
        col(SimilarityReview.question_id).in_(question_ids), _STANDS
    )
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for question_id, id in await session.execute(query.order_by(col(SimilarityReview.id))):
        found[question_id].append(id)
    return found

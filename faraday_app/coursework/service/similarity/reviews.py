"""A question to an author, what the author says, and what two adults make of it; in this order, and in no other."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.notices import Notice, tell
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.vault import seal, unseal
from faraday_app.coursework.models import Assignment, ComparedText, Outcome, SimilarityReview, Submission
from faraday_app.coursework.service.similarity import beside, pairs, reach
from faraday_app.security.service import record

LONGEST = 5_000  # characters of a question, a statement, a note
PASSAGES, PASSAGE = 20, 2_000  # how many are shown to the author, and characters of each
SHOWN = 100
QUESTION = "Some passages of your work run like another text. Please tell me how you wrote them, and what you used."
WORDS = {
    Outcome.settled: "Nothing more to do",
    Outcome.talked: "Talked about using sources",
    Outcome.revise: "To be revised and handed in again",
    Outcome.passed_on: "Passed on under the school's own rules",
}


@dataclass(frozen=True, slots=True)
class Review:
    """As its readers see it. ``outcome`` is None for the author until a second adult has confirmed it."""

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


async def ask(session: AsyncSession, actor: Actor, pair_id: UUID, text_id: UUID, question: str) -> SimilarityReview:
    """The author of one side, about their own text: of the other side they are told nothing."""
    seen, pair = await pairs.get(session, actor, pair_id)
    seen.standing.must_be_open()
    author = next((each for each in (pair.left, pair.right) if each.text.id == text_id), None)
    if author is None or author.text.assignment_id != seen.work.id:
        raise NotFound("Only authors of this class can be asked here.")
    await _one_at_a_time(session, author.text.submission_id)
    passages = await beside.own_passages(session, seen, pair, text_id)
    review_id = new_id()
    review = SimilarityReview(
        id=review_id,
        organization_id=actor.organization,
        assignment_id=seen.work.id,
        submission_id=author.text.submission_id,
        student_id=author.text.student_id,
        pair_id=pair.row.id,
        asked_by=actor.user,
        sealed_question=await _sealed(actor.organization, question or QUESTION, f"similarity question {review_id}"),
        sealed_passages=await seal(
            actor.organization,
            json.dumps([passage[:PASSAGE] for passage in passages[:PASSAGES]]),
            f"similarity passages {review_id}",
        ),
    )
    session.add(review)
    await session.flush()
    record(session, actor, "similarity.asked", review, name=seen.work.title, student_id=str(review.student_id))
    title = f"A question about “{seen.work.title}”"
    await _tell(session, review, (review.student_id,), "similarity.asked", title, f"/statement?id={review.id}")
    return review


async def state(session: AsyncSession, actor: Actor, review_id: UUID, version: int, text: str) -> None:
    """The author's own words. They can be changed until something was made of them."""
    review = await _own(session, actor, review_id)
    _must_be_as_read(review, version)
    if review.outcome is not None:
        raise Conflict("Your teacher has gone on from what you said. Speak to them if something is missing.")
    review.sealed_statement = await _sealed(review.organization_id, text, f"similarity statement {review.id}")
    review.stated_at, review.version = now(), review.version + 1
    record(session, actor, "similarity.stated", review)
    work = await session.get_one(Assignment, review.assignment_id)
    title = f"An answer about “{work.title}”"
    link = f"/class/similarity?assignment={work.id}"
    await _tell(session, review, (review.asked_by,), "similarity.stated", title, link)


async def decide(
    session: AsyncSession, actor: Actor, review_id: UUID, version: int, outcome: Outcome, note: str = ""
) -> None:
    """What the actor makes of it, for another adult to confirm. Conflict before the author has said anything."""
    review = await _taught(session, actor, review_id)
    _must_be_as_read(review, version)
    if review.stated_at is None:
        raise Conflict("The author has not said anything yet. Nothing is recorded about anybody who was not heard.")
    review.outcome, review.decided_by, review.decided_at = outcome, actor.user, now()
    review.sealed_note = (
        await _sealed(review.organization_id, note, f"similarity note {review.id}") if note.strip() else None
    )
    review.version += 1
    record(session, actor, "similarity.decided", review, outcome=outcome.value)
    _announce(session, review)


async def confirm(session: AsyncSession, actor: Actor, review_id: UUID, version: int) -> None:
    """By an adult other than the one who decided: now it holds, and its author is told."""
    review = await _decided(session, actor, review_id, version)
    review.confirmed_by, review.confirmed_at, review.version = actor.user, now(), review.version + 1
    record(session, actor, "similarity.confirmed", review, outcome=review.outcome)
    work = await session.get_one(Assignment, review.assignment_id)
    title = f"Your teachers have answered about “{work.title}”"
    await _tell(session, review, (review.student_id,), "similarity.confirmed", title, f"/statement?id={review.id}")


async def send_back(session: AsyncSession, actor: Actor, review_id: UUID, version: int) -> None:
    """By an adult who does not agree: it is open again, as it was when the author had spoken."""
    review = await _decided(session, actor, review_id, version)
    review.outcome = review.decided_by = review.decided_at = review.sealed_note = None
    review.version += 1
    record(session, actor, "similarity.sent_back", review)
    _announce(session, review)


async def withdraw(session: AsyncSession, actor: Actor, review_id: UUID, version: int) -> None:
    """The question is taken back, and nothing of it is recorded. The author is not asked any more."""
    review = await _taught(session, actor, review_id)
    _must_be_as_read(review, version)
    review.withdrawn_at, review.version = now(), review.version + 1
    review.outcome = review.decided_by = review.decided_at = review.sealed_note = None
    record(session, actor, "similarity.withdrawn", review)
    _announce(session, review)


async def of_assignment(session: AsyncSession, actor: Actor, assignment_id: UUID) -> list[Review]:
    """For whoever grades it, newest first."""
    await reach.teaching(session, actor, assignment_id)
    return await _shown(session, col(SimilarityReview.assignment_id) == assignment_id, teaching=True)


async def mine(session: AsyncSession, actor: Actor) -> list[Review]:
    """What the actor was asked about their own work. Nobody else sees it here, their parents neither."""
    actor.must_at_all(Permission.coursework_submit)
    return await _shown(session, col(SimilarityReview.student_id) == actor.user, teaching=False)


async def _shown(session: AsyncSession, whose: ColumnElement[bool], *, teaching: bool) -> list[Review]:
    query = (
        select(SimilarityReview, Assignment, col(ComparedText.id))
        .join(Assignment, col(Assignment.id) == col(SimilarityReview.assignment_id))
        .outerjoin(ComparedText, col(ComparedText.submission_id) == col(SimilarityReview.submission_id))
        .where(whose, col(SimilarityReview.withdrawn_at).is_(None))
        .order_by(col(SimilarityReview.id).desc())
        .limit(SHOWN)
    )
    found = (await session.execute(query)).all()
    people = {id for row, _, _ in found for id in (row.student_id, row.asked_by, row.decided_by, row.confirmed_by)}
    named = select(col(User.id), col(User.name)).where(col(User.id).in_(people - {None}))
    names = dict((await session.execute(named)).all())
    numbers = {}
    if teaching and found and found[0][1].anonymous:
        numbers = await pairs.numbers_of(session, found[0][1])
    reviews = []
    for row, work, text_id in found:
        name = f"Author {numbers.get(text_id, '?')}" if teaching and work.anonymous else names[row.student_id]
        reviews.append(await _review(row, work, name, names, told=teaching or row.confirmed_at is not None))
    return reviews


async def _review(
    row: SimilarityReview, work: Assignment, student: str, names: dict[UUID, str], *, told: bool
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
    )


async def _one_at_a_time(session: AsyncSession, submission_id: UUID) -> None:
    await session.get_one(Submission, submission_id, with_for_update=True)
    open_one = select(col(SimilarityReview.id)).where(
        col(SimilarityReview.submission_id) == submission_id,
        col(SimilarityReview.withdrawn_at).is_(None),
        col(SimilarityReview.confirmed_at).is_(None),
    )
    if await session.scalar(open_one):
        raise Conflict("This author has been asked about this work already.")


async def _own(session: AsyncSession, actor: Actor, review_id: UUID) -> SimilarityReview:
    actor.must_at_all(Permission.coursework_submit)
    review = await session.get(SimilarityReview, review_id, with_for_update=True)
    if review is None or review.student_id != actor.user or review.withdrawn_at is not None:
        raise NotFound("Nobody asks you anything here any more.")
    return review


async def _taught(session: AsyncSession, actor: Actor, review_id: UUID) -> SimilarityReview:
    """Still open, for whoever grades the work."""
    review = await session.get(SimilarityReview, review_id, with_for_update=True)
    if review is None or review.organization_id != actor.organization or review.withdrawn_at is not None:
        raise NotFound("This question was withdrawn, or you cannot see it.")
    await reach.teaching(session, actor, review.assignment_id, changing=True)
    if review.confirmed_at is not None:
        raise Conflict("Two of you have agreed on this already. It does not change any more.")
    return review


async def _decided(session: AsyncSession, actor: Actor, review_id: UUID, version: int) -> SimilarityReview:
    review = await _taught(session, actor, review_id)
    _must_be_as_read(review, version)
    if review.outcome is None:
        raise Conflict("Nobody has said yet what to make of it.")
    if review.decided_by == actor.user:
        raise NotPermitted("Another adult has to look at this: a co-teacher, or whoever oversees the class.")
    return review


def _must_be_as_read(review: SimilarityReview, version: int) -> None:
    if review.version != version:
        raise Conflict("This was changed meanwhile. Look at it again.")


async def _sealed(organization_id: UUID, text: str, purpose: str) -> str:
    text = text.replace("\x00", "").strip()
    if not 1 <= len(text) <= LONGEST:
        raise Invalid(f"Write 1 to {LONGEST:,} characters.", field="text")
    return await seal(organization_id, text, purpose)


async def _tell(
    session: AsyncSession, review: SimilarityReview, whom: tuple[UUID, ...], kind: str, title: str, link: str
) -> None:
    await tell(session, Notice(review.organization_id, whom, kind, title, link=link))
    _announce(session, review)


def _announce(session: AsyncSession, review: SimilarityReview) -> None:
    publish_on_commit(session, topic("similarity", review.assignment_id))
    publish_on_commit(session, topic("statements", review.student_id))

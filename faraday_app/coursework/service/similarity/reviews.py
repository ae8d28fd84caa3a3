"""A question to the authors of a text, what each of them says, and what two adults make of it; in this order alone.

Of a team's text everybody in the team is asked. Each answers for themself and reads nobody else's answer, and nothing
is recorded of any of them before all were heard.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.notices import Notice, tell
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.vault import seal
from faraday_app.coursework.models import (
    Assignment,
    ComparedText,
    Outcome,
    SimilarityReview,
    Submission,
)
from faraday_app.coursework.service.similarity import beside, hearing, pairs, reach
from faraday_app.security.service import record

LONGEST = 5_000  # characters of a question, a statement, a note
GONE = "This question was withdrawn, or you cannot see it."
PASSAGES, PASSAGE = 20, 2_000  # how many are shown to the author, and characters of each
QUESTION = "Some passages of your work run like another text. Please tell me how you wrote them, and what you used."


async def ask(
    session: AsyncSession, actor: Actor, pair_id: UUID, text_id: UUID, question: str
) -> list[SimilarityReview]:
    """All authors of one side, each about their own text: of the other side they are told nothing.

    Where the question is open already, those who came to the team later are asked the same way.
    """
    seen, pair = await pairs.get(session, actor, pair_id)
    seen.standing.must_be_open()
    author = next((each for each in (pair.left, pair.right) if each.text.id == text_id), None)
    if author is None or author.text.assignment_id != seen.work.id:
        raise NotFound("Only authors of this class can be asked here.")
    await session.get_one(Submission, author.text.submission_id, with_for_update=True)
    open_one = await hearing.open_question(session, author.text.submission_id)
    students = await hearing.unasked(session, author.text)
    if not students:
        raise Conflict(
            "All authors have been asked about this work already."
            if open_one
            else "Its authors are not at your school any more, so nobody can be asked."
        )
    passages = await beside.own_passages(session, seen, pair, text_id)
    shared = {
        "organization_id": actor.organization,
        "assignment_id": seen.work.id,
        "submission_id": author.text.submission_id,
        "question_id": open_one or new_id(),
        "pair_id": pair.row.id,
        "asked_by": actor.user,
    }
    shown = json.dumps([passage[:PASSAGE] for passage in passages[:PASSAGES]])
    return [await _ask_one(session, actor, seen.work, each, shared, (question, shown)) for each in sorted(students)]


async def _ask_one(
    session: AsyncSession,
    actor: Actor,
    work: Assignment,
    student_id: UUID,
    shared: Mapping[str, Any],
    words: tuple[str, str],
) -> SimilarityReview:
    """``words``: the question, and the passages it is about."""
    review_id, (question, shown) = new_id(), words
    review = SimilarityReview(
        **shared,
        id=review_id,
        student_id=student_id,
        sealed_question=await _sealed(actor.organization, question or QUESTION, f"similarity question {review_id}"),
        sealed_passages=await seal(actor.organization, shown, f"similarity passages {review_id}"),
    )
    session.add(review)
    await session.flush()
    record(session, actor, "similarity.asked", review, name=work.title, student_id=str(student_id))
    title = f"A question about “{work.title}”"
    await _tell(session, review, (student_id,), "similarity.asked", title, f"/statement?id={review.id}")
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
    """What the actor makes of it, for another adult to confirm. Conflict before all of its authors were heard."""
    review = await _taught(session, actor, review_id)
    _must_be_as_read(review, version)
    if review.stated_at is None:
        raise Conflict("The author has not said anything yet. Nothing is recorded about anybody who was not heard.")
    await _must_all_be_heard(session, review)
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
    """The question is taken back, from all whom it was put to, and nothing of it is recorded.

    What two adults have agreed on of one author stays.
    """
    review = await _taught(session, actor, review_id)
    _must_be_as_read(review, version)
    query = select(SimilarityReview).where(
        col(SimilarityReview.question_id) == review.question_id,
        col(SimilarityReview.withdrawn_at).is_(None),
        col(SimilarityReview.confirmed_at).is_(None),
    )
    for each in await session.scalars(query.with_for_update()):
        each.withdrawn_at, each.version = now(), each.version + 1
        each.outcome = each.decided_by = each.decided_at = each.sealed_note = None
        record(session, actor, "similarity.withdrawn", each)
        _announce(session, each)


async def _must_all_be_heard(session: AsyncSession, review: SimilarityReview) -> None:
    text = await session.scalar(select(ComparedText).where(col(ComparedText.submission_id) == review.submission_id))
    if text is not None and (new := len(await hearing.unasked(session, text))):
        who = "1 author" if new == 1 else f"{new} authors"
        raise Conflict(f"{who} of this work came to the team later and must be asked first: read both, and ask.")
    if silent := len((await hearing.unheard(session, [review.question_id])).get(review.question_id, ())):
        who = "1 author has" if silent == 1 else f"{silent} authors have"
        raise Conflict(f"{who} not said anything yet. Nothing is recorded before all of them were heard.")


async def _own(session: AsyncSession, actor: Actor, review_id: UUID) -> SimilarityReview:
    actor.must_at_all(Permission.coursework_submit)
    review = await session.get(SimilarityReview, review_id, with_for_update=True)
    if review is None or review.student_id != actor.user or review.withdrawn_at is not None:
        raise NotFound("Nobody asks you anything here any more.")
    return review


async def _taught(session: AsyncSession, actor: Actor, review_id: UUID) -> SimilarityReview:
    """Still open, for whoever grades the work. Of a team one after the other: what is made of it goes by all."""
    review = await session.get(SimilarityReview, review_id)
    if review is None or review.organization_id != actor.organization:
        raise NotFound(GONE)
    await reach.teaching(session, actor, review.assignment_id, changing=True)
    await session.get_one(Submission, review.submission_id, with_for_update=True)
    await session.refresh(review, with_for_update=True)
    if review.withdrawn_at is not None:
        raise NotFound(GONE)
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

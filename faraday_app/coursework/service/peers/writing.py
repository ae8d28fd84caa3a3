"""What a student writes of another's work, and who reads it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import Enrolled, Enrolment
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.vault import seal, unseal
from faraday_app.coursework.models import Assignment, PeerReview, RubricCriterion, Submission, SubmissionFile
from faraday_app.coursework.service import reading
from faraday_app.coursework.service.changes import announce
from faraday_app.coursework.service.peers.planning import Plan, plan_of
from faraday_app.coursework.service.reading import Seen
from faraday_app.coursework.service.rubrics import Criterion, Mark, keeping, plain, settled, unmarked, using
from faraday_app.coursework.service.submissions import finding
from faraday_app.coursework.service.submissions.writing import text_of
from faraday_app.security.service import record
from faraday_app.security.service import seen as note_look

LONGEST = 10_000  # characters of a comment
GONE = "This review is not there any more, or it is not yours."


@dataclass(frozen=True, slots=True)
class Words:
    """What was written: by criteria of the rubric, and about the whole."""

    marks: dict[str, Mark] = field(default_factory=dict)
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a review is written. ``closed`` says why nothing can be written, ``""``: it can."""

    review: PeerReview
    work: Assignment
    plan: Plan
    text: str
    link: str
    files: Sequence[SubmissionFile]
    criteria: tuple[Criterion, ...]
    words: Words
    closed: str


async def sit_down(session: AsyncSession, actor: Actor, review_id: UUID) -> Desk:
    """For its reviewer. What they read is the attempt they were given, for as long as they have begun with it."""
    review, seen = await _own(session, actor, review_id)
    plan = await plan_of(session, seen.work)
    if not plan.draft.anonymous:
        await note_look(session, actor, review.author_id, f"work for “{seen.work.title}”")
    attempt = await session.get_one(Submission, review.submission_id)
    files = (await finding.files_of(session, [attempt.id]))[attempt.id]
    return Desk(
        review,
        seen.work,
        plan,
        await text_of(attempt),
        attempt.link,
        [each for each in files if not each.problem],
        await criteria_of(session, actor, review),
        await words_of(review),
        await _closed(session, actor, review, seen, plan),
    )


async def write(session: AsyncSession, actor: Actor, review_id: UUID, version: int, words: Words) -> PeerReview:
    """Keep it; nobody else reads it yet. Conflict where another window was faster, or it cannot be written any more."""
    desk = await _writing(session, actor, review_id, version)
    await _keep(session, desk, words)
    return desk.review


async def send(session: AsyncSession, actor: Actor, review_id: UUID, version: int) -> PeerReview:
    """Give it to the teacher. Every scored criterion is judged; without a rubric there are words."""
    desk = await _writing(session, actor, review_id, version)
    if left := unmarked(desk.criteria, desk.words.marks):
        raise Invalid(f"“{left[0].title}” is not judged yet.")
    if not desk.criteria and not desk.words.comment.strip():
        raise Invalid("Write something first: what works well, and what would make it better.")
    desk.review.submitted_at, desk.review.version = now(), desk.review.version + 1
    record(session, actor, "peer_review.sent", desk.review, name=desk.work.title)
    announce(session, desk.work.class_id)
    return desk.review


async def take_up_again(session: AsyncSession, actor: Actor, review_id: UUID) -> PeerReview:
    """Change what was sent, as long as it is not due and nobody was shown it. It is to be sent again."""
    review, seen = await _own(session, actor, review_id, lock=True)
    plan = await plan_of(session, seen.work)
    if plan.is_over(now()):
        raise Conflict("The reviews are due already. What you sent stays.")
    if review.submitted_at is not None:
        review.submitted_at, review.version = None, review.version + 1
        record(session, actor, "peer_review.taken_up_again", review, name=seen.work.title)
        announce(session, seen.work.class_id)
    return review


async def look(session: AsyncSession, actor: Actor, review_id: UUID) -> tuple[PeerReview, tuple[Criterion, ...], Words]:
    """For the staff of the class: what was sent. That somebody looked is part of the record of whom it is about."""
    review = await session.get(PeerReview, review_id)
    if review is None or review.organization_id != actor.organization or review.submitted_at is None:
        raise NotFound(GONE)
    seen = await reading.get(session, actor, review.assignment_id)
    if not seen.standing.is_staff:
        raise NotFound(GONE)
    await note_look(session, actor, review.author_id, f"reviews of “{seen.work.title}”")
    return review, await criteria_of(session, actor, review), await words_of(review)


async def file(session: AsyncSession, actor: Actor, review_id: UUID, file_id: UUID) -> SubmissionFile:
    """A file of the attempt that is reviewed, for its reviewer."""
    desk = await sit_down(session, actor, review_id)
    wanted = next((each for each in desk.files if each.id == file_id), None)
    if wanted is None:
        raise NotFound("This file does not exist, or you cannot see it.")
    return wanted


async def criteria_of(session: AsyncSession, actor: Actor, review: PeerReview) -> tuple[Criterion, ...]:
    """Of the rubric as it was when the review was begun; before that as it is now."""
    if review.version_id:
        return (await keeping.version_of(session, review.version_id)).criteria
    if review.is_begun:
        return ()
    rubric = (await using.plan_of(session, actor, review.assignment_id)).rubric
    return rubric.criteria if rubric else ()


async def words_of(review: PeerReview) -> Words:
    if review.sealed_words is None:
        return Words()
    kept = json.loads(await unseal(review.sealed_words, _purpose(review)))
    marks = {
        id: Mark(each["rating"], None if each["points"] is None else Decimal(each["points"]), each["remark"])
        for id, each in kept["marks"].items()
    }
    return Words(marks, kept["comment"])


async def _writing(session: AsyncSession, actor: Actor, review_id: UUID, version: int) -> Desk:
    actor.must_at_all(Permission.coursework_submit)
    await _own(session, actor, review_id, lock=True)
    desk = await sit_down(session, actor, review_id)
    if desk.closed:
        raise Conflict(desk.closed)
    if desk.review.version != version:
        raise Conflict("This review was changed in another window. Open it again to see what it says now.")
    return desk


async def _keep(session: AsyncSession, desk: Desk, words: Words) -> None:
    comment = words.comment.replace("\x00", "").rstrip()
    if len(comment) > LONGEST:
        raise Invalid(f"A comment has {LONGEST:,} characters at most.", field="comment")
    marks = {
        id: {
            "rating": each.rating,
            "points": None if each.points is None else plain(each.points),
            "remark": each.remark,
        }
        for id, each in settled(desk.criteria, words.marks).items()
    }
    review = desk.review
    if not review.is_begun and desk.criteria:
        criterion = await session.get_one(RubricCriterion, UUID(desk.criteria[0].id))
        review.version_id = criterion.version_id
    told = json.dumps({"marks": marks, "comment": comment})
    review.sealed_words = await seal(review.organization_id, told, _purpose(review))
    review.changed_at, review.version = now(), review.version + 1
    await session.flush()


async def _own(session: AsyncSession, actor: Actor, review_id: UUID, *, lock: bool = False) -> tuple[PeerReview, Seen]:
    review = await session.get(PeerReview, review_id, with_for_update=lock or None, populate_existing=lock)
    if review is None or review.reviewer_id != actor.user_id:
        raise NotFound(GONE)
    seen = await reading.get(session, actor, review.assignment_id)
    if not seen.standing.learns:
        raise NotFound(GONE)
    return review, seen


async def _closed(session: AsyncSession, actor: Actor, review: PeerReview, seen: Seen, plan: Plan) -> str:
    if seen.standing.school_class.archived_at is not None:
        return "This class is over and can only be read."
    query = select(col(Enrolment.status)).where(
        col(Enrolment.class_id) == seen.work.class_id, col(Enrolment.student_id) == actor.user
    )
    if await session.scalar(query) != Enrolled.active:
        return "You are no longer in this class, so nothing can be written."
    if review.submitted_at is not None:
        return "You have sent this review."
    return "The reviews were due. Nothing can be written any more." if plan.is_over(now()) else ""


def _purpose(review: PeerReview) -> str:
    return f"peer review {review.id}"

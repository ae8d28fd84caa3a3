"""What was handed in is read once, and its fingerprints are kept for as long as it is its author's last attempt."""

import asyncio
from collections.abc import Collection, Sequence
from uuid import UUID

import structlog
from sqlalchemy import delete, exists, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Unavailable
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.coursework import similarity
from faraday_app.coursework.models import (
    ComparedText,
    Fingerprint,
    SimilarityCheck,
    SimilarityPair,
    Submission,
    SubmissionFile,
)
from faraday_app.coursework.service.materials import giving
from faraday_app.coursework.service.similarity import authors
from faraday_app.coursework.service.similarity.texts import Words, sealed_text, words_of

AT_ONCE = 20
SHARE = 30  # percent of the class, unless its teacher says otherwise
UNREAD = "This attempt could not be read, so it is not compared."
_KEEP = text(
    "insert into similarity_fingerprints (organization_id, hash, text_id)"
    " select :organization, number, :text from unnest(cast(:numbers as bigint[])) as number on conflict do nothing"
)
_log = structlog.get_logger(__name__)


async def read_waiting() -> int:
    """All attempts that were handed in and have not been read yet; how many. Two workers may read the same: one row."""
    count = 0
    while waiting := await _waiting():
        for submission, attached in waiting:
            await _read(submission, attached)
        count += len(waiting)
    return count


async def want(session: AsyncSession, organization_id: UUID, assignment_id: UUID) -> SimilarityCheck:
    """The check of an assignment, locked, and to be done anew."""
    row = {"id": new_id(), "created_at": now(), "organization_id": organization_id, "assignment_id": assignment_id}
    new = {**row, "share": SHARE, "wanted": 0, "done": 0, "template": "", "texts": 0}
    await session.execute(insert(SimilarityCheck).values(new).on_conflict_do_nothing())
    query = select(SimilarityCheck).where(col(SimilarityCheck.assignment_id) == assignment_id).with_for_update()
    check = (await session.execute(query)).scalar_one()
    check.wanted += 1
    return check


async def want_again(session: AsyncSession, organization_id: UUID, assignment_ids: Collection[UUID]) -> None:
    """What the class is given for these is another now. Where nothing was handed in, there is nothing to do."""
    theirs = (col(SimilarityCheck.organization_id) == organization_id, col(SimilarityCheck.assignment_id))
    again = update(SimilarityCheck).where(theirs[0], theirs[1].in_(assignment_ids))
    await session.execute(again.values(wanted=col(SimilarityCheck.wanted) + 1))


giving.GIVEN.append(want_again)


async def _waiting() -> list[tuple[Submission, list[SubmissionFile]]]:
    """The longest waiting first."""
    read = exists().where(col(ComparedText.submission_id) == col(Submission.id))
    query = select(Submission).where(col(Submission.submitted_at).is_not(None), ~read)
    async with transaction(Actor.system()) as session:
        found = (await session.scalars(query.order_by(col(Submission.submitted_at)).limit(AT_ONCE))).all()
        attached = select(SubmissionFile).where(
            col(SubmissionFile.submission_id).in_([each.id for each in found]), col(SubmissionFile.removed_at).is_(None)
        )
        files = (await session.scalars(attached.order_by(col(SubmissionFile.id)))).all()
    return [(each, [file for file in files if file.submission_id == each.id]) for each in found]


async def _read(submission: Submission, attached: Sequence[SubmissionFile]) -> None:
    try:
        words = await words_of(submission, attached)
    except Unavailable:
        raise  # the store or the database is away: all of it waits
    except Exception:
        _log.exception("attempt_not_read", submission_id=str(submission.id))
        words = Words("", problem=UNREAD)
    document = await asyncio.to_thread(similarity.read, words.text, f"work{words.ending}")
    numbers = await asyncio.to_thread(similarity.fingerprints, document)
    found = ComparedText(
        organization_id=submission.organization_id,
        submission_id=submission.id,
        assignment_id=submission.assignment_id,
        student_id=submission.student_id,
        team_id=submission.team_id,
        ending=words.ending,
        words=len(document.words),
        fingerprints=len(numbers),
        problem=words.problem,
    )
    found.sealed_text = await sealed_text(found.organization_id, found.id, words.text)
    async with transaction(Actor.system(submission.organization_id)) as session:
        await _keep(session, submission, found, numbers)


async def _keep(session: AsyncSession, submission: Submission, found: ComparedText, numbers: Collection[int]) -> None:
    """Of an author's attempts only the last one is compared from now on; the earlier ones never count."""
    await want(session, found.organization_id, found.assignment_id)
    author = authors.wrote(await authors.of_one(session, found))
    others = (
        select(col(ComparedText.id), col(ComparedText.team_id), col(Submission.submitted_at), col(Submission.attempt))
        .join(Submission, col(Submission.id) == col(ComparedText.submission_id))
        .where(col(ComparedText.assignment_id) == found.assignment_id, col(ComparedText.current), author)
    )
    before = (await session.execute(others)).all()
    mine = (submission.submitted_at, submission.attempt)
    found.current = all((at, attempt) <= mine for _, _, at, attempt in before)
    if found.team_id is None and any(team_id for _, team_id, _, _ in before):
        found.current = False  # what the team handed in goes before what one of it handed in alone
    row = found.model_dump()
    kept = await session.scalar(
        insert(ComparedText).values(row).on_conflict_do_nothing().returning(col(ComparedText.id))
    )
    if kept is None or not found.current:
        return
    await _retire(session, [row[0] for row in before])
    if numbers:
        numbered = {"organization": found.organization_id, "text": found.id, "numbers": sorted(numbers)}
        await session.execute(_KEEP, numbered)


async def _retire(session: AsyncSession, ids: Collection[UUID]) -> None:
    if not ids:
        return
    await session.execute(
        update(ComparedText).where(col(ComparedText.id).in_(ids)).values(current=False, sealed_text=None)
    )
    await session.execute(delete(Fingerprint).where(col(Fingerprint.text_id).in_(ids)))
    of_them = or_(col(SimilarityPair.left_id).in_(ids), col(SimilarityPair.right_id).in_(ids))
    await session.execute(delete(SimilarityPair).where(of_them))

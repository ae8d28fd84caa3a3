"""Remarks on a student's work, of the whole class's staff: written, spoken, or about some words of the text."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core import files
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal, unseal
from faraday_app.coursework.models import Submission, SubmissionComment
from faraday_app.coursework.service.assessing import anchors, audio
from faraday_app.coursework.service.assessing.anchors import Anchor
from faraday_app.coursework.service.assessing.marking import Meant, submission_of
from faraday_app.coursework.service.rubrics import Plan
from faraday_app.security.service import record

LONGEST = 5_000  # characters
MOST = 100  # remarks on one student's work


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark as its readers see it. ``anchor`` is in the text of that ``attempt``; ``audio`` is its content type."""

    id: UUID
    author_id: UUID
    author_name: str
    made_at: datetime
    attempt: int
    text: str
    anchor: Anchor | None = None
    audio: str = ""
    version: int = 1


async def add(
    session: AsyncSession, actor: Actor, plan: Plan, meant: Meant, text: str, quote: str = "", begins: int = 0
) -> SubmissionComment:
    """A written remark; with a ``quote`` about those words of the text, where they stand nearest to ``begins``."""
    submission = await _commenting(session, plan, meant)
    anchor = anchors.anchored(await text_of(submission), begins, quote) if quote else None
    row = _row(actor, plan, meant)
    row.sealed_text = await _sealed_text(row, text)
    if anchor:
        row.begins, row.ends = anchor.begins, anchor.ends
        row.sealed_quote = await seal(row.organization_id, anchor.quote, f"quote {row.id}")
    return await _added(session, actor, plan, row)


async def speak(session: AsyncSession, actor: Actor, plan: Plan, meant: Meant, content: bytes) -> SubmissionComment:
    """A spoken remark. Invalid for what is no recording, whatever it is called."""
    await _commenting(session, plan, meant)
    row = _row(actor, plan, meant)
    row.kind, row.size, row.file_id = audio.kind_of(content), len(content), new_id()
    key = await files.keep(row.organization_id, row.file_id, content)
    row.sealed_key = await seal(row.organization_id, key, f"comment file {row.id}")
    return await _added(session, actor, plan, row)


async def change(session: AsyncSession, actor: Actor, plan: Plan, comment_id: UUID, version: int, text: str) -> None:
    """Its author's to do."""
    row = await _own(session, actor, plan, comment_id)
    if row.version != version:
        raise Conflict("This remark was changed meanwhile.")
    row.sealed_text, row.version = await _sealed_text(row, text), row.version + 1
    record(session, actor, "comment.changed", row)
    _announce(session, plan)


async def remove(session: AsyncSession, actor: Actor, plan: Plan, comment_id: UUID) -> None:
    """Its author's to do. Nobody reads it any more; that there was one stays in the trail."""
    row = await _own(session, actor, plan, comment_id)
    row.removed_at, row.version = now(), row.version + 1
    record(session, actor, "comment.removed", row)
    _announce(session, plan)
    if row.file_id:
        await files.remove(row.organization_id, row.file_id)


async def about(session: AsyncSession, plan: Plan, student_id: UUID) -> list[Comment]:
    """All remarks on a student's work, oldest first. For whoever has decided that they may be read."""
    query = (
        select(SubmissionComment, col(User.name))
        .join(User, col(User.id) == col(SubmissionComment.author_id))
        .where(*_standing_on(plan, student_id))
        .order_by(col(SubmissionComment.id))
        .limit(MOST)
    )
    return [await _shown(row, name) for row, name in await session.execute(query)]


async def whom_about(session: AsyncSession, plan: Plan, comment_id: UUID) -> UUID:
    """Whose work a remark is about."""
    row = await session.get(SubmissionComment, comment_id)
    if row is None or row.assignment_id != plan.work.id or row.removed_at:
        raise NotFound("There is no recording here.")
    return row.student_id


async def recording(session: AsyncSession, plan: Plan, student_id: UUID, comment_id: UUID) -> tuple[bytes, str]:
    """What was spoken, and its content type. For whoever has decided that it may be heard."""
    query = select(SubmissionComment).where(*_standing_on(plan, student_id), col(SubmissionComment.id) == comment_id)
    row = await session.scalar(query)
    if row is None or row.file_id is None or row.sealed_key is None:
        raise NotFound("There is no recording here.")
    key = await unseal(row.sealed_key, f"comment file {row.id}")
    return await files.read(row.organization_id, row.file_id, key), row.kind


async def text_of(submission: Submission | None) -> str:
    """What was handed in as text."""
    if submission is None or submission.sealed_text is None:
        return ""
    return await unseal(submission.sealed_text, f"submission {submission.id}")


def _standing_on(plan: Plan, student_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        col(SubmissionComment.assignment_id) == plan.work.id,
        col(SubmissionComment.student_id) == student_id,
        col(SubmissionComment.removed_at).is_(None),
    )


async def _commenting(session: AsyncSession, plan: Plan, meant: Meant) -> Submission | None:
    """An aide comments too."""
    if not plan.standing.is_staff:
        raise NotFound
    plan.standing.must_be_open()
    submission = await submission_of(session, plan, meant)
    query = select(col(SubmissionComment.id)).where(*_standing_on(plan, meant.student_id)).limit(MOST)
    if len((await session.scalars(query)).all()) >= MOST:
        raise Invalid(f"There are {MOST} remarks on this work already.")
    return submission


async def _own(session: AsyncSession, actor: Actor, plan: Plan, comment_id: UUID) -> SubmissionComment:
    row = await session.get(SubmissionComment, comment_id, with_for_update=True)
    if row is None or row.assignment_id != plan.work.id or row.removed_at or not plan.standing.is_staff:
        raise NotFound("This remark does not exist, or you cannot see it.")
    if row.author_id != actor.user_id:
        raise NotPermitted("Only whoever wrote a remark can change it.")
    plan.standing.must_be_open()
    return row


def _row(actor: Actor, plan: Plan, meant: Meant) -> SubmissionComment:
    return SubmissionComment(
        organization_id=plan.work.organization_id,
        assignment_id=plan.work.id,
        student_id=meant.student_id,
        submission_id=meant.submission_id,
        attempt=meant.attempt,
        author_id=actor.user,
    )


async def _added(session: AsyncSession, actor: Actor, plan: Plan, row: SubmissionComment) -> SubmissionComment:
    session.add(row)
    await session.flush()
    record(session, actor, "comment.added", row, title=plan.work.title, spoken=bool(row.file_id))
    _announce(session, plan)
    return row


async def _sealed_text(row: SubmissionComment, text: str) -> str:
    if not 1 <= len(text.strip()) <= LONGEST:
        raise Invalid(f"A remark has 1 to {LONGEST:,} characters.", field="text")
    return await seal(row.organization_id, text.strip(), f"comment {row.id}")


async def _shown(row: SubmissionComment, author: str) -> Comment:
    anchor = None
    if row.begins is not None and row.ends is not None and row.sealed_quote is not None:
        anchor = Anchor(row.begins, row.ends, await unseal(row.sealed_quote, f"quote {row.id}"))
    text = await unseal(row.sealed_text, f"comment {row.id}") if row.sealed_text else ""
    return Comment(row.id, row.author_id, author, row.created_at, row.attempt, text, anchor, row.kind, row.version)


def _announce(session: AsyncSession, plan: Plan) -> None:
    publish_on_commit(session, topic("marking", plan.work.id))

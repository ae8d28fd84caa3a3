"""Write, and hand in."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal, unseal
from faraday_app.coursework.models import Assignment, Submission, SubmissionFile, SubmissionType, Upload
from faraday_app.coursework.service import teams
from faraday_app.coursework.service.changes import decided
from faraday_app.coursework.service.drafts import link_of
from faraday_app.coursework.service.submissions import finding
from faraday_app.coursework.service.submissions.desk import begin, take_turns
from faraday_app.coursework.service.submissions.standing import receipt_of
from faraday_app.security.service import record

# Called in the same transaction with the assignment, once something was handed in for it.
HANDED_IN: list[Callable[[AsyncSession, Assignment], Awaitable[None]]] = []
LONGEST = 200_000  # characters of a text


async def save(
    session: AsyncSession, actor: Actor, assignment_id: UUID, text: str, link: str, version: int
) -> Submission:
    """Keep what was typed. Conflict when the draft was changed elsewhere since that version; it is left as it is, and
    whoever typed still has their words."""
    if len(text) > LONGEST:
        raise Invalid(f"A text can have {LONGEST:,} characters. Send longer ones as a file.", field="text")
    _, draft = await begin(session, actor, assignment_id)
    if draft.version != version:
        raise Conflict("This draft was changed in another window or by your team. Choose which words to keep.")
    if text == await text_of(draft) and link.strip() == draft.link:
        return draft
    draft.sealed_text = await seal(draft.organization_id, text, purpose_of(draft)) if text else None
    draft.link = link.strip()[:2_000]
    draft.version += 1
    tell(session, draft)
    return draft


async def hand_in(
    session: AsyncSession, actor: Actor, assignment_id: UUID, key: str, version: int | None = None
) -> Submission:
    """From now on nothing of it changes. With the key of an earlier call, that one's attempt: twice is once.

    ``version`` is what was seen when it was handed in; Conflict when the draft is another by now.
    """
    await take_turns(session, assignment_id)
    if earlier := await _handed_in(session, actor, assignment_id, key):
        return earlier
    desk, draft = await begin(session, actor, assignment_id)
    if version is not None and draft.version != version:
        raise Conflict("This draft was changed meanwhile. Look at it once more, then hand it in.")
    files = (await finding.files_of(session, [draft.id]))[draft.id]
    text = await text_of(draft)
    await _must_be_whole(session, desk.work, draft, text, files)
    draft.submitted_at, draft.submitted_by, draft.due_at = now(), actor.user, desk.dates.due_at
    draft.receipt = receipt_of(text, draft.link, [file.digest for file in files], draft.submitted_at)
    draft.request_key, draft.version = key[:100], draft.version + 1
    record(session, actor, "submission.handed_in", draft, name=desk.work.title, attempt=draft.attempt,
           receipt=draft.receipt)  # fmt: skip
    students = await teams.members(session, draft.team_id) if draft.team_id else [actor.user]
    tell(session, draft)
    await decided(session, desk.work.class_id, students)
    for heard in HANDED_IN:
        await heard(session, desk.work)
    return draft


async def text_of(submission: Submission) -> str:
    return await unseal(submission.sealed_text, purpose_of(submission)) if submission.sealed_text else ""


def purpose_of(submission: Submission) -> str:
    return f"submission {submission.id}"


def tell(session: AsyncSession, draft: Submission) -> None:
    """Have the pages that show the draft read again: the student's other tabs, and the team's."""
    publish_on_commit(session, topic("draft", draft.team_id or draft.student_id), draft.assignment_id)


async def _handed_in(session: AsyncSession, actor: Actor, assignment_id: UUID, key: str) -> Submission | None:
    if not key:
        raise Invalid("Send a key with it, so that sending twice hands in once.", field="Idempotency-Key")
    query = select(Submission).where(col(Submission.submitted_by) == actor.user, col(Submission.request_key) == key)
    found = await session.scalar(query)
    if found and found.assignment_id != assignment_id:
        raise Conflict("This key was used for another assignment. Choose a new one.")
    return found


async def _must_be_whole(
    session: AsyncSession, work: Assignment, draft: Submission, text: str, files: Sequence[SubmissionFile]
) -> None:
    given = {
        SubmissionType.text: bool(text.strip()),
        SubmissionType.link: bool(draft.link),
        SubmissionType.file: bool(files),
    }
    if not any(given[each] for each in given if each in work.submission_types):
        raise Invalid("There is nothing to hand in yet. Write something, or add a file or a link.")
    for each, there in given.items():
        if there and each not in work.submission_types:
            raise Invalid(f"Your teacher does not take a {each} for this any more. Remove it, then hand in.")
    draft.link = link_of(draft.link)
    if bad := next((file for file in files if file.problem), None):
        raise Invalid(f"“{bad.name}” cannot be handed in. {bad.problem} Remove it, then hand in.", field="file")
    coming = exists().where(col(Upload.submission_id) == draft.id, col(Upload.finished_at).is_(None))
    if await session.scalar(select(coming)):
        raise Conflict("A file is still being sent. Wait until it has arrived, or cancel it, then hand in.")

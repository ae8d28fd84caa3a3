"""Drafts of feedback by a model, for the teacher who asked. Nothing of one becomes a mark by itself."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.jobs import defer
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.vault import unseal
from faraday_app.coursework.models import DraftStatus, FeedbackDraft
from faraday_app.coursework.service.assessing import Held, Meant, comments, marking
from faraday_app.coursework.service.drafting import asking
from faraday_app.coursework.service.drafting.asking import Proposal
from faraday_app.coursework.service.rubrics import Mark, Plan
from faraday_app.gateway import service as gateway
from faraday_app.security.service import record

JOB = "coursework:draft_feedback"
GIVEN_UP_AFTER = timedelta(minutes=5)
USED, ACCEPTED, EDITED, DISMISSED = "used", "accepted", "edited", "dismissed"
LOST = "This was interrupted. Ask again."


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its teacher sees it. ``taken`` says what became of each proposal, by criterion."""

    id: UUID
    status: str
    proposals: tuple[Proposal, ...]
    taken: dict[str, str]
    error: str
    tries: int
    cost: int


@dataclass(frozen=True, slots=True)
class Rate:
    """What became of a teacher's proposals once they saved: as proposed, changed, or not used."""

    accepted: int = 0
    edited: int = 0
    dismissed: int = 0

    @property
    def all(self) -> int:
        return self.accepted + self.edited + self.dismissed


async def ask(session: AsyncSession, actor: Actor, plan: Plan, meant: Meant, model: str = gateway.AUTO) -> UUID:
    """Have a draft made, in the background, at the actor's cost. Conflict while one is on its way."""
    actor.must_at_all(Permission.assistant_use)
    plan.standing.must_grade()
    plan.standing.must_be_open()
    submission = await marking.submission_of(session, plan, meant)
    if plan.rubric is None or not asking.judged(plan.rubric.criteria):
        raise Invalid("A draft goes by the levels of a rubric: choose one for this assignment first.")
    if submission is None or not (await comments.text_of(submission)).strip():
        raise Invalid("There is no text here that a draft could be about.")
    await gateway.model_named(actor, model) if model != gateway.AUTO else None
    actor.must_use(model)
    before = await _newest(session, actor, meant)
    if before and before.status == DraftStatus.waiting and now() - before.created_at < GIVEN_UP_AFTER:
        raise Conflict("A draft for this work is being made already.")
    row = FeedbackDraft(
        organization_id=plan.work.organization_id,
        assignment_id=plan.work.id,
        student_id=meant.student_id,
        submission_id=submission.id,
        version_id=plan.rubric.id,
        asked_by=actor.user,
        model=model,
    )
    session.add(row)
    await session.flush()
    record(session, actor, "feedback_draft.asked", row, title=plan.work.title)
    async with as_faraday(session):
        await defer(session, JOB, JOB)
    return row.id


async def newest(session: AsyncSession, actor: Actor, plan: Plan, meant: Meant) -> Draft | None:
    """The actor's last draft for this attempt; nobody else sees it. None where there is none by the present rubric."""
    row = await _newest(session, actor, meant)
    if row is None or plan.rubric is None or row.version_id != plan.rubric.id:
        return None
    if row.status == DraftStatus.waiting and now() - row.created_at >= GIVEN_UP_AFTER:
        return Draft(row.id, DraftStatus.failed, (), {}, LOST, row.tries, row.cost)
    return Draft(row.id, row.status, await proposals_of(row), dict(row.taken), row.error, row.tries, row.cost)


async def use(session: AsyncSession, actor: Actor, plan: Plan, meant: Meant, criterion_id: str) -> Held:
    """Take a proposal over into the marks on the way, where the teacher can change it before anything is given."""
    row, proposal = await _proposal(session, actor, plan, meant, criterion_id)
    row.taken = {**row.taken, criterion_id: USED}
    mark = Mark(proposal.rating, None, proposal.why)
    return await marking.write_mark(session, actor, plan, meant, criterion_id, mark)


async def dismiss(session: AsyncSession, actor: Actor, plan: Plan, meant: Meant, criterion_id: str) -> None:
    row, _ = await _proposal(session, actor, plan, meant, criterion_id)
    row.taken = {**row.taken, criterion_id: DISMISSED}


async def settle(session: AsyncSession, actor: Actor, plan: Plan, held: Held) -> None:
    """When marks are given: say of each proposal what became of it. For the rate that the teacher sees."""
    row = await _newest(session, actor, held.meant)
    if row is None or row.status != DraftStatus.ready or plan.rubric is None or row.version_id != plan.rubric.id:
        return
    row.taken = {each.criterion_id: _became(row, each, held) for each in await proposals_of(row)}


async def rate(session: AsyncSession, actor: Actor) -> Rate:
    """The actor's own, over all that was proposed to them and that they saved."""
    each = func.jsonb_each_text(col(FeedbackDraft.taken)).table_valued("key", "value")
    query = (
        select(each.c.value, func.count())
        .select_from(FeedbackDraft)
        .join(each, col(FeedbackDraft.id).is_not(None))
        .where(col(FeedbackDraft.asked_by) == actor.user_id)
        .group_by(each.c.value)
    )
    counts: dict[str, int] = {str(word): int(count) for word, count in await session.execute(query)}
    return Rate(counts.get(ACCEPTED, 0), counts.get(EDITED, 0), counts.get(DISMISSED, 0))


async def proposals_of(row: FeedbackDraft) -> tuple[Proposal, ...]:
    if row.sealed_proposals is None:
        return ()
    kept = json.loads(await unseal(row.sealed_proposals, f"feedback draft {row.id}"))
    return tuple(Proposal(**each) for each in kept)


def kept(proposals: list[Proposal]) -> str:
    return json.dumps([asdict(each) for each in proposals])


def announce(session: AsyncSession, row: FeedbackDraft) -> None:
    publish_on_commit(session, topic("marking", row.assignment_id))


def _became(row: FeedbackDraft, proposal: Proposal, held: Held) -> str:
    if row.taken.get(proposal.criterion_id) not in (USED, ACCEPTED, EDITED):
        return DISMISSED
    mark = held.sheet.marks.get(proposal.criterion_id, Mark())
    return ACCEPTED if (mark.rating, mark.remark) == (proposal.rating, proposal.why) else EDITED


async def _newest(session: AsyncSession, actor: Actor, meant: Meant) -> FeedbackDraft | None:
    if meant.submission_id is None:
        return None
    query = select(FeedbackDraft).where(
        col(FeedbackDraft.submission_id) == meant.submission_id, col(FeedbackDraft.asked_by) == actor.user_id
    )
    found: FeedbackDraft | None = await session.scalar(query.order_by(col(FeedbackDraft.id).desc()).limit(1))
    return found


async def _proposal(
    session: AsyncSession, actor: Actor, plan: Plan, meant: Meant, criterion_id: str
) -> tuple[FeedbackDraft, Proposal]:
    plan.standing.must_grade()
    row = await _newest(session, actor, meant)
    if row and row.status == DraftStatus.ready and plan.rubric and row.version_id == plan.rubric.id:
        for each in await proposals_of(row):
            if each.criterion_id == criterion_id:
                return row, each
    raise NotFound("This proposal is not there any more.")

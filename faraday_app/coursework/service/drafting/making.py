"""A draft is made: the model is asked under the teacher's rights of that moment, without anybody's name."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.vault import seal
from faraday_app.coursework.models import DraftStatus, FeedbackDraft, Submission
from faraday_app.coursework.service.assessing import comments
from faraday_app.coursework.service.drafting import asking, drafts
from faraday_app.coursework.service.drafting.asking import Proposal
from faraday_app.coursework.service.rubrics import Criterion, using
from faraday_app.credits import service as credits
from faraday_app.gateway import service as gateway
from faraday_app.organizations.service.identity import member
from faraday_app.security.service import record

TRIES = 2
LONGEST = 120.0  # seconds for a try
LEASE = timedelta(minutes=5)
MOST_AT_ONCE = 10
REFUSED = (
    "The model proposed passages that do not stand in this work, twice, so nothing of its draft is shown."
    " A stronger model may do better."
)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A draft that has its credits set aside."""

    actor: Actor
    criteria: tuple[Criterion, ...]
    text: str
    turns: list[gateway.Turn]
    plan: gateway.Plan
    hold_id: UUID


async def work_off() -> int:
    """Make all drafts that wait. How many there were."""
    async with transaction(Actor.system()) as session:
        waiting = select(FeedbackDraft).where(
            col(FeedbackDraft.status) == DraftStatus.waiting,
            col(FeedbackDraft.tries) == 0,
            col(FeedbackDraft.created_at) > now() - drafts.GIVEN_UP_AFTER,
        )
        some = waiting.order_by(col(FeedbackDraft.id)).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)
        rows = (await session.scalars(some)).all()
        for row in rows:
            row.tries = 1
    for row in rows:
        try:
            await _make(row)
        except FaradayError as refusal:
            await _end(row, DraftStatus.failed, refusal.message)
        except Exception as error:
            _log.error("feedback_draft_failed", draft_id=str(row.id), exc_info=error)
            await _end(row, DraftStatus.failed, "This could not be finished. Ask again.")
    return len(rows)


async def _make(row: FeedbackDraft) -> None:
    asked = await _begin(row)
    found: list[Proposal] | None = None
    failure, cost, tries = "", 0, 0
    while found is None and not failure and tries < TRIES:
        tries += 1
        call = _call(row, asked)
        reply, failure = await gateway.said(call, LONGEST)
        async with transaction(Actor.system(row.organization_id)) as session:
            gateway.keep_receipt(session, call.receipt, row.organization_id, user_id=row.asked_by)
        cost += call.receipt.cost if reply else 0
        found = asking.read(reply, asked.criteria, asked.text) if not failure else None
    async with transaction(Actor.system(row.organization_id)) as session:
        charged = 0
        if cost:
            charged = await credits.settle(session, asked.hold_id, cost, "Draft of feedback", f"draft {row.id}")
        else:
            await credits.release(session, asked.hold_id)
    status = DraftStatus.ready if found else DraftStatus.failed if failure else DraftStatus.refused
    await _end(row, status, failure or ("" if found else REFUSED), found, tries, charged)


async def _begin(row: FeedbackDraft) -> _Asked:
    async with transaction(Actor.system()) as session:
        actor = await member(session, row.asked_by, row.organization_id)
    if actor is None:
        raise NotFound
    actor.must_at_all(Permission.assistant_use)
    async with transaction(actor) as session:
        plan = await using.plan_to_mark(session, actor, row.assignment_id)
        if plan.rubric is None or plan.rubric.id != row.version_id:
            raise NotFound("The rubric was changed meanwhile. Ask again.")
        text = await comments.text_of(await session.get_one(Submission, row.submission_id))
        words = asking.question(plan.rubric.criteria, plan.work.title, text)
        turns = [gateway.Turn(role="system", content=asking.system()), gateway.Turn(role="user", content=words)]
        planned = await gateway.plan(actor, row.model, turns, asking.longest(plan.rubric.criteria))
        hold = await credits.hold(session, actor, planned.most * TRIES, LEASE)
    return _Asked(actor, plan.rubric.criteria, text, turns, planned, hold.id)


def _call(row: FeedbackDraft, asked: _Asked) -> gateway.Call:
    longest = asking.longest(asked.criteria)
    body = {"messages": asked.turns, "max_tokens": longest, "temperature": 0.2}
    wanted = gateway.Asked(row.model, gateway.most_tokens(asked.turns), longest, guarded=True)
    names = asked.plan.models
    shaped = {**body, "response_format": asking.form(asked.criteria)}
    receipt = gateway.Receipt("feedback", wanted)
    return gateway.Call(row.organization_id, shaped, receipt, lambda model: model.name in names)


async def _end(
    row: FeedbackDraft,
    status: DraftStatus,
    error: str = "",
    found: list[Proposal] | None = None,
    tries: int = 1,
    cost: int = 0,
) -> None:
    async with transaction(Actor.system(row.organization_id)) as session:
        ended = await session.get_one(FeedbackDraft, row.id)
        if found:
            purpose = f"feedback draft {row.id}"
            ended.sealed_proposals = await seal(row.organization_id, drafts.kept(found), purpose)
        ended.status, ended.error, ended.tries, ended.cost = status, error[:300], tries, cost
        faraday = Actor.system(row.organization_id)
        record(session, faraday, f"feedback_draft.{status.value}", ended, tries=tries, proposals=len(found or ()))
        drafts.announce(session, ended)

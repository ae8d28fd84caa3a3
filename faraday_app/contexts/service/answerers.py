"""Who answers in a conversation, and how they do it together."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Context, Mode
from faraday_app.contexts.service import gpts
from faraday_app.contexts.service.conversations import announce, get_context
from faraday_app.contexts.service.versions import taking
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

MOST = 6
MOST_STEPS = 12
LARGEST_BUDGET = 1_000_000_000_000  # micro-credits


@dataclass(frozen=True, slots=True)
class Answerers:
    """The GPTs in their order; none is the plain assistant. ``budget`` in micro-credits a question, None: any."""

    gpt_ids: tuple[UUID, ...] = ()
    mode: Mode = Mode.single
    budget: int | None = None
    step_limit: int = 6


async def change(session: AsyncSession, actor: Actor, context_id: UUID, wanted: Answerers) -> Context:
    """For whoever may write. A GPT that is new to the conversation has to be one that they can see."""
    context, _ = await get_context(session, actor, context_id, write=True, lock=True)
    if len(wanted.gpt_ids) > MOST or len(set(wanted.gpt_ids)) != len(wanted.gpt_ids):
        raise Invalid(f"Choose up to {MOST} different GPTs.")
    if wanted.budget is not None and not 0 < wanted.budget <= LARGEST_BUDGET:
        raise Invalid("Enter a budget above 0, or none.", field="budget")
    if not 1 <= wanted.step_limit <= MOST_STEPS:
        raise Invalid(f"Choose a limit of 1 to {MOST_STEPS} steps.", field="step_limit")
    for gpt_id in wanted.gpt_ids:
        if gpt_id not in context.gpt_ids:
            await gpts.get(session, actor, gpt_id)
    await taking.keep(session, actor, context)
    context.gpt_ids, context.mode = list(wanted.gpt_ids), wanted.mode
    context.budget, context.step_limit = wanted.budget, wanted.step_limit
    context.version += 1
    record(session, actor, "context.answerers_changed", context, mode=wanted.mode, gpts=len(wanted.gpt_ids))
    await taking.take(session, actor, context)
    await announce(session, context)
    return context

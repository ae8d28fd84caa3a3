"""What a question would cost, before it is sent. Nothing of it is kept, the question least of all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Context, Gpt
from faraday_app.contexts.service import branches, estimates, gathering, languages, prompts
from faraday_app.contexts.service.assembly import Occasion
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.estimates import Estimate
from faraday_app.contexts.service.prompts import Prompt, Ready
from faraday_app.core.permissions import Actor, Permission
from faraday_app.credits import service as credits
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import Turn
from faraday_app.gateway.views import Model

WORTH_TELLING = 0.9  # of the likely cost, at most, for another model to be called cheaper


@dataclass(frozen=True, slots=True)
class Payer:
    """Whoever asks pays: what is in their wallet, and what running answers hold, in micro-credits."""

    available: int
    held: int


@dataclass(frozen=True, slots=True)
class Cheaper:
    """A model that fits too. ``tier`` is its quality, 1 to 5."""

    name: str
    label: str
    tier: int
    likely: int


@dataclass(frozen=True, slots=True)
class One:
    """The question put to one of those who answer. ``rounds``: how often tools are used for it, as a rule."""

    ready: Ready
    model: Model | None
    estimate: Estimate
    answer: int
    gpt: Gpt | None = None
    rounds: int = 0


async def situation(session: AsyncSession, actor: Actor, context_id: UUID | None, model: str = "") -> Context:
    """The open conversation, which the actor may write in; or one that is still to begin, and is not kept."""
    if context_id is not None:
        return (await get_context(session, actor, context_id, write=True))[0]
    actor.must_at_all(Permission.assistant_use)
    name = await gateway.name_of_choice(actor, model)
    return Context(organization_id=actor.organization, owner_id=actor.user, title="", model=name, answer_language="")


async def turns_with(session: AsyncSession, context: Context, text: str) -> list[Turn]:
    said = await branches.turns_to(session, context.leaf_id)
    return [*said, Turn(role="user", content=text)]


async def of_one(
    session: AsyncSession, actor: Actor, context: Context, turns: list[Turn], gpt: Gpt | None, words: str = ""
) -> One:
    """As it would be asked now: with the material of now, in the window of who answers. Invalid where it is too long.

    ``words`` stand in for the question, as in the prompt itself.
    """
    language = await languages.of(session, actor, context)
    prompt = languages.spoken(Prompt.of(gpt, words) if gpt else Prompt(context.model), language)
    occasion = Occasion(context, gpt, turns[-1]["content"])
    ready = await prompts.ready(actor, turns, replace(prompt, given=await gathering.gather(session, actor, occasion)))
    model = await estimates.first_of(actor, ready)
    if model is None:
        return One(ready, None, Estimate(0, 0, ready.most), 0, gpt)
    known = await estimates.habit(session, actor, model, bool(ready.tools))
    middle = min(known.middle, ready.longest)
    return One(ready, model, estimates.estimated(ready, model, known), middle, gpt, min(known.rounds, ready.rounds))


async def payer(session: AsyncSession, actor: Actor) -> Payer | None:
    """The actor's own wallet; None for those who may not see what is in it."""
    if not actor.may(Permission.credits_read):
        return None
    balance = await credits.balance(session, actor)
    return Payer(balance.available, balance.held)


async def cheaper(actor: Actor, one: One) -> Cheaper | None:
    """The cheapest model that holds all that goes in, where it is cheaper by more than a little."""
    if one.model is None or not one.estimate.likely:
        return None
    prompt, found = one.ready.most_prompt, list[Cheaper]()
    for model in await gateway.models_for(actor):
        longest = min(one.ready.longest, model.longest_answer)
        if not model.category.answers or prompt + longest + 16 > model.context or model.name == one.model.name:
            continue
        likely = model.most(round(prompt * estimates.RATIO), min(one.answer, longest))
        if likely <= one.estimate.likely * WORTH_TELLING:
            found.append(Cheaper(model.name, model.label, model.tier, likely))
    return min(found, key=lambda each: (each.likely, -each.tier), default=None)


def together(estimates_of_parts: Sequence[Estimate]) -> Estimate:
    return sum(estimates_of_parts, Estimate(0, 0, 0))

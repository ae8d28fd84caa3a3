"""What is wrong with a GPT or with the settings of a conversation, before it costs anybody anything.

The rules are pure and look at facts that are read beforehand. Errors keep a question from being sent, a version from
being restored and a pack from coming in; warnings only say so, with the remedy where there is one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Context, Gpt, Mode
from faraday_app.contexts.service import belongings, budgeting, gathering, gpts, handing
from faraday_app.contexts.service.assembly import Item, Occasion
from faraday_app.contexts.service.findings import Finding, Remedy, Severity, must_be_sound
from faraday_app.contexts.service.tools import TOOLS
from faraday_app.core.permissions import Actor
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import most_tokens_of_text
from faraday_app.gateway.views import Capability

SHORTEST_QUESTION = 64  # tokens that there must be room for beside instructions and answer
LARGE = 2  # instructions that take more than one part in so many of the window are worth a warning


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Tokens that fit into the window, and into an answer; whether it can use tools."""

    context: int
    longest_answer: int
    tools: bool = True


@dataclass(frozen=True, slots=True)
class GptFacts:
    """``lost_tools``: those that it names and that are not there. ``mine``: the viewer can change it."""

    id: UUID
    name: str
    model: str
    instructions: int  # tokens
    longest_answer: int
    archived: bool = False
    tools: tuple[str, ...] = ()
    lost_tools: tuple[str, ...] = ()
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """``models``: those that can be used. ``gpts``: those of ``gpt_ids`` that there are. ``hands_on``: to whom each
    GPT passes a question.
    """

    model: str
    gpt_ids: tuple[UUID, ...] = ()
    mode: Mode = Mode.single
    gpts: Mapping[UUID, GptFacts] = field(default_factory=dict)
    models: Mapping[str, ModelFacts] = field(default_factory=dict)
    given: tuple[Item, ...] = ()
    hands_on: tuple[tuple[UUID, UUID], ...] = ()


def check_conversation(facts: Facts) -> list[Finding]:
    found = [finding for id in facts.gpt_ids for finding in _answerer(id, facts)]
    answering = [id for id in facts.gpt_ids if id in facts.gpts and not facts.gpts[id].archived]
    if facts.gpt_ids and not answering:
        found.append(Finding(Severity.error, "Nobody is left to answer: choose another GPT, or none."))
    if not facts.gpt_ids and _is_gone(facts.model, facts.models):
        text = f"The model {facts.model} is not offered any more."
        found.append(Finding(Severity.error, text, Remedy.choose_auto))
    if len(answering) == 1 and facts.mode is not Mode.single:
        text = f"“{facts.mode.label}” needs a second GPT: until then one answers alone."
        found.append(Finding(Severity.warning, text, Remedy.answer_alone))
    if circle := circle_in(facts.hands_on):
        names = " → ".join(facts.gpts[id].name if id in facts.gpts else "a GPT" for id in circle)
        found.append(Finding(Severity.error, f"These GPTs pass a question on in a circle: {names}."))
    return [*found, *_room(facts)]


def check_gpt(gpt: GptFacts, models: Mapping[str, ModelFacts]) -> list[Finding]:
    """Whether it can answer, and with its tools."""
    return [*check_fit(gpt, models), *check_tools(gpt, models)]


def check_fit(gpt: GptFacts, models: Mapping[str, ModelFacts]) -> list[Finding]:
    """Whether it can answer at all, and whether its instructions leave room for a question."""
    if _is_gone(gpt.model, models):
        text = f"{gpt.name}: the model {gpt.model} is not offered any more."
        return [Finding(Severity.error, text, Remedy.choose_auto, gpt.id)]
    window = _window(gpt.model, models)
    if window is None:
        return []
    longest = min(gpt.longest_answer or window.longest_answer, window.longest_answer)
    if gpt.instructions + longest + SHORTEST_QUESTION > window.context:
        text = f"{gpt.name}: instructions and answer leave no room for a question in {window.context:,} tokens."
        return [Finding(Severity.error, text, None, gpt.id)]
    if gpt.instructions * LARGE > window.context:
        text = f"{gpt.name}: its instructions take more than half of the model's window."
        return [Finding(Severity.warning, text, None, gpt.id)]
    return []


def check_tools(gpt: GptFacts, models: Mapping[str, ModelFacts]) -> list[Finding]:
    """An answer comes without them, and does not say so."""
    found = [
        Finding(Severity.warning, f"{gpt.name}: there is no tool “{name[:40]}” any more.", Remedy.drop_tools, gpt.id)
        for name in gpt.lost_tools
    ]
    asked = models.values() if gpt.model == gateway.AUTO else [models[gpt.model]] if gpt.model in models else []
    if gpt.tools and asked and not any(each.tools for each in asked):
        text = f"{gpt.name} has tools, and {_unable(gpt.model)} use them. It answers without."
        able = gpt.model != gateway.AUTO and any(each.tools for each in models.values())
        found.append(Finding(Severity.warning, text, Remedy.gpt_auto if able else None, gpt.id))
    return found


def _unable(model: str) -> str:
    return "no model here can" if model == gateway.AUTO else f"the model {model} cannot"


def circle_in(edges: Iterable[tuple[UUID, UUID]]) -> tuple[UUID, ...]:
    """A way from a thing back to itself, its beginning repeated at the end; empty where there is none."""
    following: dict[UUID, list[UUID]] = {}
    for start, end in edges:
        following.setdefault(start, []).append(end)
    done: set[UUID] = set()
    for start in following:
        way: list[UUID] = []
        ahead = [iter([start])]
        while ahead:
            each = next(ahead[-1], None)
            if each is None:
                ahead.pop()
                if way:
                    done.add(way.pop())
            elif each in way:
                return (*way[way.index(each) :], each)
            elif each not in done:
                way.append(each)
                ahead.append(iter(following.get(each, ())))
    return ()


async def of_conversation(session: AsyncSession, actor: Actor, context: Context) -> list[Finding]:
    """For whoever may use the conversation, under their rights."""
    given = await gathering.gather(session, actor, Occasion(context, None, ""))
    found = check_conversation(replace(await _facts(session, actor, context), given=given))
    for gpt in await gpts.answering(session, context):
        found += await belongings.of(session, actor, gpt)
    return found


async def refuse_unsound(session: AsyncSession, actor: Actor, context: Context) -> None:
    """Before a question is sent."""
    must_be_sound(check_conversation(await _facts(session, actor, context)))


async def of_draft(actor: Actor, gpt: Gpt | gpts.Draft, id: UUID) -> list[Finding]:
    """As it would be, whatever belongs to it."""
    return check_gpt(gpt_facts(gpt, id), await offered(actor))


async def of_gpt(session: AsyncSession, actor: Actor, gpt: Gpt) -> list[Finding]:
    """With what belongs to it, for its owner."""
    return [*await of_draft(actor, gpt, gpt.id), *await belongings.of(session, actor, gpt, thorough=True)]


async def offered(actor: Actor) -> dict[str, ModelFacts]:
    """The models that the actor can have answers from."""
    models = await gateway.models_for(actor)
    return {
        model.name: ModelFacts(model.context, model.longest_answer, Capability.tools in model.capabilities)
        for model in models
        if model.category.answers
    }


def gpt_facts(gpt: Gpt | gpts.Draft, id: UUID, actor: Actor | None = None) -> GptFacts:
    archived = isinstance(gpt, Gpt) and gpt.archived_at is not None
    tokens = most_tokens_of_text(gpt.instructions)
    lost = tuple(name for name in gpt.tools if name not in TOOLS)
    mine = actor is not None and isinstance(gpt, Gpt) and gpt.owner_id == actor.user_id
    return GptFacts(id, gpt.name, gpt.model, tokens, gpt.longest_answer, archived, tuple(gpt.tools), lost, mine)


async def _facts(session: AsyncSession, actor: Actor, context: Context) -> Facts:
    found = await gpts.of(session, context.gpt_ids)
    return Facts(
        context.model,
        tuple(context.gpt_ids),
        Mode(context.mode),
        {id: gpt_facts(gpt, id, actor) for id, gpt in found.items()},
        await offered(actor),
        hands_on=handing.edges(Mode(context.mode), context.gpt_ids),
    )


def _answerer(id: UUID, facts: Facts) -> list[Finding]:
    gpt = facts.gpts.get(id)
    if gpt is None:
        return [Finding(Severity.warning, "A GPT that should answer does not exist any more.", Remedy.remove_gpt, id)]
    if gpt.archived:
        text = f"{gpt.name} is archived and does not answer any more."
        return [Finding(Severity.warning, text, Remedy.remove_gpt, id)]
    unfit = [replace(each, remedy=Remedy.remove_gpt) for each in check_fit(gpt, facts.models)]
    lacking = check_tools(gpt, facts.models)
    return [*unfit, *(each if gpt.mine else replace(each, remedy=None) for each in lacking)]


def _room(facts: Facts) -> list[Finding]:
    """What does not fit beside instructions and answer is left out: better to know it before."""
    names = [facts.gpts[id].model for id in facts.gpt_ids if id in facts.gpts] or [facts.model]
    windows = [window for name in names if (window := _window(name, facts.models))]
    if not windows or not facts.given:
        return []
    narrowest = min(windows, key=lambda window: window.context)
    left = len(budgeting.spread(narrowest.context, narrowest.longest_answer, "", facts.given, []).left_out)
    if not left:
        return []
    what = "One thing that is given" if left == 1 else f"{left} things that are given"
    return [Finding(Severity.warning, f"{what} beside the conversation will not fit into the model's window.")]


def _is_gone(model: str, models: Mapping[str, ModelFacts]) -> bool:
    return model not in models if model != gateway.AUTO else not models


def _window(model: str, models: Mapping[str, ModelFacts]) -> ModelFacts | None:
    if model == gateway.AUTO:
        return max(models.values(), key=lambda each: each.context, default=None)
    return models.get(model)

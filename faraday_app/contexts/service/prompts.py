"""How a model is asked: with a GPT's instructions, in a window that holds them, at a price that is known before."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from faraday_app.contexts.models import Gpt
from faraday_app.contexts.service import assembly, budgeting, forms, repeats
from faraday_app.contexts.service.assembly import Item
from faraday_app.contexts.service.budgeting import Portion, Spread
from faraday_app.contexts.service.tools import Tool, named
from faraday_app.core.permissions import Actor
from faraday_app.gateway import service as gateway
from faraday_app.gateway.errors import ModelUnknown
from faraday_app.gateway.service import Turn
from faraday_app.gateway.views import Capability, Model

ROUNDS = 4  # times that tools are used for one answer; then it is written
RESULTS = 3_000  # tokens that all results of tools may take
TOOLS = frozenset({Capability.tools})

AT_ONCE = 100_000  # characters that are read without leaving the loop


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is kept with a run. ``question`` stands in for what was asked, where it is not empty; ``given`` is told
    beside it.

    ``choices``: the answer is one of them, or about them, in the shape that ``form`` names. ``allowed``: the models
    that whoever asks may use, for ``auto``. ``tools`` are those of the GPT, by their names.
    ``last``: how many of the newest turns are told, once that is decided.
    """

    model: str
    system: str = ""
    question: str = ""
    temperature: float | None = None
    longest: int = 0
    choices: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    given: tuple[Item, ...] = ()
    form: str = forms.VOTE
    tools: tuple[str, ...] = ()
    last: int | None = None

    @classmethod
    def of(cls, gpt: Gpt, question: str = "", choices: tuple[str, ...] = (), form: str = forms.VOTE) -> "Prompt":
        """A GPT that fills in a form uses no tools, and has as much room as the form takes."""
        tools = () if choices else tuple(gpt.tools)
        longest = gpt.longest_answer
        if choices and longest:
            longest = max(longest, forms.TOKENS[form])
        return cls(gpt.model, gpt.instructions, question, gpt.temperature, longest, choices, form=form, tools=tools)

    @classmethod
    def read(cls, kept: dict[str, Any], given: tuple[Item, ...] = ()) -> "Prompt":
        lists = {name: tuple(kept.get(name, ())) for name in ("choices", "allowed", "tools")}
        return cls(**{**kept, **lists, "given": given})

    def kept(self) -> dict[str, Any]:
        """Without what is given: that is sealed beside it."""
        return asdict(replace(self, given=()))


@dataclass(frozen=True, slots=True)
class Ready:
    """A prompt that can be sent: what goes in, who may answer, and the most micro-credits that it can cost.

    ``tools`` are offered, and their results may take ``results`` tokens in all. ``spread`` says how the window was
    filled; it is none where that was decided before.
    """

    prompt: Prompt
    turns: list[Turn]
    longest: int
    models: tuple[str, ...]
    most: int
    tools: dict[str, Tool]
    results: int = 0
    spread: Spread | None = None

    @property
    def most_prompt(self) -> int:
        """Tokens of all that is sent, at most."""
        return gateway.most_tokens(self.turns)

    @property
    def offered(self) -> int:
        """Tokens in which the tools are described, in each round."""
        return _tokens_of(self.tools)

    @property
    def rounds(self) -> int:
        """Times that tools may be used for the answer, at most."""
        return ROUNDS if self.tools else 0

    @property
    def body(self) -> dict[str, Any]:
        """As OpenAI's protocol has it."""
        body: dict[str, Any] = {"messages": self.turns, "max_tokens": self.longest}
        if self.prompt.temperature is not None:
            body["temperature"] = self.prompt.temperature
        if self.prompt.choices:
            body["response_format"] = forms.schema(self.prompt.form, self.prompt.choices)
        if self.tools:
            body["tools"] = [tool.offered for tool in self.tools.values()]
        return body


async def ready(actor: Actor, turns: list[Turn], prompt: Prompt) -> Ready:
    """ModelUnknown when the actor may not use the model, Invalid when it does not fit."""
    prompt = await _for(actor, prompt)
    model = await window(actor, prompt)
    if prompt.question:
        turns = [*turns[:-1], Turn(role="user", content=prompt.question)]
    longest = min(prompt.longest or model.longest_answer, model.longest_answer)
    tools = named(prompt.tools) if Capability.tools in model.capabilities else {}
    beside = _tokens_of(tools)
    results = _results(model, longest + beside, turns) if tools else 0
    if results < 1:
        tools = {}
    used = beside + results if tools else 0
    if actor.is_system and prompt.last is not None:  # Decided when the credits were set aside, by whoever asked.
        return Ready(prompt, _sent(prompt, _told(turns, prompt)), longest, prompt.allowed, 0, tools, results)
    found = await _spread(model.context - used, longest, prompt.system, prompt.given, turns)
    if used:
        found = replace(found, window=model.context, portions=(*found.portions, Portion("tools", used, len(tools))))
    prompt = replace(prompt, given=found.given, last=found.last)
    sent = _sent(prompt, found.turns)
    if actor.is_system:
        return Ready(prompt, sent, longest, prompt.allowed, 0, tools, results, found)
    needs = TOOLS if tools and prompt.model == gateway.AUTO else frozenset()
    rounds = gateway.Rounds(ROUNDS + 1, used + longest) if tools else gateway.Rounds()
    plan = await gateway.plan(actor, prompt.model, sent, longest, needs, rounds)
    most = max(plan.most, await _dearest(actor, plan.models, sent, longest))
    return Ready(prompt, sent, longest, plan.models, most, tools, results, found)


def _tokens_of(tools: dict[str, Tool]) -> int:
    return gateway.most_tokens_of({"tools": [tool.offered for tool in tools.values()]}) if tools else 0


def _results(model: Model, beside: int, turns: list[Turn]) -> int:
    """Tokens for results of tools: half of what is free beside the answer, which is read again after each round."""
    return min(RESULTS, (model.context - 2 * beside - gateway.most_tokens(turns[-1:])) // 2)


async def _spread(window: int, longest: int, system: str, items: Sequence[Item], turns: list[Turn]) -> Spread:
    """In a thread where there is much to read: others do not wait for it."""
    size = sum(len(turn["content"]) for turn in turns) + sum(len(item.text) for item in items)
    if size < AT_ONCE:
        return budgeting.spread(window, longest, system, items, turns)
    return await asyncio.to_thread(budgeting.spread, window, longest, system, items, turns)


def _told(turns: list[Turn], prompt: Prompt) -> list[Turn]:
    """The turns as they were told to be, from the branch as it is."""
    newest = repeats.turns_once(turns)[len(turns) - (prompt.last or 0) :]
    return repeats.turns_beside(newest, prompt.given)


def _sent(prompt: Prompt, turns: list[Turn]) -> list[Turn]:
    words = "\n\n".join(part for part in (prompt.system, assembly.told(prompt.given)) if part)
    return [Turn(role="system", content=words), *turns] if words else turns


async def _dearest(actor: Actor, names: Collection[str], sent: list[Turn], longest: int) -> int:
    """A plan counts what a model can hold; this counts what is sent."""
    prompt = gateway.most_tokens(sent)
    models = [model for model in await gateway.models_for(actor) if model.name in names and prompt < model.context]
    return max((model.most(prompt, min(longest, model.longest_answer)) for model in models), default=0)


async def window(actor: Actor, prompt: Prompt) -> Model:
    """The model; for ``auto`` one as wide and as dear as any of those that may be chosen and can use its tools."""
    if prompt.model != gateway.AUTO:
        return await gateway.model_named(actor, prompt.model)
    models = [model for model in await gateway.models_for(actor) if model.category.answers]
    if prompt.allowed:
        models = [model for model in models if model.name in prompt.allowed]
    if prompt.tools and (able := [model for model in models if model.capabilities >= TOOLS]):
        models = able
    if not models:
        raise ModelUnknown(prompt.model)
    widest = max(models, key=lambda model: model.context)
    everywhere = tuple(way for model in models for way in model.deployments)
    return replace(widest, name=gateway.AUTO, deployments=everywhere)


async def _for(actor: Actor, prompt: Prompt) -> Prompt:
    """With what this person may use: the answer is made when they may be gone."""
    if actor.is_system or prompt.model != gateway.AUTO:
        if not actor.is_system:
            actor.must_use(prompt.model)
        return prompt
    return replace(prompt, allowed=tuple(await gateway.names(actor)))

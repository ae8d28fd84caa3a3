"""How a model is asked: with a GPT's instructions, in a window that holds them, at a price that is known before."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from faraday_app.contexts.models import Gpt
from faraday_app.contexts.service import assembly
from faraday_app.contexts.service.assembly import Item
from faraday_app.core.permissions import Actor
from faraday_app.gateway import service as gateway
from faraday_app.gateway.errors import ModelUnknown
from faraday_app.gateway.service import Turn
from faraday_app.gateway.views import Model


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is kept with a run. ``question`` stands in for what was asked, where it is not empty; ``given`` is told
    beside it.

    ``choices``: the answer is one of them. ``allowed``: the models that whoever asks may use, for ``auto``.
    """

    model: str
    system: str = ""
    question: str = ""
    temperature: float | None = None
    longest: int = 0
    choices: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    given: tuple[Item, ...] = ()

    @classmethod
    def of(cls, gpt: Gpt, question: str = "", choices: tuple[str, ...] = ()) -> "Prompt":
        return cls(gpt.model, gpt.instructions, question, gpt.temperature, gpt.longest_answer, choices)

    @classmethod
    def read(cls, kept: dict[str, Any], given: tuple[Item, ...] = ()) -> "Prompt":
        lists = {name: tuple(kept[name]) for name in ("choices", "allowed")}
        return cls(**{**kept, **lists, "given": given})

    def kept(self) -> dict[str, Any]:
        """Without what is given: that is sealed beside it."""
        return asdict(replace(self, given=()))


@dataclass(frozen=True, slots=True)
class Ready:
    """A prompt that can be sent: the turns that fit, who may answer, and the most micro-credits that it can cost."""

    prompt: Prompt
    turns: list[Turn]
    longest: int
    models: tuple[str, ...]
    most: int

    @property
    def body(self) -> dict[str, Any]:
        """As OpenAI's protocol has it."""
        body: dict[str, Any] = {"messages": self.turns, "max_tokens": self.longest}
        if self.prompt.temperature is not None:
            body["temperature"] = self.prompt.temperature
        if self.prompt.choices:
            vote = {"type": "string", "enum": list(self.prompt.choices)}
            schema = {"type": "object", "properties": {"vote": vote}, "required": ["vote"]}
            body["response_format"] = {"type": "json_schema", "json_schema": {"name": "vote", "schema": schema}}
        return body


async def ready(actor: Actor, turns: list[Turn], prompt: Prompt) -> Ready:
    """ModelUnknown when the actor may not use the model, Invalid when it does not fit."""
    prompt = await _for(actor, prompt)
    model = await window(actor, prompt)
    if prompt.question:
        turns = [*turns[:-1], Turn(role="user", content=prompt.question)]
    longest = min(prompt.longest or model.longest_answer, model.longest_answer)
    prompt = replace(prompt, given=assembly.packed(prompt.given, _room(model, longest, prompt, turns)))
    words = "\n\n".join(part for part in (prompt.system, assembly.told(prompt.given)) if part)
    system = [Turn(role="system", content=words)] if words else []
    beside = replace(model, context=model.context - gateway.most_tokens(system), longest_answer=longest)
    sent = [*system, *gateway.fitted(beside, turns)]
    if actor.is_system:  # The credits were set aside by whoever asked.
        return Ready(prompt, sent, longest, prompt.allowed, 0)
    plan = await gateway.plan(actor, prompt.model, sent, longest)
    return Ready(prompt, sent, longest, plan.models, plan.most)


def _room(model: Model, longest: int, prompt: Prompt, turns: list[Turn]) -> int:
    """Tokens for what is given: a share of the window, and never so much that the question finds no place."""
    free = model.context - longest - gateway.most_tokens_of_text(prompt.system + assembly.MATERIAL)
    return min(free // assembly.SHARE, free - gateway.most_tokens(turns[-1:]) - 32)


async def window(actor: Actor, prompt: Prompt) -> Model:
    """The model; for ``auto`` one as wide and as dear as any that may be chosen."""
    if prompt.model != gateway.AUTO:
        return await gateway.model_named(actor, prompt.model)
    models = [model for model in await gateway.models_for(actor) if model.category.answers]
    if prompt.allowed:
        models = [model for model in models if model.name in prompt.allowed]
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

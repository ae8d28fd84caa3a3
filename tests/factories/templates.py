"""Templates, and messages that were written with them."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Author, Context, Message, Status, TemplateUse
from faraday_app.contexts.service import runs
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.templates import shelf, trials, uses
from faraday_app.contexts.service.templates.shelf import Draft, Opened
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.gateway.models import AnswerRating

TEXT = "Explain {{topic}} to grade {{grade}}.{{?hint}} Hint: {{hint}}{{/hint}}"
FIELDS: list[dict[str, Any]] = [
    {"name": "topic", "label": "Topic", "longest": 60},
    {"name": "grade", "kind": "number", "least": 1, "most": 13, "whole": True, "default": "7"},
    {"name": "hint", "required": False},
]


def draft(name: str = "Explain it", text: str = TEXT, fields: list[dict[str, Any]] | None = None, **more: Any) -> Draft:
    return Draft(name, text, FIELDS if fields is None else fields, **{"category": "Teaching", **more})


async def make(actor: Actor, name: str = "Explain it", audience: str = "me", roles: tuple[str, ...] = (), **more: Any):
    async with transaction(actor) as session:
        opened = await shelf.create(session, actor, draft(name, **more))
        if audience != "me":
            await shelf.share(session, actor, opened.template.id, shelf.Audience(audience), roles)
        return opened


async def change(actor: Actor, opened: Opened, **more: Any) -> Opened:
    async with transaction(actor) as session:
        now = (await shelf.get(session, actor, opened.template.id)).template.version
        return await shelf.change(session, actor, opened.template.id, now, draft(**more))


async def rendered(actor: Actor, template_id: UUID, number: int | None = None, **given: Any) -> trials.Rendered:
    async with transaction(actor) as session:
        return await trials.render(session, actor, template_id, given, number)


async def say(actor: Actor, context_id: UUID, text: str = "Explain tides.") -> Message:
    """A person's message that nobody answers."""
    async with transaction(actor) as session:
        return await _say(session, actor, context_id, text)


async def reply(asked: Message, text: str = "Because of the moon.", **more: Any) -> Message:
    """An answer to it, as a model would have left it."""
    async with transaction(Actor.system(asked.organization_id)) as session:
        return await _reply(session, asked, text, **more)


async def use(actor: Actor, opened: Opened, context_id: UUID, times: int = 1, **how: Any) -> TemplateUse:
    """So often written with a version, answered ``answers`` times for ``cost`` each, and judged. The last of them."""
    async with transaction(actor) as session:
        for _ in range(times):
            kept = await _use(session, actor, opened, context_id, **how)
    return kept


async def _use(
    session: AsyncSession,
    actor: Actor,
    opened: Opened,
    context_id: UUID,
    *,
    answers: int = 1,
    cost: int = 1_000,
    good: bool | None = None,
    **given: Any,
) -> TemplateUse:
    ready = trials.filled_in(opened, {"topic": "tides", **given})
    asked = await _say(session, actor, context_id, ready.text)
    kept = await uses.remember(session, actor, asked.id, opened.version.id, ready.filled)
    for _ in range(answers):
        answer = await _reply(session, asked, cost=cost)
    if good is not None:
        session.add(
            AnswerRating(
                organization_id=actor.organization,
                user_id=actor.user,
                message_id=answer.id,
                good=good,
                model=answer.model,
            )
        )
    return kept


async def _say(session: AsyncSession, actor: Actor, context_id: UUID, text: str) -> Message:
    context, _ = await get_context(session, actor, context_id, write=True)
    message = await runs.say(session, actor, context, context.leaf_id, text)
    context.leaf_id = message.id
    return message


async def _reply(session: AsyncSession, asked: Message, text: str = "Because of the moon.", **more: Any) -> Message:
    usual = {"model": "smollm2-135m", "status": Status.complete, "prompt_tokens": 30, "answer_tokens": 10}
    answer = Message(
        organization_id=asked.organization_id,
        context_id=asked.context_id,
        parent_id=asked.id,
        author=Author.model,
        content=text,
        **{**usual, **more},
    )
    session.add(answer)
    await session.flush()
    (await session.get_one(Context, asked.context_id)).leaf_id = answer.id
    return answer

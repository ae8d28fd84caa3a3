"""A conversation with all its branches, in Faraday's own format."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.contexts.models import Author, Context, Message
from faraday_app.contexts.service import gpts
from faraday_app.contexts.service.importing import ours
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid

MOST_MESSAGES = 20_000


async def document(session: AsyncSession, context: Context) -> str:
    """Invalid for more messages than a file is made of at once."""
    query = select(Message).where(col(Message.context_id) == context.id).order_by(col(Message.id))
    messages = list(await session.scalars(query.limit(MOST_MESSAGES + 1)))
    if len(messages) > MOST_MESSAGES:
        raise Invalid(f"This conversation has more than {MOST_MESSAGES:,} messages. A backup holds all of them.")
    names = await _names(session, messages)
    return json.dumps(
        {
            "format": ours.FORMAT,
            "version": ours.VERSION,
            "exported_at": now().isoformat(),
            "conversations": [_conversation(context, messages, names)],
        },
        ensure_ascii=False,
        indent=1,
    )


async def _names(session: AsyncSession, messages: list[Message]) -> dict[UUID, str]:
    """Of the people and GPTs that wrote."""
    people = {message.author_id for message in messages if message.author_id}
    found = await session.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(people)))
    names: dict[UUID, str] = dict(found.all())
    asked = {message.gpt_id for message in messages if message.gpt_id}
    return names | {id: gpt.name for id, gpt in (await gpts.of(session, asked)).items()}


def _conversation(context: Context, messages: list[Message], names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "id": str(context.id),
        "title": context.title,
        "created_at": context.created_at.isoformat(),
        "updated_at": context.updated_at.isoformat(),
        "model": context.model,
        "mode": context.mode,
        "shown": str(context.leaf_id) if context.leaf_id else None,
        "messages": [_message(message, names) for message in messages],
    }


def _message(message: Message, names: dict[UUID, str]) -> dict[str, Any]:
    by_model = message.author == Author.model
    said = {
        "id": str(message.id),
        "parent": str(message.parent_id) if message.parent_id else None,
        "by": "model" if by_model else "person",
        "name": names.get(message.author_id or message.gpt_id or message.id, ""),
        "at": message.created_at.isoformat(),
        "text": message.content,
    }
    if not by_model:
        return said
    return said | {
        "model": message.model,
        "status": message.status,
        "tokens": {"prompt": message.prompt_tokens, "answer": message.answer_tokens},
        "cost_microcredits": message.cost,
        "part": message.part,
        "lane": message.lane,
        "step": message.step,
    }

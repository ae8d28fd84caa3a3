"""Which message was written with which version of a template."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Context, Message, Template, TemplateTrial, TemplateUse, TemplateVersion
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.templates import shelf
from faraday_app.contexts.service.templates.variables import Filled
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor


def still_stands(rendered: str, sent: str) -> bool:
    """Whether a message is still the template's: most of its words are there, in whatever order."""
    words, said = set(rendered.lower().split()), set(sent.lower().split())
    return bool(words) and len(words & said) * 2 >= len(words)


async def remember(
    session: AsyncSession, actor: Actor, message_id: UUID, version_id: UUID, filled: Filled | None = None
) -> TemplateUse:
    """Of one's own message in a conversation, once. Nothing of what was entered is kept here."""
    version = await session.get(TemplateVersion, version_id)
    if version is None:
        raise NotFound("This template does not exist, or is not shared with you.")
    opened = await shelf.get(session, actor, version.template_id, version.number)
    message = await session.get(Message, message_id)
    if message is None or message.author_id != actor.user:
        raise NotFound("This message does not exist.")
    await get_context(session, actor, message.context_id, write=True)
    earlier = await session.scalar(select(TemplateUse).where(col(TemplateUse.message_id) == message_id))
    if earlier:
        return earlier
    use = TemplateUse(
        organization_id=opened.template.organization_id,
        template_id=opened.template.id,
        version_id=version.id,
        trial_id=await _trial_of(session, version),
        user_id=actor.user,
        message_id=message_id,
        at_default=list(filled.at_default) if filled else [],
        left_empty=list(filled.left_empty) if filled else [],
    )
    session.add(use)
    await session.flush()
    return use


async def of_messages(
    session: AsyncSession, context: Context, message_ids: Collection[UUID]
) -> dict[UUID, tuple[TemplateUse, str, int]]:
    """By message: its use, and the name and number of what was used. The conversation's rights were asked before."""
    query = (
        select(TemplateUse, col(Template.name), col(TemplateVersion.number))
        .join(TemplateVersion, col(TemplateVersion.id) == col(TemplateUse.version_id))
        .join(Template, col(Template.id) == col(TemplateUse.template_id))
        .where(
            col(TemplateUse.message_id).in_(message_ids), col(TemplateUse.organization_id) == context.organization_id
        )
    )
    return {use.message_id: (use, name, number) for use, name, number in (await session.execute(query)).all()}


async def asked_with(session: AsyncSession, context_id: UUID, request_key: str) -> UUID | None:
    """The message that a request has brought into a conversation."""
    query = select(col(Message.id)).where(
        col(Message.context_id) == context_id, col(Message.request_key) == request_key
    )
    return await session.scalar(query)


async def _trial_of(session: AsyncSession, version: TemplateVersion) -> UUID | None:
    """The comparison that this use is a case of, by the state of this moment."""
    query = select(col(TemplateTrial.id)).where(
        col(TemplateTrial.template_id) == version.template_id,
        col(TemplateTrial.ended_at).is_(None),
        (col(TemplateTrial.first_id) == version.id) | (col(TemplateTrial.second_id) == version.id),
    )
    return await session.scalar(query)

"""A conversation as a Markdown document."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Author
from faraday_app.contexts.service import branches
from faraday_app.contexts.service.conversations import get_context
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

MOST_MESSAGES = 5_000


async def as_markdown(session: AsyncSession, actor: Actor, context_id: UUID) -> tuple[str, str]:
    """File name and text of the branch shown, oldest message first."""
    context, _ = await get_context(session, actor, context_id)
    shown = await branches.branch(session, actor, context_id, limit=MOST_MESSAGES)
    record(session, actor, "context.exported", context)
    parts = [f"# {context.title}"]
    for item in shown:
        by_model = item.message.author == Author.model
        name = item.author_name or (item.message.model if by_model else "")
        parts += [f"## {name}", item.message.content.strip()]
    safe = "".join(sign if sign.isalnum() else "-" for sign in context.title.lower()).strip("-")[:60]
    return f"{safe or 'conversation'}.md", "\n\n".join(part for part in parts if part) + "\n"

"""A conversation as a document: Markdown and PDF of the branch shown, JSON with all branches."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Context
from faraday_app.contexts.service import branches
from faraday_app.contexts.service.conversations import get_context
from faraday_app.contexts.service.export import documents, whole
from faraday_app.contexts.service.export.printing import printed
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

__all__ = ["MOST_MESSAGES", "Kind", "as_json", "as_markdown", "as_pdf"]

MOST_MESSAGES = 5_000


class Kind(StrEnum):
    markdown = "markdown"
    json = "json"
    pdf = "pdf"

    @property
    def ending(self) -> str:
        return "md" if self is Kind.markdown else self.value

    @property
    def media_type(self) -> str:
        return "text/markdown" if self is Kind.markdown else f"application/{self.value}"


async def as_markdown(session: AsyncSession, actor: Actor, context_id: UUID) -> tuple[str, str]:
    """File name and text of the branch shown, oldest message first."""
    context, shown = await _shown(session, actor, context_id, Kind.markdown)
    return file_name(context.title, Kind.markdown), documents.markdown(context.title, shown)


async def as_json(session: AsyncSession, actor: Actor, context_id: UUID) -> tuple[str, str]:
    """File name and text: every message of every branch, as docs/import-and-export.md describes."""
    context, _ = await get_context(session, actor, context_id)
    record(session, actor, "context.exported", context, format=Kind.json)
    return file_name(context.title, Kind.json), await whole.document(session, context)


async def as_pdf(session: AsyncSession, actor: Actor, context_id: UUID) -> tuple[str, documents.Printable]:
    """File name, and what is to be printed by ``printed``, after the transaction."""
    context, shown = await _shown(session, actor, context_id, Kind.pdf)
    return file_name(context.title, Kind.pdf), documents.printable(context, shown)


async def _shown(
    session: AsyncSession, actor: Actor, context_id: UUID, kind: Kind
) -> tuple[Context, list[branches.Shown]]:
    context, _ = await get_context(session, actor, context_id)
    shown = await branches.branch(session, actor, context_id, limit=MOST_MESSAGES)
    record(session, actor, "context.exported", context, format=kind)
    return context, shown


def file_name(title: str, kind: Kind) -> str:
    safe = "".join(sign if sign.isalnum() else "-" for sign in title.lower()).strip("-")[:60]
    return f"{safe or 'conversation'}.{kind.ending}"


__all__ += ["file_name", "printed"]

"""What a person wants wherever they are."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record


async def answer_language(session: AsyncSession, actor: Actor) -> str:
    """In which language they want answers; empty where they have not said, and for nobody."""
    if actor.user_id is None:
        return ""
    return await session.scalar(select(col(User.answer_language)).where(col(User.id) == actor.user_id)) or ""


async def choose_answer_language(session: AsyncSession, actor: Actor, language: str) -> None:
    """One that the caller knows to be one."""
    person = await session.get_one(User, actor.user, with_for_update=True)
    if person.answer_language != language:
        before, after = {"language": person.answer_language}, {"language": language}
        person.answer_language = language
        record(session, actor, "account.language_chosen", before=before, after=after)

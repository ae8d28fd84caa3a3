"""What a model is given of memory: what fits the question, and never what another reader of the answer may not know."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Given, Member, Memory, MemoryKind, MemoryRights, MemoryScope, MemoryStatus
from faraday_app.contexts.service.assembly import Item, Occasion
from faraday_app.contexts.service.memory import meant
from faraday_app.contexts.service.memory.relevance import scores
from faraday_app.contexts.service.memory.rules import words_of
from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor
from faraday_app.organizations.models import Membership

CONSIDERED = 200  # the last used and newest of all that could be given
MOST = 12
LEAST = 0.05  # of its words, for what is of use only where the question is about it
ALIKE = 0.6  # cosine from which two sentences say much the same
ALWAYS = {MemoryKind.preference, MemoryKind.wish}
_TITLES = {
    MemoryScope.person: "Remembered for whoever asks",
    MemoryScope.context: "Remembered in this conversation",
    MemoryScope.team: "Remembered for the department",
}


def lets_read(occasion: Occasion) -> bool:
    """Whether whoever answers may read what is remembered: a model alone may, a GPT by its rights."""
    return occasion.gpt is None or MemoryRights(occasion.gpt.memory_rights).reads


async def remembered(session: AsyncSession, actor: Actor, occasion: Occasion) -> Sequence[Item]:
    """A source of ``gathering``. A GPT without the right to read is given none."""
    if not lets_read(occasion):
        return ()
    readable = await _readable(session, actor, occasion.context.id)
    if not readable:
        return ()
    where = (
        col(Memory.organization_id) == actor.organization,
        col(Memory.status) == MemoryStatus.kept,
        col(Memory.forgotten_at).is_(None),
        col(Memory.sealed_text).is_not(None),
        or_(*readable),
    )
    used_or_made = func.coalesce(col(Memory.last_used_at), col(Memory.created_at))
    query = select(Memory).where(*where).order_by(used_or_made.desc(), col(Memory.id).desc()).limit(CONSIDERED)
    rows = {memory.id: memory for memory in (await session.scalars(query)).all()}
    near = await meant.nearness(session, occasion.question, where) if rows else {}
    if older := near.keys() - rows.keys():
        more = await session.scalars(select(Memory).where(*where, col(Memory.id).in_(older)))
        rows |= {memory.id: memory for memory in more.all()}
    return chosen(occasion.question, [(memory, await words_of(memory)) for memory in rows.values()], near)


def chosen(question: str, found: Sequence[tuple[Memory, str]], near: Mapping[UUID, float]) -> list[Item]:
    """The most relevant, a bounded number. How somebody wants to be answered matters whatever is asked.

    ``near``: how much alike the question and a memory are in what they mean, of those that are at all.
    """
    weighed = zip(found, scores(question, [text for _, text in found]), strict=True)
    items = [
        _item(memory, text, score if score >= LEAST else 0.0, near.get(memory.id, 0.0))
        for (memory, text), score in weighed
        if text and (score >= LEAST or memory.id in near or memory.kind in ALWAYS)
    ]
    return sorted(items, key=lambda item: -item.weight)[:MOST]


async def note_used(session: AsyncSession, items: Iterable[Item]) -> None:
    """When each was last given to a model. Two at once do not wait for each other."""
    ids = [UUID(item.source_id) for item in items if item.kind is Given.memory]
    if not ids:
        return
    free = select(col(Memory.id)).where(col(Memory.id).in_(ids)).with_for_update(skip_locked=True)
    free_ids = list((await session.scalars(free)).all())
    await session.execute(
        update(Memory)
        .where(col(Memory.id).in_(free_ids))
        .values(last_used_at=now())
        .execution_options(synchronize_session=False)
    )


async def _readable(session: AsyncSession, actor: Actor, context_id: UUID) -> list[ColumnElement[bool]]:
    """Everybody in the conversation reads the answer, and could read from it what it was made with.

    So a person's own is given only where they are alone, and a department's where all are of it.
    """
    rows = await session.execute(
        select(col(Member.user_id), col(Membership.department_id))
        .outerjoin(
            Membership,
            and_(
                col(Membership.user_id) == col(Member.user_id),
                col(Membership.organization_id) == col(Member.organization_id),
            ),
        )
        .where(col(Member.context_id) == context_id)
    )
    members = [(user_id, department_id) for user_id, department_id in rows.all()]
    ways: list[ColumnElement[bool]] = [
        and_(col(Memory.scope) == MemoryScope.context, col(Memory.context_id) == context_id)
    ]
    if [user_id for user_id, _ in members] == [actor.user_id]:
        ways.append(and_(col(Memory.scope) == MemoryScope.person, col(Memory.owner_id) == actor.user))
    if actor.department_id and all(department == actor.department_id for _, department in members):
        ways.append(and_(col(Memory.scope) == MemoryScope.team, col(Memory.department_id) == actor.department_id))
    return ways


def _item(memory: Memory, text: str, worded: float, near: float) -> Item:
    always = memory.kind in ALWAYS
    weight = 0.5 + max(worded, min(1.0, near / ALIKE)) + (0.3 if always else 0.0)
    reasons = [
        f"close to the question in meaning ({near:.0%})" if near else "",
        "shares words with the question" if worded else "",
        "told whatever is asked" if always else "",
    ]
    why = " and ".join(reason for reason in reasons if reason)
    title = f"{_TITLES[MemoryScope(memory.scope)]}: {MemoryKind(memory.kind).label.lower()}"
    return Item(Given.memory, str(memory.id), memory.version, title, text, weight, why=why)

"""What the class was given for an assignment, and from which share on what many have is taken for given."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal
from faraday_app.coursework import similarity
from faraday_app.coursework.models import Handout, SimilarityCheck
from faraday_app.coursework.service.similarity import indexing
from faraday_app.coursework.service.similarity.reach import teaching
from faraday_app.coursework.service.similarity.texts import LONGEST
from faraday_app.security.service import record

MOST = 10
LEAST_SHARE, MOST_SHARE = 10, 100


async def of_assignment(session: AsyncSession, assignment_id: UUID) -> Sequence[Handout]:
    """For whoever has asked already what one may see."""
    query = select(Handout).where(col(Handout.assignment_id) == assignment_id)
    return (await session.scalars(query.order_by(col(Handout.id)))).all()


async def add(session: AsyncSession, actor: Actor, assignment_id: UUID, name: str, text: str) -> Handout:
    """Its words, and quotations from it, do not count from now on: all is compared anew."""
    seen = await teaching(session, actor, assignment_id, changing=True)
    name, text = " ".join(name.split())[:200], text.replace("\x00", "").strip()
    if not name:
        raise Invalid("Give the handout a name, so that others know what it is.", field="name")
    if not 1 <= len(text) <= LONGEST:
        raise Invalid(f"A handout has 1 to {LONGEST:,} characters.", field="text")
    check = await indexing.want(session, actor.organization, assignment_id)
    there = await session.scalar(select(func.count()).where(col(Handout.assignment_id) == assignment_id))
    if int(there or 0) >= MOST:
        raise Invalid(f"An assignment can have {MOST} handouts. Remove one first.")
    words = len((await asyncio.to_thread(similarity.read, text)).words)
    handout_id = new_id()
    sealed = await seal(actor.organization, text, f"handout {handout_id}")
    handout = Handout(
        id=handout_id,
        organization_id=actor.organization,
        assignment_id=assignment_id,
        name=name,
        sealed_text=sealed,
        words=words,
        added_by=actor.user,
    )
    session.add(handout)
    await session.flush()
    record(session, actor, "similarity.handout_added", seen.work, name=name)
    _announce(session, check)
    return handout


async def remove(session: AsyncSession, actor: Actor, assignment_id: UUID, handout_id: UUID) -> None:
    """Its words count again."""
    seen = await teaching(session, actor, assignment_id, changing=True)
    handout = await session.get(Handout, handout_id)
    if handout is None or handout.assignment_id != assignment_id:
        raise NotFound("This handout is not there any more.")
    await session.delete(handout)
    record(session, actor, "similarity.handout_removed", seen.work, name=handout.name)
    _announce(session, await indexing.want(session, actor.organization, assignment_id))


async def set_share(session: AsyncSession, actor: Actor, assignment_id: UUID, share: int) -> None:
    """In percent of the class: what more of them have in common does not count."""
    seen = await teaching(session, actor, assignment_id, changing=True)
    if not LEAST_SHARE <= share <= MOST_SHARE:
        raise Invalid(f"The share is {LEAST_SHARE} to {MOST_SHARE} percent of the class.", field="share")
    check = await indexing.want(session, actor.organization, assignment_id)
    check.share = share
    record(session, actor, "similarity.share_set", seen.work, share=share)
    _announce(session, check)


async def compare_again(session: AsyncSession, actor: Actor, assignment_id: UUID) -> None:
    """By the assignment's words and the handouts as they are now."""
    seen = await teaching(session, actor, assignment_id, changing=True)
    record(session, actor, "similarity.compared_again", seen.work)
    _announce(session, await indexing.want(session, actor.organization, assignment_id))


def _announce(session: AsyncSession, check: SimilarityCheck) -> None:
    publish_on_commit(session, topic("similarity", check.assignment_id))

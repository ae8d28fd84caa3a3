"""Compare what was handed in: with all others of the assignment, and with the likeliest of all the school's work."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.coursework import similarity
from faraday_app.coursework.models import (
    Assignment,
    ComparedText,
    Fingerprint,
    Handout,
    SimilarityCheck,
    SimilarityPair,
)
from faraday_app.coursework.service.materials.attaching import given_with
from faraday_app.coursework.service.materials.stored import text_of
from faraday_app.coursework.service.similarity import indexing, past
from faraday_app.coursework.service.similarity.texts import LONGEST, document_of, text_of_handout

CLAIM = timedelta(minutes=10)
# Of more pairs than that only those are laid side by side that share a fingerprint.
EVERY_PAIR = 2_000
FIGURES = ("left_share", "right_share", "similarity", "longest", "passages", "within", "assignment_id")


@dataclass(frozen=True, slots=True)
class Read:
    """A text with its fingerprints, and the same with what does not count marked."""

    row: ComparedText
    document: similarity.Document
    numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Ground:
    """What an assignment's texts are compared on: the template, and which texts it was not yet compared by."""

    check: SimilarityCheck
    template: similarity.Template
    digest: str
    texts: Sequence[Read]
    fresh: frozenset[UUID]


async def check_waiting() -> int:
    """All assignments in which something has changed; how many. Whoever dies on the way is followed by another."""
    count = 0
    while check := await _claimed():
        await _check(check)
        count += 1
    return count


async def given(session: AsyncSession, assignment_id: UUID) -> tuple[similarity.Document, ...]:
    """What was given to everybody: the assignment's own words, the handouts, and what is attached."""
    work = await session.get_one(Assignment, assignment_id)
    rows = await session.scalars(
        select(Handout).where(col(Handout.assignment_id) == assignment_id).order_by(col(Handout.id))
    )
    attached = [version.body or await text_of(file) for version, file in await given_with(session, assignment_id)]
    texts = [work.description, *[await text_of_handout(row) for row in rows], *(each[:LONGEST] for each in attached)]
    return tuple(await asyncio.to_thread(lambda: [similarity.read(each) for each in texts if each.strip()]))


async def template_now(session: AsyncSession, assignment_id: UUID) -> similarity.Template:
    """What does not count at this moment, by the stored fingerprints of all of the assignment's texts."""
    query = select(SimilarityCheck).where(col(SimilarityCheck.assignment_id) == assignment_id)
    check = await session.scalar(query)
    share = check.share if check else indexing.SHARE
    of_it = (col(ComparedText.assignment_id) == assignment_id, col(ComparedText.current))
    people = int(await session.scalar(select(func.count()).select_from(ComparedText).where(*of_it)) or 0)
    having = (
        select(col(Fingerprint.hash), func.count())
        .join(ComparedText, col(ComparedText.id) == col(Fingerprint.text_id))
        .where(*of_it)
        .group_by(col(Fingerprint.hash))
        .having(func.count() >= similarity.AT_LEAST)
    )
    counted = dict((await session.execute(having)).all())
    common = similarity.common_fingerprints(counted, people, share / 100)
    return await asyncio.to_thread(similarity.template, await given(session, assignment_id), common)


async def ground(session: AsyncSession, check: SimilarityCheck) -> Ground:
    query = select(ComparedText).where(
        col(ComparedText.assignment_id) == check.assignment_id, col(ComparedText.current)
    )
    rows = (await session.scalars(query.order_by(col(ComparedText.id)))).all()
    documents = [await document_of(row) for row in rows]
    handouts = await given(session, check.assignment_id)
    numbers = await asyncio.to_thread(lambda: [similarity.fingerprints(each) for each in documents])
    having = Counter(number for each in numbers for number in each)
    common = similarity.common_fingerprints(having, len(rows), check.share / 100)
    left_out = await asyncio.to_thread(similarity.template, handouts, common)
    digest = sha256(repr((sorted(left_out.hashes), [each.words for each in handouts])).encode()).hexdigest()
    marked = await asyncio.to_thread(lambda: [similarity.leave_out(each, left_out) for each in documents])
    texts = [Read(*each) for each in zip(rows, marked, numbers, strict=True)]
    fresh = frozenset(row.id for row in rows if digest != check.template or not row.compared)
    return Ground(check, left_out, digest, texts, fresh)


async def _claimed() -> SimilarityCheck | None:
    free = or_(col(SimilarityCheck.claimed_until).is_(None), col(SimilarityCheck.claimed_until) < now())
    waits = col(SimilarityCheck.wanted) != col(SimilarityCheck.done)
    query = select(SimilarityCheck).where(waits, free).order_by(col(SimilarityCheck.id)).limit(1)
    async with transaction(Actor.system()) as session:
        check = await session.scalar(query.with_for_update(skip_locked=True))
        if check:
            check.claimed_until = now() + CLAIM
    return check


async def _check(check: SimilarityCheck) -> None:
    async with transaction(Actor.system(check.organization_id)) as session:
        found = await ground(session, check)
        elsewhere = [
            (each, await _beside_past(session, each, found)) for each in found.texts if each.row.id in found.fresh
        ]
    within = await asyncio.to_thread(lambda: list(_within(found)))
    beyond = await asyncio.to_thread(
        lambda: [pair for each, others in elsewhere for pair in _compared(each, others, within=False)]
    )
    async with transaction(Actor.system(check.organization_id)) as session:
        await _keep(session, found, [*within, *beyond])


async def _beside_past(session: AsyncSession, text: Read, found: Ground) -> list[Read]:
    rows = await past.candidates(session, text.row, text.numbers, found.template.hashes)
    documents = [await document_of(row) for row in rows]
    marked = await asyncio.to_thread(lambda: [similarity.leave_out(each, found.template) for each in documents])
    return [Read(row, document, frozenset()) for row, document in zip(rows, marked, strict=True)]


def _within(found: Ground) -> Iterator[dict[str, Any]]:
    pairs = [pair for pair in combinations(found.texts, 2) if any(each.row.id in found.fresh for each in pair)]
    if len(pairs) > EVERY_PAIR:
        out = found.template.hashes
        pairs = [(left, right) for left, right in pairs if (left.numbers & right.numbers) - out]
    for left, right in pairs:
        if left.row.team_id is None or left.row.team_id != right.row.team_id:
            yield from _compared(left, [right], within=True)


def _compared(left: Read, others: Iterable[Read], *, within: bool) -> Iterator[dict[str, Any]]:
    """Those that have a passage in common."""
    for right in others:
        compared = similarity.compare(left.document, right.document)
        if compared.matches:
            yield {
                "id": new_id(),
                "created_at": now(),
                "organization_id": left.row.organization_id,
                "assignment_id": left.row.assignment_id,
                "left_id": left.row.id,
                "right_id": right.row.id,
                "within": within,
                "left_share": compared.left.share,
                "right_share": compared.right.share,
                "similarity": compared.similarity,
                "longest": compared.longest,
                "passages": len(compared.matches),
            }


async def _keep(session: AsyncSession, found: Ground, pairs: Sequence[Mapping[str, Any]]) -> None:
    """A pair that stays keeps its id. Texts that were replaced meanwhile have no pairs any more."""
    check = await session.get_one(SimilarityCheck, found.check.id, with_for_update=True)
    ids = {text_id for pair in pairs for text_id in (pair["left_id"], pair["right_id"])} | found.fresh
    query = select(col(ComparedText.id)).where(col(ComparedText.id).in_(ids), col(ComparedText.current))
    current = set(await session.scalars(query.with_for_update()))
    kept = [pair for pair in pairs if {pair["left_id"], pair["right_id"]} <= current]
    await _forget(session, found, kept)
    if kept:
        adding = insert(SimilarityPair).values(kept)
        changed = {name: adding.excluded[name] for name in FIGURES}
        await session.execute(adding.on_conflict_do_update(index_elements=["left_id", "right_id"], set_=changed))
    await session.execute(update(ComparedText).where(col(ComparedText.id).in_(found.fresh)).values(compared=True))
    check.done, check.claimed_until, check.checked_at = found.check.wanted, None, now()
    check.template, check.texts = found.digest, len(found.texts)
    publish_on_commit(session, topic("similarity", check.assignment_id))


async def _forget(session: AsyncSession, found: Ground, kept: Sequence[Mapping[str, Any]]) -> None:
    """Pairs of what was compared anew that have nothing in common any more."""
    ours = col(SimilarityPair.assignment_id) == found.check.assignment_id
    again = or_(col(SimilarityPair.left_id).in_(found.fresh), col(SimilarityPair.right_id).in_(found.fresh))
    there = select(col(SimilarityPair.id), col(SimilarityPair.left_id), col(SimilarityPair.right_id))
    now_alike = {(pair["left_id"], pair["right_id"]) for pair in kept}
    gone = [id for id, left, right in await session.execute(there.where(ours, again)) if (left, right) not in now_alike]
    if gone:
        await session.execute(delete(SimilarityPair).where(col(SimilarityPair.id).in_(gone)))

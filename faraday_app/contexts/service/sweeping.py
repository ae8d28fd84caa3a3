"""Files in the store that nothing speaks of any more are removed, and the room they took is told in the trail.

What a transaction has stored that did not come to its end, and what could not be removed in its time. Never a file that
is a day old or younger: it may be on its way in. What was removed from a conversation or a GPT has its row still, for
versions name it, and stays.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core import files, named_files
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.files import Kept
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

GRACE = timedelta(hours=24)
MOST = 10_000  # files in one night
# So many, and more than every other of an organisation's files: likelier its rows are lost than its files left over.
SUSPICIOUS = 100
AT_ONCE = 200
_ALONE = text("select pg_try_advisory_xact_lock(hashtextextended(:what, 0))")
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Found:
    """Files old enough to be looked at, for each organisation, and those of them that nothing speaks of."""

    seen: Counter[UUID] = field(default_factory=Counter)
    left_over: dict[UUID, list[Kept]] = field(default_factory=lambda: defaultdict(list))


def lock_name(organization_id: UUID) -> str:
    """Who brings files back holds it, so that none is removed meanwhile (``backups.restoring``)."""
    return f"files {organization_id}"


async def sweep() -> int:
    """How many files were removed. One organisation's trouble is not the others'."""
    found = await look()
    removed = 0
    for organization_id, left_over in found.left_over.items():
        try:
            removed += await _sweep(organization_id, left_over, found.seen[organization_id])
        except FaradayError as error:
            _log.warning("sweep_failed", organization_id=str(organization_id), error=error.message)
    return removed


async def look() -> Found:
    """What lies in the store, page by page, beside what the database speaks of."""
    found, count = Found(), 0
    async for page in files.pages():
        old = [each for each in page if each.since < now() - GRACE]
        found.seen.update(each.organization_id for each in old)
        async with transaction(Actor.system()) as session:
            named = await _named(session, old)
        for each in old:
            if (each.organization_id, each.file_id) not in named and count < MOST:
                found.left_over[each.organization_id].append(each)
                count += 1
    return found


async def _sweep(organization_id: UUID, left_over: Sequence[Kept], seen: int) -> int:
    if len(left_over) >= SUSPICIOUS and len(left_over) * 2 > seen:
        _log.warning("sweep_refused", organization_id=str(organization_id), files=len(left_over), seen=seen)
        async with transaction(Actor.system()) as session:
            if await _is_known(session, organization_id):
                by = Actor.system(organization_id)
                record(session, by, "files.sweep_refused", files=len(left_over), of=seen)
        return 0
    removed = 0
    for begin in range(0, len(left_over), AT_ONCE):
        removed += await _remove(organization_id, left_over[begin : begin + AT_ONCE])
    return removed


async def _remove(organization_id: UUID, some: Sequence[Kept]) -> int:
    """Looked at once more while nobody brings any back. What the trail tells of is gone when it is told."""
    async with transaction(Actor.system()) as session:
        known = await _is_known(session, organization_id)
        if not known or not await session.scalar(_ALONE, {"what": lock_name(organization_id)}):
            return 0
        named = await _named(session, some)
        gone = [each for each in some if (organization_id, each.file_id) not in named]
        for each in gone:
            await files.remove(organization_id, each.file_id)
        if gone:
            by, size = Actor.system(organization_id), sum(each.size for each in gone)
            record(session, by, "files.swept", files=len(gone), bytes=size)
        return len(gone)


async def _named(session: AsyncSession, some: Iterable[Kept]) -> set[named_files.Key]:
    """Which of them a row speaks of: a file, an import that is not over, an archive, whatever other domains keep."""
    return await named_files.named(session, [(each.organization_id, each.file_id) for each in some])


async def _is_known(session: AsyncSession, organization_id: UUID) -> bool:
    """A folder of nobody that is here is left alone."""
    known = text("select exists (select 1 from organizations where id = :id)")
    return bool(await session.scalar(known, {"id": organization_id}))

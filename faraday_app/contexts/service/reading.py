"""Read the files that wait for it: their text, their passages, and what each passage means.

A file is claimed for some minutes; when its worker dies, another takes it up. What cannot be read says why.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import delete, or_, select, text
from sqlmodel import col

from faraday_app.contexts.models import Passage, Reading, StoredFile
from faraday_app.contexts.service import chunking, passages, ranking, stored
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.extraction import FileKind, text_of
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal
from faraday_app.core.waiting import OneAtATime
from faraday_app.gateway.service import embedding

CLAIM = timedelta(minutes=10)
MOST_TRIES = 3
GAVE_UP = "This file could not be read after several tries. Save it anew, and add it again."
_ADD = text(
    "insert into file_passages (id, created_at, organization_id, file_id, place, sealed_text, words) values"
    " (:id, :created_at, :organization_id, :file_id, :place, :sealed_text, to_tsvector('simple', :words))"
)
_log = structlog.get_logger(__name__)
_readers = OneAtATime()


async def read_waiting() -> int:
    """All that wait and nobody reads; how many."""
    return await _readers.all(_claimed, _read)


async def _claimed() -> StoredFile | None:
    free = or_(col(StoredFile.claimed_until).is_(None), col(StoredFile.claimed_until) < now())
    query = select(StoredFile).where(col(StoredFile.state) == Reading.reading, free).order_by(col(StoredFile.id))
    async with transaction(Actor.system()) as session:
        file = await session.scalar(query.limit(1).with_for_update(skip_locked=True))
        if file:
            file.claimed_until, file.tries = now() + CLAIM, file.tries + 1
    return file


async def _read(file: StoredFile) -> None:
    try:
        if file.tries > MOST_TRIES:
            raise Invalid(GAVE_UP)  # noqa: TRY301  told like any other reason
        words = await text_of(await stored.content_of(file), FileKind(file.kind))
        table = file.kind == FileKind.csv
        parts = chunking.table_parts(words) if table else chunking.parts_of(words)
        await _keep(file, words, [part.whole for part in parts] or [words[:2_000]])
    except Invalid as reason:
        await _fail(file, reason.message)
    except FaradayError as error:
        _log.warning("file_waits", file_id=str(file.id), error=error.message)
    except Exception:
        _log.exception("file_not_read", file_id=str(file.id))


async def _keep(file: StoredFile, words: str, parts: Sequence[str]) -> None:
    """What was known of the file before is replaced."""
    rows = [await _row(file, place, part) for place, part in enumerate(parts)]
    sealed = await seal(file.organization_id, words, f"text of file {file.id}")
    vectors = await _vectors(parts)
    async with transaction(Actor.system(file.organization_id)) as session:
        await session.execute(delete(Passage).where(col(Passage.file_id) == file.id))
        await session.execute(_ADD, rows)
        if vectors:
            await passages.keep_vectors(session, dict(zip((row["id"] for row in rows), vectors, strict=True)))
        kept = await session.get_one(StoredFile, file.id, with_for_update=True)
        kept.sealed_text, kept.passages = sealed, len(rows)
        kept.state, kept.problem, kept.claimed_until = Reading.ready, "", None
        await stored.announce(session, kept)


async def _vectors(parts: Sequence[str]) -> list[embedding.Vector]:
    """None where the database cannot look for them, or the model is missing. It takes long: no transaction waits."""
    async with transaction(Actor.system()) as session:
        usable = await passages.by_meaning(session)
    return await embedding.embed(parts) if usable else []


async def _row(file: StoredFile, place: int, part: str) -> dict[str, Any]:
    blind = ranking.blind(file.organization_id, ranking.words_of(part))
    return {
        "id": new_id(),
        "created_at": now(),
        "organization_id": file.organization_id,
        "file_id": file.id,
        "place": place,
        "sealed_text": await seal(file.organization_id, part, f"passage {place} of file {file.id}"),
        "words": " ".join(blind),
    }


async def _fail(file: StoredFile, reason: str) -> None:
    async with transaction(Actor.system(file.organization_id)) as session:
        kept = await session.get_one(StoredFile, file.id, with_for_update=True)
        kept.state, kept.problem, kept.claimed_until = Reading.failed, reason[:300], None
        await stored.announce(session, kept)

"""Read the text of files that were added, so that they are found by what they say.

A file is claimed for some minutes; when its worker dies, another takes it up. One whose text cannot be had is served
all the same, and says why it is found by its title only.
"""

from datetime import timedelta

import structlog
from sqlalchemy import or_, select
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.extraction import FileKind, text_of
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal
from faraday_app.core.waiting import OneAtATime
from faraday_app.coursework.models import FileState, Material, MaterialFile
from faraday_app.coursework.service.materials import giving, stored, words
from faraday_app.coursework.service.materials.making import current
from faraday_app.coursework.service.materials.reaching import touched

CLAIM = timedelta(minutes=10)
MOST_TRIES = 3
_log = structlog.get_logger(__name__)
_readers = OneAtATime()


async def read_waiting() -> int:
    """All that wait and nobody reads; how many."""
    return await _readers.all(_claimed, _read)


async def _claimed() -> MaterialFile | None:
    free = or_(col(MaterialFile.claimed_until).is_(None), col(MaterialFile.claimed_until) < now())
    query = select(MaterialFile).where(col(MaterialFile.state) == FileState.reading, free)
    async with transaction(Actor.system()) as session:
        query = query.order_by(col(MaterialFile.id)).limit(1).with_for_update(skip_locked=True)
        file = await session.scalar(query)
        if file:
            file.claimed_until, file.tries = now() + CLAIM, file.tries + 1
    return file


async def _read(file: MaterialFile) -> None:
    try:
        if file.tries > MOST_TRIES:
            raise Invalid("Its text could not be read after several tries.")  # noqa: TRY301  told like other reasons
        await _keep(file, await text_of(await stored.content_of(file), FileKind(file.kind)), "")
    except Invalid as reason:
        await _keep(file, "", reason.message)
    except FaradayError as error:
        _log.warning("material_waits", file_id=str(file.id), error=error.message)
    except Exception:
        _log.exception("material_not_read", file_id=str(file.id))


async def _keep(file: MaterialFile, told: str, problem: str) -> None:
    sealed = await seal(file.organization_id, told, f"text of material file {file.id}") if told else None
    async with transaction(Actor.system(file.organization_id)) as session:
        kept = await session.get_one(MaterialFile, file.id, with_for_update=True)
        kept.sealed_text, kept.problem, kept.claimed_until = sealed, problem[:300], None
        kept.state = FileState.unread if problem else FileState.ready
        material = await session.get_one(Material, file.material_id, with_for_update=True)
        await session.flush()
        version, latest = await current(session, material)
        if latest is not None and latest.id == file.id:
            await words.index(session, material, version, latest)
        await giving.material_changed(session, material)
        touched(session, material.class_id)

"""What was kept, read again. Whoever calls has checked the rights."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Reason, Snapshot, Version
from faraday_app.contexts.service.versions.content import Content
from faraday_app.core.vault import unseal


async def content_of(session: AsyncSession, version: Version) -> Content:
    """The fields and the parts that a version holds."""
    snapshot = await session.get_one(Snapshot, version.snapshot_id)
    kept = json.loads(await unseal(snapshot.sealed_content, f"snapshot {snapshot.digest}"))
    found = {name: await _at(session, version.organization_id, digest) for name, digest in kept["parts"].items()}
    return Content(kept["fields"], found, kept["schema"])


async def fields_at(session: AsyncSession, subject_id: UUID, of_version: int) -> dict[str, Any] | None:
    """What the fields were when the thing had this optimistic version, if that was kept."""
    query = (
        select(Version)
        .where(
            col(Version.subject_id) == subject_id,
            col(Version.of_version) == of_version,
            col(Version.reason) != Reason.set_aside,
        )
        .order_by(col(Version.number).desc())
        .limit(1)
    )
    version = await session.scalar(query)
    return (await content_of(session, version)).fields if version else None


async def previous(session: AsyncSession, version: Version) -> UUID | None:
    """The version before, of those that the thing really was."""
    query = (
        select(col(Version.id))
        .where(
            col(Version.subject_id) == version.subject_id,
            col(Version.number) < version.number,
            col(Version.reason) != Reason.set_aside,
        )
        .order_by(col(Version.number).desc())
        .limit(1)
    )
    return await session.scalar(query)


async def _at(session: AsyncSession, organization_id: UUID, digest: str) -> dict[str, Any]:
    query = select(col(Snapshot.sealed_content)).where(
        col(Snapshot.organization_id) == organization_id, col(Snapshot.digest) == digest
    )
    sealed = (await session.execute(query)).scalar_one()
    found: dict[str, Any] = json.loads(await unseal(sealed, f"snapshot {digest}"))
    return found

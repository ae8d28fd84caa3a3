"""What each version of a list made different, told from the addresses of what it holds: no text is compared."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Reason, Snapshot, Subject, Version
from faraday_app.contexts.service.versions import parts
from faraday_app.contexts.service.versions.content import CONVERSATION_FIELDS, GPT_FIELDS
from faraday_app.contexts.service.versions.stored import previous
from faraday_app.core.vault import Unreadable, unseal

Kept = dict[str, Any]


async def changes(session: AsyncSession, versions: Sequence[Version]) -> dict[UUID, tuple[str, ...]]:
    """Names of fields and parts, for versions of one thing that follow each other, the newest first.

    Against the version before, of those that the thing really was. Nothing of the first one, nor of what cannot be
    read any more.
    """
    if not versions:
        return {}
    earlier = await previous(session, versions[-1])
    kept = await _kept(session, [version.id for version in versions] + ([earlier] if earlier else []))
    found: dict[UUID, tuple[str, ...]] = {}
    before = kept.get(earlier) if earlier else None
    for version in reversed(versions):
        after = kept.get(version.id)
        if before and after:
            found[version.id] = _between(Subject(version.kind), before, after)
        if version.reason != Reason.set_aside:
            before = after
    return found


async def _kept(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Kept]:
    query = (
        select(col(Version.id), col(Snapshot.digest), col(Snapshot.sealed_content))
        .join(Snapshot, col(Snapshot.id) == col(Version.snapshot_id))
        .where(col(Version.id).in_(ids))
    )
    found: dict[UUID, Kept] = {}
    for id, digest, sealed in (await session.execute(query)).all():
        try:
            found[id] = json.loads(await unseal(sealed, f"snapshot {digest}"))
        except Unreadable:
            continue
    return found


def _between(kind: Subject, before: Kept, after: Kept) -> tuple[str, ...]:
    """The fields first, in the order in which people are asked for them."""
    names = GPT_FIELDS if kind is Subject.gpt else CONVERSATION_FIELDS
    fields = [name for name in names if before["fields"].get(name) != after["fields"].get(name)]
    known = [part.name for part in parts.of(kind) if part.since <= min(before["schema"], after["schema"])]
    return (*fields, *(name for name in known if before["parts"].get(name) != after["parts"].get(name)))

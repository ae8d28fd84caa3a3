"""Which tables name files in the store: a file that none of them names is left over (contexts/service/sweeping.py).

Each says so beside its model, as for sealed columns: whoever keeps files by ``core.files`` and forgets it, loses them.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

Key = tuple[UUID, UUID]  # the organisation, and the file's id

_naming: list[tuple[Any, Any, tuple[ColumnElement[bool], ...]]] = []


def named_by(organization_id: Any, file_id: Any, *conditions: ColumnElement[bool]) -> None:
    """The rows of a table that meet the conditions name files. Once, beside its model."""
    _naming.append((organization_id, file_id, conditions))


async def named(session: AsyncSession, keys: Collection[Key]) -> set[Key]:
    """Which of these files a row names. The transaction is Faraday's."""
    if not keys:
        return set()
    wanted = list(keys)
    parts: list[Select[UUID, UUID]] = [
        select(organization_id, file_id).where(tuple_(organization_id, file_id).in_(wanted), *conditions)
        for organization_id, file_id, conditions in _naming
    ]
    return {(row[0], row[1]) for row in (await session.execute(union_all(*parts))).all()}


def tables() -> set[str]:
    """Those that name files."""
    return {str(file_id.table.name) for _, file_id, _ in _naming}

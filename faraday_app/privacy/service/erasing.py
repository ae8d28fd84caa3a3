"""Erasing a person: every row that is theirs, by the rule of its place, in one transaction."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.personal import Erasing, Place, places
from faraday_app.organizations.models import Membership
from faraday_app.privacy.service import rows

Erased = dict[str, int]
Files = list[tuple[UUID, UUID]]  # organisation and file


async def erase(
    session: AsyncSession, person_id: UUID, organization_id: UUID, *, records: bool
) -> tuple[Erased, Files]:
    """How many rows of each table, and the files whose rows went. As Faraday itself.

    Without ``records`` the school's records stay, and with them the account whose name is on them. An account that
    belongs to another organisation too stays as it is.
    """
    elsewhere = await _elsewhere(session, person_id, organization_id)
    erased: Erased = {}
    gone: Files = []
    for place in rows.children_first():
        table = rows.table_of(place)
        doing = _doing(place, records)
        of_account = "organization_id" not in table.c
        named_on_records = of_account and doing is Erasing.blank and not records
        if doing is Erasing.keep or (of_account and elsewhere) or named_on_records:
            continue
        theirs = rows.of_person(place, person_id, organization_id)
        if doing is Erasing.delete and place.files:
            found = await session.execute(select(table.c.organization_id, table.c[place.file_id]).where(theirs))
            gone += [(row[0], row[1]) for row in found if row[1]]
        if doing is Erasing.delete:
            result = await session.execute(delete(table).where(theirs))
        else:
            values: dict[str, Any] = {name: literal_column(value) for name, value in place.blank.items()}
            result = await session.execute(update(table).where(theirs).values(values))
        if result.rowcount:  # type: ignore[attr-defined]
            erased[place.table] = erased.get(place.table, 0) + result.rowcount  # type: ignore[attr-defined]
    return erased, gone


async def has_records(session: AsyncSession, person_id: UUID, organization_id: UUID) -> bool:
    """Whether the school keeps a record of this person."""
    for place in places():
        if place.erasing is Erasing.record and not place.through:
            theirs = rows.of_person(place, person_id, organization_id)
            if await session.scalar(select(exists().where(theirs))):
                return True
    return False


def _doing(place: Place, records: bool) -> Erasing:
    if place.erasing is not Erasing.record:
        return place.erasing
    return place.at_last if records else Erasing.keep


async def _elsewhere(session: AsyncSession, person_id: UUID, organization_id: UUID) -> bool:
    others = exists().where(col(Membership.user_id) == person_id, col(Membership.organization_id) != organization_id)
    return bool(await session.scalar(select(others)))

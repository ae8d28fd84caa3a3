"""What a school's own system calls our classes, people and terms, and the other way round."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import GradingPeriod, RosterRecord, SchoolClass, Term
from faraday_app.classes.oneroster import GRADEBOOK, File, LineItem, Package, Result
from faraday_app.classes.service.rosters.stored import Known
from faraday_app.organizations.models import Membership

AT_ONCE = 5_000
NAMED = (File.academic_sessions, File.classes, File.users)
_TABLES = {
    File.academic_sessions: (
        (col(Term.id), col(Term.organization_id)),
        (col(GradingPeriod.id), col(GradingPeriod.organization_id)),
    ),
    File.classes: ((col(SchoolClass.id), col(SchoolClass.organization_id)),),
    File.users: ((col(Membership.user_id), col(Membership.organization_id)),),
}


async def our_id(session: AsyncSession, organization_id: UUID, file: File, sourced_id: str) -> UUID | None:
    """Of a row of a roster, or our own id as it is given out for what no roster speaks of."""
    query = select(col(RosterRecord.record_id)).where(
        col(RosterRecord.organization_id) == organization_id,
        col(RosterRecord.file) == file.value,
        col(RosterRecord.sourced_id) == sourced_id,
        col(RosterRecord.record_id).is_not(None),
    )
    found = await session.scalar(query.order_by(col(RosterRecord.active).desc(), col(RosterRecord.id)).limit(1))
    return found if found is not None else as_uuid(sourced_id)


async def our_ids(
    session: AsyncSession, organization_id: UUID, file: File, sourced_ids: Collection[str]
) -> dict[str, UUID]:
    """The same of many, as far as they are there."""
    found: dict[str, UUID] = {}
    wanted = sorted(sourced_ids)
    for begin in range(0, len(wanted), AT_ONCE):
        query = select(col(RosterRecord.sourced_id), col(RosterRecord.record_id)).where(
            col(RosterRecord.organization_id) == organization_id,
            col(RosterRecord.file) == file.value,
            col(RosterRecord.sourced_id).in_(wanted[begin : begin + AT_ONCE]),
            col(RosterRecord.record_id).is_not(None),
        )
        for name, id in await session.execute(query.order_by(col(RosterRecord.active).desc(), col(RosterRecord.id))):
            if id is not None:
                found.setdefault(name, id)
    own = {id: name for name in wanted if name not in found and (id := as_uuid(name))}
    for column, organization in _TABLES[file] if own else ():
        for id in await session.scalars(select(column).where(organization == organization_id, column.in_(own))):
            found[own[id]] = id
    return found


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def own_ids(session: AsyncSession, organization_id: UUID, package: Package) -> Mapping[File, Mapping[str, UUID]]:
    """Of a package that this very school has exported: what its rows are here."""
    ids = {file: {each.sourced_id for each in package.records(file)} for file in NAMED}
    return {file: await our_ids(session, organization_id, file, names) for file, names in ids.items() if names}


async def references_of(
    session: AsyncSession,
    organization_id: UUID,
    known: Known,
    own: Mapping[File, Mapping[str, UUID]],
    package: Package,
) -> Mapping[File, Mapping[str, UUID]]:
    """What work and results speak of: what this source has brought, else another one, else what goes by our own id.

    What the package itself brings is not here yet.
    """
    if not any(file in package.modes for file in GRADEBOOK):
        return {}
    found: dict[File, dict[str, UUID]] = {}
    for file in NAMED:
        held, names = known.held.get(file, {}), set(_spoken_of(package, file))
        ours = {name: held[name].record_id if name in held else own.get(file, {}).get(name) for name in names}
        coming = {each.sourced_id for each in package.records(file)}
        others = {name for name in names if name not in held and not ours[name] and name not in coming}
        there = {name: id for name, id in ours.items() if id is not None}
        found[file] = there | await our_ids(session, organization_id, file, others)
    found[File.orgs] = await _schools(session, organization_id)
    return found


def _spoken_of(package: Package, file: File) -> Iterable[str]:
    for item in package.line_items:
        assert isinstance(item, LineItem)
        if file is not File.users:
            yield item.class_id if file is File.classes else item.session_id
    for result in package.results:
        assert isinstance(result, Result)
        if file is File.users:
            yield result.student_id
        if file is File.classes and result.class_id:
            yield result.class_id


async def _schools(session: AsyncSession, organization_id: UUID) -> dict[str, UUID]:
    """Of which nothing is made here: all of them are the organisation."""
    query = select(col(RosterRecord.sourced_id)).where(
        col(RosterRecord.organization_id) == organization_id, col(RosterRecord.file) == File.orgs.value
    )
    return dict.fromkeys([*await session.scalars(query), str(organization_id)], organization_id)


async def their_ids(
    session: AsyncSession, organization_id: UUID, file: File, ids: Collection[UUID]
) -> Mapping[UUID, str]:
    """By our id; what no roster speaks of has our own."""
    query = select(col(RosterRecord.record_id), col(RosterRecord.sourced_id)).where(
        col(RosterRecord.organization_id) == organization_id,
        col(RosterRecord.file) == file.value,
        col(RosterRecord.active).is_(True),
        col(RosterRecord.record_id).in_(ids),
    )
    found = {id: str(id) for id in ids}
    for id, sourced_id in await session.execute(query.order_by(col(RosterRecord.id).desc())):
        if id is not None:
            found[id] = sourced_id
    return found

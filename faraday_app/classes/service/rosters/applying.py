"""A package that was looked at is applied: all of it, or nothing."""

import asyncio
from dataclasses import replace
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import GradingPeriod, RosterImport, RosterState, SchoolClass
from faraday_app.classes.oneroster import File, Reading, read
from faraday_app.classes.service import changes
from faraday_app.classes.service.rosters.checking import forget_rows, purpose_of, roster_topic
from faraday_app.classes.service.rosters.enrolling import write_enrolments, write_guardians
from faraday_app.classes.service.rosters.foreseeing import Prospect, foresee
from faraday_app.classes.service.rosters.grading import KEEPERS
from faraday_app.classes.service.rosters.members import write_people
from faraday_app.classes.service.rosters.settings import settings_of
from faraday_app.classes.service.rosters.timetable import end_sessions, write_classes, write_sessions
from faraday_app.classes.service.rosters.work import Confirmed, Work
from faraday_app.core import files, turns, vault
from faraday_app.core.database import as_faraday, transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit
from faraday_app.core.permissions import ROLE_PERMISSIONS, Actor, Permission, Role
from faraday_app.organizations.service.giving import lock_rights, refuse_beyond
from faraday_app.security.service import record

GRADES, TAKEN_BACK = ("grades", "grades cleared"), "grades taken back"
NO_GRADES = "This import has entered no grades, or they were taken back already."
ALL_CHANGED = "Nothing of it can be taken back: every grade was changed since, or its grading period is closed."
GONE = "This import does not exist."
STALE = "What is here has changed since this file was looked at. Send it again, and look at what it would change now."
NOT_WAITING = "This file was applied or discarded already. Send it again."


async def get_import(session: AsyncSession, actor: Actor, import_id: UUID, *, lock: bool = False) -> RosterImport:
    actor.must(Permission.rosters_manage)
    found = await session.get(RosterImport, import_id, with_for_update=lock or None)
    if found is None or found.organization_id != actor.organization:
        raise NotFound(GONE)
    return found


async def apply(actor: Actor, import_id: UUID, digest: str, confirmed: Confirmed, site: str = "") -> RosterImport:
    """Exactly what was looked at under this digest. Conflict where it would be something else by now."""
    reading = await _read(actor, import_id)
    try:
        found = await _apply(actor, import_id, digest, confirmed, site, reading)
    except IntegrityError as error:  # somebody has got the same address, or the same name of a term, this very moment
        raise Conflict(STALE) from error
    await files.remove(actor.organization, import_id)
    return found


async def _apply(
    actor: Actor, import_id: UUID, digest: str, confirmed: Confirmed, site: str, reading: Reading
) -> RosterImport:
    async with transaction(actor) as session:
        await turns.one_at_a_time(session, "rosters", actor.organization)
        found = await get_import(session, actor, import_id, lock=True)
        if found.state != RosterState.checked:
            raise Conflict(NOT_WAITING)
        prospect = await foresee(session, actor, reading)
        if digest != found.digest or prospect.digest() != found.digest:
            raise Conflict(STALE)
        _must_be_confirmed(actor, prospect, confirmed)
        await lock_rights(session, actor)
        person = replace(actor, scopes=None).resolved()  # a key for rosters gives what its person may give
        for role in _roles_given(prospect, confirmed):
            refuse_beyond(person, ROLE_PERMISSIONS[role])
        work = Work(session, actor, prospect, confirmed, site, import_id)
        await _write(work)
        for keeper in KEEPERS:
            await keeper.apply(work)
        await changes.decided(session, await _classes_of(work))
        await _note(work, found)
    return found


async def discard(actor: Actor, import_id: UUID) -> RosterImport:
    """Nothing of it happens. Its zip and what it would have changed are forgotten; that it was sent is not."""
    async with transaction(actor) as session:
        await turns.one_at_a_time(session, "rosters", actor.organization)
        found = await get_import(session, actor, import_id, lock=True)
        if found.state != RosterState.checked:
            raise Conflict(NOT_WAITING)
        found.state, found.sealed_key = RosterState.discarded, ""
        await forget_rows(session, [found.id])
        record(session, actor, "roster.discarded", found, source=found.source)
        publish_on_commit(session, roster_topic(actor.organization))
    await files.remove(actor.organization, import_id)
    return found


async def take_grades_back(actor: Actor, import_id: UUID) -> RosterImport:
    """What it has entered into gradebooks, where nobody has changed it since. People, classes and work stay."""
    async with transaction(actor) as session:
        found = await get_import(session, actor, import_id, lock=True)
        if found.state != RosterState.applied or not can_take_back(found):
            raise Conflict(NO_GRADES)
        person = replace(actor, scopes=None).resolved()
        count = sum([await keeper.take_back(session, person, import_id) for keeper in KEEPERS])
        if not count:
            raise Conflict(ALL_CHANGED)
        found.made = {**found.made, TAKEN_BACK: count}
        record(session, actor, "roster.grades_taken_back", found, source=found.source, cells=count)
        publish_on_commit(session, roster_topic(actor.organization))
    return found


def can_take_back(found: RosterImport) -> bool:
    return TAKEN_BACK not in found.made and any(found.made.get(what) for what in GRADES)


async def _read(actor: Actor, import_id: UUID) -> Reading:
    """Before anything is locked: it takes seconds."""
    async with transaction(actor) as session:
        found = await get_import(session, actor, import_id)
        if found.state != RosterState.checked:
            raise Conflict(NOT_WAITING)
        demographics = (await settings_of(session, actor.organization)).demographics
    key = await vault.unseal(found.sealed_key, purpose_of(import_id))
    data = await files.read(actor.organization, import_id, key)
    return await asyncio.to_thread(read, data, demographics=demographics)


def _must_be_confirmed(actor: Actor, prospect: Prospect, confirmed: Confirmed) -> None:
    if prospect.plan.sweeping and not confirmed.sweeping:
        named = " and ".join(file.csv for file in prospect.plan.sweeping)
        raise Invalid(
            f"{named} would end more than a fifth of what is here. Confirm that the file is whole.", field="sweeping"
        )
    if confirmed.administrators and prospect.administrators and actor.api_key_id is None:
        actor.must_be_confirmed()


def _roles_given(prospect: Prospect, confirmed: Confirmed) -> set[Role]:
    found = {each.role for each in prospect.newcomers.values() if each.role and not each.joins}
    found |= {role for id, role in prospect.roles.items() if prospect.roles_before.get(id) not in (None, role)}
    return found if confirmed.administrators else {Role.aide if each is Role.administrator else each for each in found}


async def _write(work: Work) -> None:
    """In the order of what needs what. As Faraday: accounts are nobody's before they are members'."""
    async with as_faraday(work.session):
        await write_sessions(work)
        await write_classes(work)
        await end_sessions(work)
        await write_people(work)
        await write_enrolments(work)
        await write_guardians(work)
        await work.remember()


async def _classes_of(work: Work) -> list[UUID]:
    """In which somebody came or went, or whose term is divided otherwise now."""
    written = (work.id_of(File.academic_sessions, each.sourced_id) for each in work.written(File.academic_sessions))
    sessions = {id for id in written if id}
    periods = select(col(GradingPeriod.term_id)).where(col(GradingPeriod.id).in_(sessions))
    of_terms = or_(col(SchoolClass.term_id).in_(sessions), col(SchoolClass.term_id).in_(periods))
    divided = (
        await work.session.scalars(select(col(SchoolClass.id)).where(of_terms, col(SchoolClass.archived_at).is_(None)))
        if sessions
        else ()
    )
    return sorted({*work.classes, *divided})


async def _note(work: Work, found: RosterImport) -> None:
    found.state, found.sealed_key = RosterState.applied, ""
    found.applied_by, found.applied_at = work.actor.user_id, work.at
    found.made = {what: count for what, count in sorted(work.made.items()) if count}
    await forget_rows(work.session, [found.id])
    told = {"source": found.source, "counts": found.counts, "made": found.made}
    record(work.session, work.actor, "roster.applied", found, **told)
    publish_on_commit(work.session, roster_topic(work.organization_id))

"""Who learns and who teaches in which class, and whose child somebody is."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from faraday_app.classes.models import ClassStaff, Enrolled, Enrolment, Guardianship, RosterRecord
from faraday_app.classes.oneroster import Enrollment, File, Status
from faraday_app.classes.service.rosters.people import guardians_in
from faraday_app.classes.service.rosters.words import AS_STAFF, IN_CLASS, STAFF, STUDENT
from faraday_app.classes.service.rosters.work import Work
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic

GUARDIANSHIPS = "guardianships"
Place = tuple[UUID, UUID, str]  # class, person, as a student or as staff


async def write_enrolments(work: Work) -> None:
    """What somebody is in a class is what all rows about the two say together: one active row is enough."""
    touched = {
        place
        for change in work.written(File.enrollments)
        for record in (change.known, change.wanted)
        if (place := _place(work, record))
    }
    rows = _rows_of(work, touched)
    class_ids = {place[0] for place in touched}
    await _write_students(work, {each: rows[each] for each in touched if each[2] == STUDENT}, class_ids)
    await _write_staff(work, {each: rows[each] for each in touched if each[2] == STAFF}, class_ids)
    work.classes |= class_ids
    for class_id in sorted(work.classes):
        publish_on_commit(work.session, topic("class", class_id))


def _place(work: Work, record: object) -> Place | None:
    if not isinstance(record, Enrollment) or record.role not in IN_CLASS:
        return None
    class_id, user_id = work.id_of(File.classes, record.class_id), work.id_of(File.users, record.user_id)
    return (class_id, user_id, IN_CLASS[record.role]) if class_id and user_id else None


def _rows_of(work: Work, places: set[Place]) -> Mapping[Place, list[Enrollment]]:
    found: dict[Place, list[Enrollment]] = defaultdict(list)
    for record in work.after(File.enrollments).values():
        place = _place(work, record)
        if place in places and place and isinstance(record, Enrollment):
            found[place].append(record)
    return found


def _status(work: Work, rows: Iterable[Enrollment]) -> Enrolled:
    """Active as soon as one row is; completed where the last day of one has passed; else withdrawn."""
    today = work.at.date()
    standing = [row for row in rows if row.status is Status.active]
    if any(row.ends is None or row.ends >= today for row in standing):
        return Enrolled.active
    return Enrolled.completed if standing else Enrolled.withdrawn


async def _write_students(work: Work, wanted: Mapping[Place, list[Enrollment]], class_ids: set[UUID]) -> None:
    query = select(col(Enrolment.class_id), col(Enrolment.student_id), col(Enrolment.id), col(Enrolment.status))
    there = await _there(work, query.where(col(Enrolment.class_id).in_(class_ids)), class_ids)
    new, other = [], []
    for (class_id, user_id, _), rows in wanted.items():
        status = _status(work, rows)
        ended = None if status is Enrolled.active else work.at
        if (class_id, user_id) not in there:
            if status is Enrolled.withdrawn:
                continue
            values = {"class_id": class_id, "student_id": user_id, "section_id": None, "status": status.value}
            row = work.row(**values, ended_at=ended, version=1)
            new.append(row)
            _became(work, rows, row["id"], STUDENT, made=True)
            continue
        id, before = there[class_id, user_id]
        made = _is_ours(work, rows)
        _became(work, rows, id, STUDENT, made=made)
        if before != status and (made or status is Enrolled.active):
            other.append({"id": id, "status": status.value, "ended_at": ended})
    await work.add(Enrolment, new)
    await work.change(Enrolment, other)
    work.made["enrolments"] += len(new)
    work.made["enrolments changed"] += len(other)


async def _write_staff(work: Work, wanted: Mapping[Place, list[Enrollment]], class_ids: set[UUID]) -> None:
    query = select(col(ClassStaff.class_id), col(ClassStaff.user_id), col(ClassStaff.id), col(ClassStaff.role)).where(
        col(ClassStaff.class_id).in_(class_ids), col(ClassStaff.ended_at).is_(None)
    )
    there = await _there(work, query, class_ids)
    new, gone, other = [], [], []
    for (class_id, user_id, _), rows in wanted.items():
        active, role = _status(work, rows) is Enrolled.active, _staff_role(rows)
        if (class_id, user_id) not in there:
            if active:
                row = work.row(class_id=class_id, user_id=user_id, role=role, ended_at=None)
                new.append(row)
                _became(work, rows, row["id"], STAFF, made=True)
            continue
        id, before = there[class_id, user_id]
        made = _is_ours(work, rows)
        _became(work, rows, id, STAFF, made=made)
        if made and not active:
            gone.append({"id": id, "ended_at": work.at})
        elif made and before != role:
            other.append({"id": id, "role": role})
    await work.add(ClassStaff, new)
    await work.change(ClassStaff, gone)
    await work.change(ClassStaff, other)
    work.made["teachers and aides"] += len(new)
    work.made["teachers and aides changed"] += len(gone) + len(other)


def _staff_role(rows: Iterable[Enrollment]) -> str:
    found = {AS_STAFF[row.role] for row in rows if row.status is Status.active and row.role in AS_STAFF}
    return "teacher" if "teacher" in found else "aide"


async def _there(work: Work, query: Any, class_ids: set[UUID]) -> dict[tuple[UUID, UUID], tuple[UUID, str]]:
    if not class_ids:
        return {}
    rows = await work.session.execute(query)
    return {(class_id, user_id): (id, said) for class_id, user_id, id, said in rows}


def _is_ours(work: Work, rows: Iterable[Enrollment]) -> bool:
    """Whether an earlier row made it; what was enrolled by hand stays, whatever a file says."""
    found = (work.holds(File.enrollments, row.sourced_id) for row in rows)
    return any(held is not None and held.made and held.record_id is not None for held in found)


def _became(work: Work, rows: Iterable[Enrollment], id: UUID, kind: str, *, made: bool) -> None:
    for row in rows:
        work.became(File.enrollments, row.sourced_id, id, kind=kind, made=made)


async def write_guardians(work: Work) -> None:
    """From who names whom. What was linked by hand stays; what was ended by hand is not made again."""
    known = await _known_guardians(work)
    wanted = dict(_wanted_guardians(work))
    standing = {key for key, (_, _, _, active) in known.items() if active}
    await _link(work, {key: each for key, each in wanted.items() if key not in standing}, known)
    ending = [known[key] for key in standing - set(wanted)]
    await work.change(
        Guardianship, [{"id": record_id, "ended_at": work.at} for _, record_id, made, _ in ending if made and record_id]
    )
    await work.change(RosterRecord, [{"id": id, "active": False} for id, _, _, _ in ending])
    work.made["guardians ended"] += len(ending)


def _wanted_guardians(work: Work) -> Iterator[tuple[str, tuple[UUID, UUID, str]]]:
    for guardian, child, relationship in guardians_in(work.prospect.after, work.prospect.roles):
        ids = work.id_of(File.users, guardian), work.id_of(File.users, child)
        if ids[0] and ids[1] and ids[0] != ids[1]:
            yield _key(guardian, child), (ids[0], ids[1], relationship)


def _key(guardian: str, child: str) -> str:
    return hashlib.sha256(f"{len(guardian)} {guardian} {child}".encode()).hexdigest()


async def _known_guardians(work: Work) -> dict[str, tuple[UUID, UUID | None, bool, bool]]:
    query = select(
        col(RosterRecord.sourced_id),
        col(RosterRecord.id),
        col(RosterRecord.record_id),
        col(RosterRecord.made),
        col(RosterRecord.active),
    ).where(
        col(RosterRecord.organization_id) == work.organization_id,
        col(RosterRecord.source) == work.prospect.source,
        col(RosterRecord.file) == GUARDIANSHIPS,
    )
    return {key: (id, to, made, active) for key, id, to, made, active in await work.session.execute(query)}


async def _link(
    work: Work, wanted: Mapping[str, tuple[UUID, UUID, str]], known: Mapping[str, tuple[UUID, UUID | None, bool, bool]]
) -> None:
    current = select(col(Guardianship.guardian_id), col(Guardianship.student_id), col(Guardianship.id)).where(
        col(Guardianship.organization_id) == work.organization_id, col(Guardianship.ended_at).is_(None)
    )
    there = {(guardian, child): id for guardian, child, id in await work.session.execute(current)} if wanted else {}
    new, records, other = [], [], []
    for key, (guardian_id, student_id, relationship) in wanted.items():
        id = there.get((guardian_id, student_id))
        made = id is None
        if id is None:
            values = {"guardian_id": guardian_id, "student_id": student_id, "relationship": relationship}
            row = work.row(**values, made_by=work.actor.user_id, ended_at=None)
            new.append(row)
            id = there[guardian_id, student_id] = row["id"]
        kept = {"kind": "", "record_id": id, "made": made, "active": True, "imported_at": work.at}
        if key in known:
            other.append({"id": known[key][0], **kept})
        else:
            named = {"source": work.prospect.source, "file": GUARDIANSHIPS, "sourced_id": key}
            records.append(work.row(**named, fields={}, modified=None, person_id=None, **kept) | {"id": new_id()})
    await work.add(Guardianship, new)
    await work.add(RosterRecord, records)
    await work.change(RosterRecord, other)
    work.made["guardians"] += len(new)

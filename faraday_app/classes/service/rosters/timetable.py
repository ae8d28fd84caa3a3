"""Terms, grading periods and classes as a package has them."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from faraday_app.classes.models import GradingPeriod, SchoolClass, Term
from faraday_app.classes.oneroster import AcademicSession, Action, Change, Course, File, RosterClass
from faraday_app.classes.service.rosters.words import cut
from faraday_app.classes.service.rosters.work import Work

TERM, PERIOD = "term", "period"


async def write_sessions(work: Work) -> None:
    """What lies in a term and is graded on its own is a grading period of it; everything else is a term."""
    changes = sorted(work.written(File.academic_sessions), key=_is_period)
    names = await _names(work)
    new = [each for each in changes if each.action is Action.create]
    await _add_terms(work, [each for each in new if not _term_of(work, each)], names)
    await _add_periods(work, [each for each in new if _term_of(work, each)])
    await _change_sessions(work, [each for each in changes if each.action is Action.update], names)


async def end_sessions(work: Work) -> None:
    """After the classes: a term that is still taught in stays."""
    ending = [
        held
        for change in work.written(File.academic_sessions, Action.deactivate)
        if (held := work.holds(File.academic_sessions, change.sourced_id)) and held.made and held.record_id
    ]
    taught = select(col(SchoolClass.term_id)).where(
        col(SchoolClass.organization_id) == work.organization_id, col(SchoolClass.archived_at).is_(None)
    )
    busy = set(await work.session.scalars(taught.distinct())) if ending else set()
    for kind, table in ((PERIOD, GradingPeriod), (TERM, Term)):
        gone = [each.record_id for each in ending if each.kind == kind and each.record_id not in busy]
        await work.change(table, [{"id": id, "deleted_at": work.at} for id in gone])
        work.made["terms ended"] += len(gone)


def _is_period(change: Change) -> bool:
    return isinstance(change.wanted, AcademicSession) and change.wanted.type == "gradingPeriod"


def _term_of(work: Work, change: Change) -> str | None:
    """The row of the term that a grading period lies in; None for what is a term itself."""
    found = change.wanted
    if not isinstance(found, AcademicSession) or found.type != "gradingPeriod":
        return None
    while isinstance(found, AcademicSession) and found.parent_id:
        above = work.after(File.academic_sessions).get(found.parent_id)
        if isinstance(above, AcademicSession) and above.type != "gradingPeriod":
            return above.sourced_id
        found = above
    return None


async def _names(work: Work) -> dict[str, UUID]:
    query = select(col(Term.name), col(Term.id)).where(
        col(Term.organization_id) == work.organization_id, col(Term.deleted_at).is_(None)
    )
    return {name.lower(): id for name, id in await work.session.execute(query)}


async def _add_terms(work: Work, changes: Iterable[Change], names: dict[str, UUID]) -> None:
    """A term that was made here by hand, by the same name and with days in common, is the same one."""
    spoken_for = {held.record_id for held in work.here.get(File.academic_sessions, {}).values()}
    rows = []
    for change in changes:
        assert isinstance(change.wanted, AcademicSession)
        own = work.exported(File.academic_sessions, change.sourced_id)
        same = own or names.get(cut(change.wanted.title, 80).lower())
        if same and same not in spoken_for and (own or await _overlaps(work, same, change.wanted)):
            spoken_for.add(same)
            work.became(File.academic_sessions, change.sourced_id, same, kind=TERM, made=False)
            continue
        name = _free(change.wanted, names)
        row = work.row(name=name, **_days(change.wanted), deleted_at=None, version=1)
        names[name.lower()] = row["id"]
        spoken_for.add(row["id"])
        work.became(File.academic_sessions, change.sourced_id, row["id"], kind=TERM)
        rows.append(row)
    await work.add(Term, rows)
    work.made["terms"] += len(rows)


async def _overlaps(work: Work, term_id: UUID, wanted: AcademicSession) -> bool:
    term = await work.session.get_one(Term, term_id)
    return term.starts_on < wanted.ends and wanted.begins <= term.ends_on


def _free(wanted: AcademicSession, names: dict[str, UUID]) -> str:
    """Its title, with the school year where another term is called that."""
    title = cut(wanted.title, 60)
    for name in (cut(wanted.title, 80), f"{title} {wanted.school_year - 1}/{wanted.school_year % 100:02}"):
        if name.lower() not in names:
            return name
    count = 2
    while f"{title} ({count})".lower() in names:
        count += 1
    return f"{title} ({count})"


def _days(wanted: AcademicSession) -> dict[str, date]:
    """The format names the first day after it, we the last of it."""
    return {"starts_on": wanted.begins, "ends_on": max(wanted.begins, wanted.ends - timedelta(days=1))}


async def _add_periods(work: Work, changes: Iterable[Change]) -> None:
    rows = []
    for change in changes:
        assert isinstance(change.wanted, AcademicSession)
        term = _term_of(work, change)
        term_id = term and work.id_of(File.academic_sessions, term)
        if own := work.exported(File.academic_sessions, change.sourced_id):
            work.became(File.academic_sessions, change.sourced_id, own, kind=PERIOD, made=False)
            continue
        if not term_id:
            work.became(File.academic_sessions, change.sourced_id, None)
            continue
        named = {"name": cut(change.wanted.title, 80), **_days(change.wanted)}
        row = work.row(term_id=term_id, **named, weight=None, closed_at=None, deleted_at=None, version=1)
        work.became(File.academic_sessions, change.sourced_id, row["id"], kind=PERIOD)
        rows.append(row)
    await work.add(GradingPeriod, rows)
    work.made["grading periods"] += len(rows)


async def _change_sessions(work: Work, changes: Iterable[Change], names: dict[str, UUID]) -> None:
    terms: list[dict[str, object]] = []
    periods: list[dict[str, object]] = []
    for change in changes:
        held = work.holds(File.academic_sessions, change.sourced_id)
        if not held or not held.made or not held.record_id or not isinstance(change.wanted, AcademicSession):
            continue
        others = {name: id for name, id in names.items() if id != held.record_id}
        name = _free(change.wanted, others) if held.kind == TERM else cut(change.wanted.title, 80)
        row: dict[str, object] = {"id": held.record_id, "name": name, **_days(change.wanted), "deleted_at": None}
        (terms if held.kind == TERM else periods).append(row)
    await work.change(Term, terms)
    await work.change(GradingPeriod, periods)
    work.made["terms changed"] += len(terms) + len(periods)


async def write_classes(work: Work) -> None:
    """Classes that are gone from the source are archived: they can be read, with all that was done in them."""
    new, other, gone = [], [], []
    for change in work.written(File.classes):
        if change.action is Action.create and (own := work.exported(File.classes, change.sourced_id)):
            work.became(File.classes, change.sourced_id, own, made=False)
        elif change.action is Action.create:
            row = work.row(**_of_class(work, change), department_id=None, archived_at=None, version=1)
            work.became(File.classes, change.sourced_id, row["id"])
            new.append(row)
        elif not work.is_made(File.classes, change.sourced_id):
            continue
        else:
            id = work.id_of(File.classes, change.sourced_id)
            assert id
            work.classes.add(id)
            if change.action is Action.update:
                other.append({"id": id, **_of_class(work, change), "archived_at": None})
            else:
                gone.append({"id": id, "archived_at": work.at})
    await work.add(SchoolClass, new)
    await work.change(SchoolClass, other)
    await work.change(SchoolClass, gone)
    work.made.update({"classes": len(new), "classes changed": len(other), "classes archived": len(gone)})


def _of_class(work: Work, change: Change) -> dict[str, object]:
    wanted = change.wanted
    assert isinstance(wanted, RosterClass)
    course = work.after(File.courses).get(wanted.course_id)
    title, code = (course.title, course.code) if isinstance(course, Course) else ("", "")
    subject = next(iter(wanted.subjects or (course.subjects if isinstance(course, Course) else ())), title)
    return {
        "term_id": _term_for(work, wanted),
        "name": cut(wanted.title, 120),
        "subject": cut(subject, 80),
        "code": cut(wanted.code or code, 40),
        "room": cut(wanted.location, 40),
    }


def _term_for(work: Work, wanted: RosterClass) -> UUID:
    """The one term that a class is in here: what holds all that the row names, else the first of them."""
    sessions = {id: row for id, row in work.after(File.academic_sessions).items() if isinstance(row, AcademicSession)}
    named = [sessions[id] for id in wanted.term_ids if id in sessions]
    parents = {each.parent_id for each in named}
    if len(named) > 1 and len(parents) == 1 and (above := next(iter(parents))) and above in sessions:
        named = [sessions[above]]
    for term in sorted(named, key=lambda each: each.begins):
        at: AcademicSession | None = term
        while at is not None:
            held = work.holds(File.academic_sessions, at.sourced_id)
            if held and held.record_id and held.kind == TERM:
                return held.record_id
            at = sessions.get(at.parent_id) if at.parent_id else None
    raise AssertionError("A class names a session, and each session is a term or lies in one.")

"""The small school's package with work and grades in it, and what became of them."""

from sqlalchemy import select
from sqlmodel import col

from faraday_app.classes.service import rosters
from faraday_app.classes.service.rosters import Confirmed
from faraday_app.classes.service.rosters.identities import our_id
from faraday_app.classes.service.rosters.records import File
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment
from faraday_app.gradebook.models import Grade
from faraday_app.gradebook.service import ledger
from faraday_app.gradebook.service.ledger import Change
from tests.factories.rosters import SCHOOL, package

CATEGORIES = "sourcedId,status,dateLastModified,title\n"
LINE_ITEMS = (
    "sourcedId,status,dateLastModified,title,description,assignDate,dueDate,classSourcedId,categorySourcedId,"
    "gradingPeriodSourcedId,resultValueMin,resultValueMax\n"
)
RESULTS = "sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment\n"
QUIZ = "q1,,,Optics quiz,,2026-09-01,2026-09-08,k1,tests,s1,0,100\n"
LAB = "q2,,,Mirror lab,,2026-09-02,2026-09-09,k1,tests,s1,0,20\n"
GRADED = {
    "categories": CATEGORIES + "tests,,,Tests\n",
    "lineItems": LINE_ITEMS + QUIZ + LAB,
    "results": RESULTS
    + "r1,,,q1,u1,fully graded,300,2026-09-10,Well thought out\n"
    + "r2,,,q1,u2,exempt,,2026-09-10,\n"
    + "r3,,,q2,u1,fully graded,17.5,2026-09-10,\n",
}


def results(*rows: str) -> dict[str, str]:
    return GRADED | {"results": RESULTS + "".join(f"{row}\n" for row in rows)}


def delta(**files: str) -> bytes:
    """A package of changes to the gradebook alone."""
    none = dict.fromkeys(SCHOOL, None)
    modes = dict.fromkeys(SCHOOL, "absent") | dict.fromkeys(files, "delta")
    return package(modes=modes, **{**none, **files})


async def check(actor, data=None, **files):
    return await rosters.check(actor, "school.zip", data or package(**{**GRADED, **files}))


async def bring(actor, data=None, confirmed=None, **files):
    found = await check(actor, data, **files)
    assert found.state == "checked", found.findings
    return await rosters.apply(actor, found.id, found.digest, confirmed or Confirmed())


async def rows_of(actor, found, file="results"):
    async with transaction(actor) as session:
        rows = await rosters.changes_of(session, actor, found.id, rosters.Narrowing(file=file), 100)
        return {row.sourced_id: (row.action, row.row, row.why) for row in rows}


async def grades(actor):
    """By the title of the work and the name that the file has for the student."""
    async with transaction(Actor.system(actor.organization)) as session:
        names = {await our_id(session, actor.organization, File.users, id): id for id in ("u1", "u2")}
        query = select(Grade, Assignment.title).join(Assignment, col(Assignment.id) == col(Grade.assignment_id))
        here = query.where(col(Grade.organization_id) == actor.organization, col(Assignment.deleted_at).is_(None))
        return {
            (title, names.get(grade.student_id)): "EX" if grade.excused else grade.score and grade.score.normalize()
            for grade, title in await session.execute(here)
        }


async def one(actor, table, **by):
    async with transaction(Actor.system(actor.organization)) as session:
        query = select(table).where(col(table.organization_id) == actor.organization)
        found = await session.scalars(query.where(*(col(getattr(table, name)) == value for name, value in by.items())))
        return found.one()


async def student(actor, id):
    async with transaction(Actor.system(actor.organization)) as session:
        return await our_id(session, actor.organization, File.users, id)


async def enter(actor, title, sourced_id, typed):
    """A teacher's own."""
    work, who = await one(actor, Assignment, title=title), await student(actor, sourced_id)
    system = Actor.system(actor.organization)
    async with transaction(system) as session:
        entered = await ledger.enter(
            session, system, work.class_id, [Change(work.id, who, typed)], reason="Looked again"
        )
    assert not entered.refused
    return work

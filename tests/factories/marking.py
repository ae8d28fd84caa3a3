"""Work that is marked: handed in, written about, and saved as a grade."""

from uuid import UUID

from faraday_app.classes.models import ClassStaff
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal
from faraday_app.coursework.service.assessing import comments, marking
from faraday_app.coursework.service.rubrics import Mark, using
from faraday_app.gradebook.service.marking import Saving, feedback, pile, save
from tests.factories.classes import Classroom, make_assignment, make_group, make_submission
from tests.factories.people import Cast
from tests.factories.rubrics import make_rubric, meant, use_rubric

ESSAY = "Plants turn light into sugar. Light is all they need."
OGG = b"OggS" + b"\0" * 24 + b"OpusHead" + b"\0" * 20


async def handed_in(work, student, text=ESSAY, attempt=1):
    made = await make_submission(work, student, attempt=attempt)
    async with transaction(student) as session:
        row = await session.get_one(type(made), made.id)
        row.sealed_text = await seal(row.organization_id, text, f"submission {row.id}")
    return row


async def write(actor, work, what, level=0, place=0):
    async with transaction(actor) as session:
        plan = await using.plan_of(session, actor, work.id)
        await marking.write_mark(session, actor, plan, what, plan.rubric.criteria[place].id, Mark(level, remark="Why"))


async def saved(actor, work, what, grade=0, reason=""):
    async with transaction(actor) as session:
        return await save(session, actor, Saving(work.id, what, grade, reason))


async def marked(actor, work, what, level=0, **more):
    await write(actor, work, what, level)
    return await saved(actor, work, what, **more)


async def co_teacher(room):
    ana = room.cast.colleague
    async with transaction(Actor.system(ana.organization)) as session:
        session.add(ClassStaff(organization_id=ana.organization, class_id=room.id, user_id=ana.user, role="teacher"))
    return ana


async def piled(actor, work):
    async with transaction(actor) as session:
        return await pile(session, actor, await using.plan_of(session, actor, work.id))


async def read(actor, work, student):
    async with transaction(actor) as session:
        return await feedback(session, actor, work.id, student.user)


async def make_ids(cast: Cast, class_id: UUID) -> dict[str, str]:
    """Of an essay that was handed in and spoken about: its parts, by the names they have in paths."""
    learner, guardian = cast.student, cast.parent
    room = Classroom(cast, class_id, class_id, learner, learner, learner, guardian, guardian)
    work = await make_assignment(room, await make_group(room, "Essays to mark"), "Essay", 10)
    rubric = await make_rubric(cast.administrator)
    await use_rubric(room, work, await make_rubric(room.teacher))
    row = await handed_in(work, room.elif_)
    async with transaction(room.teacher) as session:
        plan = await using.plan_of(session, room.teacher, work.id)
        spoken = await comments.speak(session, room.teacher, plan, meant(row), OGG)
    return {
        "assignment_id": str(work.id),
        "submission_id": str(row.id),
        "student_id": str(room.elif_.user),
        "rubric_id": str(rubric.rubric.id),
        "recording_id": str(spoken.id),
    }

"""What is done with coursework, as tests do it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from faraday_app.classes.models import ClassStaff, SchoolClass, StaffRole, Term
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Submission, Upload
from faraday_app.coursework.service import assignments, groups, overrides, publishing, reading
from faraday_app.coursework.service.dates import Dates
from faraday_app.coursework.service.drafts import AssignmentDraft
from tests.factories.classes import Classroom
from tests.factories.people import Cast


async def do(actor: Actor, what: Any, *arguments: Any, **more: Any) -> Any:
    """A call of a service in a transaction of its own."""
    async with transaction(actor) as session:
        return await what(session, actor, *arguments, **more)


async def titles(room: Classroom, actor: Actor) -> list[str]:
    return [each.title for each in (await do(actor, reading.of_class, room.id)).work]


async def last_terms(room: Classroom, **more: Any) -> Classroom:
    """Another class of the same teacher, in a term that began 140 days earlier."""
    school = room.cast.organization_id
    async with transaction(Actor.system(school)) as session:
        this = await session.get_one(Term, room.term_id)
        starts, ends = this.starts_on - timedelta(days=140), this.starts_on - timedelta(days=10)
        term = Term(organization_id=school, name="Spring term", starts_on=starts, ends_on=ends)
        session.add(term)
        await session.flush()
        old = SchoolClass(organization_id=school, term_id=term.id, name="Biology 8B", **more)
        session.add(old)
        await session.flush()
        teacher = {"user_id": room.teacher.user, "role": StaffRole.teacher}
        session.add(ClassStaff(organization_id=school, class_id=old.id, **teacher))
    return replace(room, id=old.id, term_id=term.id)


async def make_ids(cast: Cast, class_id: UUID) -> dict[str, str]:
    """Work of a class with what was handed in: the ids of its parts, by the names they have in paths."""
    jonas, student = cast.administrator, cast.student.user
    ours = {"organization_id": cast.organization_id}
    async with transaction(jonas) as session:
        group = await groups.make(session, jonas, class_id, groups.GroupDraft("Labs"))
        draft = AssignmentDraft("Root tip lab", group.id, submission_types=("text", "link", "file"))
        work = await assignments.make(session, jonas, class_id, draft)
        await publishing.publish(session, jonas, work.id)
        other = await overrides.for_student(session, jonas, work.id, student, Dates())
        handed = Submission(**ours, assignment_id=work.id, student_id=student, submitted_at=now(), receipt="0" * 64)
        session.add(handed)
        await session.flush()
        upload = Upload(**ours, submission_id=handed.id, user_id=jonas.user, name="a.txt", size=20, touched_at=now())
        session.add(upload)
    return {
        "assignment_id": str(work.id),
        "group_id": str(group.id),
        "student_id": str(student),
        "dates_id": str(other.id),
        "submission_id": str(handed.id),
        "file_id": str(new_id()),
        "review_id": str(new_id()),
        "upload_id": str(upload.id),
        "rubric_id": str(new_id()),
        "pair_id": str(new_id()),
        "recording_id": str(new_id()),
        "batch_id": str(new_id()),
    }

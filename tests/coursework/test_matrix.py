"""Role × relationship × field, for the reads of assignments and materials.

A field is what somebody would learn: ``Early`` that there is this work, ``Early:description`` what it asks for. Each
actor reads everything once and must learn exactly what stands here. The states of the settings are read too: whoever
teaches anywhere may call them, and a teacher may be a parent here.
"""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from faraday_app.classes.models import Enrolled, Guardianship
from faraday_app.classes.service import enrolments
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError, NotFound, NotPermitted
from faraday_app.core.permissions import Actor, Role
from faraday_app.coursework.api.materials.schemas import material_out
from faraday_app.coursework.api.schemas import assignment_out, submission_out
from faraday_app.coursework.models import Assignment, Material
from faraday_app.coursework.service import materials, overrides, overview, reading
from faraday_app.coursework.service.dates import Dates
from faraday_app.coursework.service.materials import attaching, usage, versions
from faraday_app.coursework.service.rubrics import using
from faraday_app.coursework.service.submissions import desk
from faraday_app.coursework.service.submissions import reading as handed
from faraday_app.coursework.service.submissions.writing import text_of
from faraday_app.coursework.state.assignment import AssignmentState
from faraday_app.coursework.state.materials import AttachedState, AttachState
from faraday_app.coursework.state.settings import DatesState, SettingsState
from tests.factories.classes import Classroom, make_assignment, make_classroom, make_group
from tests.factories.coursework import do
from tests.factories.materials import add_page, make_section
from tests.factories.people import make_person
from tests.factories.rubrics import make_rubric, use_rubric
from tests.factories.similarity import hand_in
from tests.factories.tabs import open_at

DAY = timedelta(days=1)
TITLES = {"Quiz", "Early"}  # that everybody of the class may know
OPEN = {f"Quiz:{field}" for field in ("description", "tool", "rubric")}
EVERYBODYS = TITLES | OPEN | {"in library: All", "attached: All"}
WORK = ("Quiz", "Early", "Draft", "Amina's")
STAFF = (
    {*WORK, "roll", "overrides", "counts", "who handed in", "Elif:text", "Elif:handed in", "statistics", "history"}
    | {f"{title}:{field}" for title in WORK for field in ("description", "tool", "staff")}
    | {"Quiz:rubric", "Early:rubric", "Emre:date", "class:date"}
    | {f"{where}: {title}" for where in ("in library", "attached") for title in ("All", "Later", "Hidden", "Monday's")}
    | {"Later:when"}
)
CHANGING = {"form", "students to choose", "library to choose"}
MONDAYS = {"in library: Monday's", "attached: Monday's"}

LEARNS: dict[str, set[str]] = {
    "teacher": STAFF | CHANGING,
    "aide": STAFF,
    "head of its department": STAFF - {"counts"} | CHANGING,
    "administrator": STAFF - {"counts"} | CHANGING,
    "student": EVERYBODYS | {"class:date", "own desk", "Elif:text", "Elif:handed in", "who handed in"},
    "student with another date": EVERYBODYS | MONDAYS | {"Emre:date", "own desk", "who handed in"},
    "student of whom one is": EVERYBODYS | {"Amina's", "Amina's:description", "Amina's:tool", "class:date", "own desk"}
    | {"who handed in"},
    "student who was withdrawn": set(),
    "parent of two": EVERYBODYS | MONDAYS | {"class:date", "Emre:date", "Elif:handed in", "who handed in"},
    "parent who teaches elsewhere": EVERYBODYS | {"class:date", "Elif:handed in", "who handed in"},
    "parent no more": set(),
    "teacher of nothing here": set(),
    "student of nothing": set(),
    "administrator of another school": set(),
}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    room: Classroom
    work: dict[str, Assignment]
    materials: dict[str, Material]
    actors: dict[str, Actor]


@pytest.fixture
async def scene(cast) -> Scene:
    """Elif has handed in the quiz; Emre, of the Monday lab, has another date for it; one piece is Amina's alone."""
    room, school = await make_classroom(cast), cast.organization_id
    group = await make_group(room)
    more: dict[str, Any] = {"description": "What to do.", "external_url": "https://example.org/tool"}
    work = {
        "Quiz": await make_assignment(room, group, "Quiz", due_at=now() + 2 * DAY, **more),
        "Early": await make_assignment(room, group, "Early", available_from=now() + DAY, **more),
        "Draft": await make_assignment(room, group, "Draft", status="draft", **more),
        "Amina's": await make_assignment(room, group, "Amina's", for_everyone=False, **more),
    }
    monday = await make_section(room, "Monday lab", room.emre)
    kept = {
        "All": await add_page(room, "All"),
        "Later": await add_page(room, "Later", visible_from=now() + DAY),
        "Hidden": await add_page(room, "Hidden", draft=True),
        "Monday's": await add_page(room, "Monday's", section_ids=[monday]),
    }
    rubric = await make_rubric(room.teacher)
    for each in (work["Quiz"], work["Early"]):
        await use_rubric(room, each, rubric)
        await do(room.teacher, attaching.add, each.id, [material.id for material in kept.values()])
    await do(room.teacher, overrides.for_student, work["Quiz"].id, room.emre.user, Dates(now() + 9 * DAY))
    await do(room.teacher, overrides.for_student, work["Amina's"].id, room.amina.user, Dates())
    await hand_in(work["Quiz"], room.elif_, "Elif's own words.")
    return Scene(room, work, kept, await _actors(cast, room, school))


async def _actors(cast, room, school) -> dict[str, Actor]:
    ben, outsider = [await make_person(school, Role.student, name) for name in ("Ben Carter", "Chloe Martin")]
    gone = await make_person(school, Role.parent, "Rui Lopes")
    both = await make_person(school, Role.teacher, "Petra Weber", cast.teacher.department_id)
    now_ = now()
    async with transaction(cast.administrator) as session:
        await enrolments.enrol(session, cast.administrator, room.id, [ben.user])
        await enrolments.set_status(session, cast.administrator, room.id, [ben.user], Enrolled.withdrawn)
        for guardian, ended in ((gone, now_), (both, None)):
            session.add(
                Guardianship(
                    organization_id=school, guardian_id=guardian.user, student_id=room.elif_.user, ended_at=ended
                )
            )
    return {
        "teacher": room.teacher,
        "aide": cast.aide,
        "head of its department": cast.head,
        "administrator": cast.administrator,
        "student": room.elif_,
        "student with another date": room.emre,
        "student of whom one is": room.amina,
        "student who was withdrawn": ben,
        "parent of two": room.nadir,
        "parent who teaches elsewhere": both,
        "parent no more": gone,
        "teacher of nothing here": cast.colleague,
        "student of nothing": outsider,
        "administrator of another school": cast.stranger,
    }


class TestReads:
    async def test_tell_each_what_is_theirs(self, scene):
        assert set(scene.actors) == set(LEARNS)
        found = {name: await _learnt(scene, actor) for name, actor in scene.actors.items()}
        wrong = {
            name: {"told": sorted(found[name] - LEARNS[name]), "kept back": sorted(LEARNS[name] - found[name])}
            for name in LEARNS
            if found[name] != LEARNS[name]
        }
        assert wrong == {}


async def _learnt(scene: Scene, actor: Actor) -> set[str]:
    async with transaction(actor) as session:
        found = {field async for field in _of_services(scene, session, actor)}
    return found | {field async for field in _of_states(scene, actor)}


async def _read(what: Awaitable[Any]) -> Any:
    """Nothing for whoever may not."""
    try:
        return await what
    except (NotFound, NotPermitted):
        return None


async def _of_services(scene: Scene, session: Any, actor: Actor) -> AsyncIterator[str]:
    room, quiz = scene.room, scene.work["Quiz"]
    listed = await _read(reading.of_class(session, actor, room.id))
    told = [assignment_out(each) for each in reading.each(listed)] if listed else []
    for each in scene.work.values():
        if seen := await _read(reading.get(session, actor, each.id)):
            told.append(assignment_out(seen))
    for out in told:
        yield out.title
        shown = {"description": out.description, "tool": out.external_url, "staff": out.version}
        for field in (name for name, value in shown.items() if value):
            yield f"{out.title}:{field}"
        for dates in out.dates if out.title == "Quiz" else ():
            yield "class:date" if dates.due_at == quiz.due_at else "Emre:date"
    for part in (_of_plans, _of_work, _of_materials):
        async for field in part(scene, session, actor):
            yield field


async def _of_plans(scene: Scene, session: Any, actor: Actor) -> AsyncIterator[str]:
    for title, each in scene.work.items():
        plan = await _read(using.plan_of(session, actor, each.id))
        if plan and plan.rubric:
            yield f"{title}:rubric"
    if rows := await _read(overrides.of_assignment(session, actor, scene.work["Quiz"].id)):
        yield "overrides"
        if any(row.student_id == scene.room.emre.user for row in rows):
            yield "Emre:date"


async def _of_work(scene: Scene, session: Any, actor: Actor) -> AsyncIterator[str]:
    room, quiz = scene.room, scene.work["Quiz"]
    if await _read(handed.roll(session, actor, quiz.id)):
        yield "roll"
    if await _read(handed.of_children(session, actor, quiz.id)) or await _read(handed.roll(session, actor, quiz.id)):
        yield "who handed in"
    for attempt in await _read(handed.attempts(session, actor, quiz.id, room.elif_.user)) or ():
        yield "Elif:handed in"
        out = submission_out(attempt, await text_of(attempt.submission) if attempt.readable else "")
        if out.text:
            yield "Elif:text"
    if await _read(desk.sit_down(session, actor, quiz.id)):
        yield "own desk"
    for each in await _read(overview.taught(session, actor)) or ():
        if each.work.class_id == room.id:
            yield "counts"


async def _of_materials(scene: Scene, session: Any, actor: Actor) -> AsyncIterator[str]:
    room = scene.room
    staffed = bool(await _read(handed.roll(session, actor, scene.work["Quiz"].id)))
    for read in (
        materials.listed(session, actor, room.id),
        materials.search(session, actor, class_id=room.id),
        *(materials.entry(session, actor, each.id) for each in scene.materials.values()),
    ):
        found = await _read(read)
        for entry in (found if isinstance(found, list) else [found]) if found else ():
            yield f"in library: {entry.material.title}"
            if material_out(entry, staff=staffed).visible_from:
                yield f"{entry.material.title}:when"
    for title in ("Quiz", "Early"):
        for entry in await _read(materials.attached_to(session, actor, scene.work[title].id)) or ():
            yield f"attached: {entry.material.title}"
    every = scene.materials["All"].id
    if await _read(usage.by_day(session, actor, every)):
        yield "statistics"
    if await _read(versions.history(session, actor, every)):
        yield "history"


async def _of_states(scene: Scene, actor: Actor) -> AsyncIterator[str]:
    """As whoever calls a handler by its name, whatever the page shows."""
    if not actor.could("coursework:manage"):
        return
    quiz = str(scene.work["Quiz"].id)
    page = await open_at(actor, AssignmentState, "/assignment", id=quiz)
    settings = await page.get_state(SettingsState)
    await _tried(SettingsState.open_for, settings, quiz)
    if settings.form or settings.overrides:
        yield "form"
    dates = await page.get_state(DatesState)
    await _tried(DatesState.begin, dates)
    if dates.targets:
        yield "students to choose"
    attached = await page.get_state(AttachedState)
    await _tried(AttachedState.show_for, attached, quiz)
    attached.rows = []
    dialog = await page.get_state(AttachState)
    await _tried(AttachState.begin, dialog)
    if dialog.found:
        yield "library to choose"


async def _tried(handler: Any, *arguments: Any) -> None:
    try:
        await handler.fn(*arguments)
    except FaradayError:
        return

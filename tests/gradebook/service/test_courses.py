"""What lists and the grid of a class are made of, in whatever way it is read."""

from datetime import timedelta
from uuid import UUID

import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.gradebook.calculation import View, calculate
from faraday_app.gradebook.models import Grade, GradeRelease
from faraday_app.gradebook.service import grid, marks, reading, sheets, totals
from faraday_app.gradebook.service.courses import courses_of, scores_of, scores_of_marks
from faraday_app.gradebook.service.sheets import Sheets
from tests.factories.classes import make_assignment, make_classroom, make_group

POSTED, LATER = now() - timedelta(hours=1), now() + timedelta(hours=1)
KINDS = [
    {"score": 17, "posted_at": POSTED},
    {"score": "12.3456", "posted_at": POSTED},
    {"score": 9, "posted_at": None},
    {"score": 20, "posted_at": LATER},
    {"score": 11, "posted_at": POSTED, "pending_review": True},
    {"score": None, "excused": True, "posted_at": POSTED},
    {"score": 5, "excused": True, "pending_review": True, "posted_at": None},
    {"score": None, "posted_at": None},
]


@pytest.fixture
async def room(cast):
    """Each of the three has every kind of grade for other work; one piece is not for Emre, one is not released."""
    room = await make_classroom(cast)
    group, school = await make_group(room, drop_lowest=1), cast.organization_id
    works = [await make_assignment(room, group, f"Quiz {n}") for n in range(len(KINDS))]
    works.append(await make_assignment(room, group, "Retake", for_everyone=False))
    async with transaction(Actor.system(school)) as session:
        session.add(GradeRelease(organization_id=school, assignment_id=works[1].id, audience="student"))
        for turn, student in enumerate(room.students):
            for place, kind in enumerate(KINDS):
                ids = {"class_id": room.id, "assignment_id": works[(place + turn) % len(KINDS)].id}
                session.add(Grade(organization_id=school, student_id=student.user, raw=kind["score"], **ids, **kind))
    return room


class TestScores:
    async def test_are_those_of_the_grades_whichever_way_they_are_read(self, room):
        moment = now()
        async with transaction(room.teacher) as session:
            structure = await reading.read(session, room.id)
            read = await scores_of(session, structure, moment)
            some = await scores_of(session, structure, moment, [room.emre.user])
            held = await marks.of_class(session, room.id)
        assert len(read) == len(room.students)
        for student, scores in scores_of_marks(structure, held, moment).items():
            assert dict(scores.scores) == dict(read[student].scores)
            for name in ("excused", "pending_review", "unposted"):
                assert set(getattr(scores, name)) == set(getattr(read[student], name)) != set()
        assert some == {room.emre.user: read[room.emre.user]}

    async def test_come_to_what_a_sheet_of_each_comes_to(self, room):
        moment = now()
        async with transaction(room.teacher) as session:
            structure = await reading.read(session, room.id)
            read = await scores_of(session, structure, moment)
            graded = sheets.of_marks(await marks.of_class(session, room.id))
            kept = await totals.refresh(session, structure)
        courses, made = courses_of(structure), Sheets(structure, moment)
        for student in structure.sections:
            sheet = made.of(student, graded[student])
            teacher, seen = calculate(sheet), calculate(sheet, View.student)
            shown = courses.of(student).shown(read[student])
            assert [each.percent for each in shown] == [teacher.current.percent, teacher.final.percent]
            assert kept[student].seen_current_percent == seen.current.percent != teacher.current.percent
            assert kept[student].seen_final_percent == seen.final.percent

    async def test_are_nobodys_in_another_school(self, room, cast):
        async with transaction(room.teacher) as session:
            structure = await reading.read(session, room.id)
        async with transaction(cast.stranger) as session:
            assert await scores_of(session, structure, now()) == {}


class TestGrid:
    async def test_tells_each_cell_as_it_is(self, room):
        async with transaction(room.teacher) as session:
            opened = await grid.open_grid(session, room.teacher, room.id)
        cells = {id: cells for id, *_, cells in opened["students"]}
        assert cells[str(room.elif_.user)] == [
            ["17", 1, ""],
            ["12.3456", 1, ""],
            ["9", 1, "du"],
            ["20", 1, ""],
            ["11", 1, "r"],
            ["EX", 1, ""],
            ["EX", 1, "ur"],
            ["", 1, ""],
            ["", 0, "h"],
        ]

    async def test_tells_the_same_of_a_few(self, room):
        async with transaction(room.teacher) as session:
            opened = await grid.open_grid(session, room.teacher, room.id)
            changed = [(UUID(opened["work"][0][0]), room.emre.user)]
            few = await grid.of_cells(session, room.teacher, room.id, changed)
        assert few["structure"] == opened["structure"]
        assert few["students"] == [[id, *rest] for id, _, _, *rest in opened["students"] if id == str(room.emre.user)]
        assert few["since"] == ""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, update
from sqlmodel import col

from faraday_app.classes.models import Enrolment, Section
from faraday_app.core.database import engine, transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.coursework.service import changes, dates, overrides
from faraday_app.coursework.service.dates import NO_DATES, Dates, effective
from tests.factories.classes import make_assignment, make_group

MONDAY = datetime(2026, 11, 30, 22, tzinfo=UTC)
BASE, LATER, LATEST = (Dates(MONDAY + timedelta(days=days)) for days in (0, 1, 2))


class TestEffective:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({}, BASE),
            ({"section": LATER}, LATER),
            ({"student": LATEST}, LATEST),
            ({"section": LATER, "student": LATEST}, LATEST),
            ({"student": NO_DATES}, NO_DATES),  # no date at all is not the class's date
            ({"for_everyone": False}, None),
            ({"for_everyone": False, "section": LATER}, LATER),
            ({"for_everyone": False, "student": LATEST}, LATEST),
        ],
    )
    def test_takes_the_nearest(self, given, expected):
        assert effective(BASE, **given) == expected


async def in_section(room, *students):
    async with transaction(room.teacher) as session:
        section = Section(organization_id=room.cast.organization_id, class_id=room.id, name="Group A")
        session.add(section)
        await session.flush()
        ids = [each.user for each in students]
        chosen = (col(Enrolment.student_id).in_(ids), col(Enrolment.class_id) == room.id)
        await session.execute(update(Enrolment).where(*chosen).values(section_id=section.id))
    return section


class TestOfClass:
    async def test_finds_those_of_everybody_in_one_query(self, room):
        group = await make_group(room)
        quiz = await make_assignment(room, group, due_at=BASE.due_at)
        lab = await make_assignment(room, group, "Root tip lab", for_everyone=False)
        section = await in_section(room, room.elif_, room.emre)
        async with transaction(room.teacher) as session:
            for work in (quiz, lab):
                await overrides.for_section(session, room.teacher, work.id, section.id, LATER)
            await overrides.for_student(session, room.teacher, quiz.id, room.emre.user, LATEST)
        asked: list[str] = []

        def ask(_connection, _cursor, statement, *_):
            asked.append(statement)

        async with transaction(room.teacher) as session:
            event.listen(engine().sync_engine, "before_cursor_execute", ask)
            found = await dates.of_class(session, room.id)
            event.remove(engine().sync_engine, "before_cursor_execute", ask)
        assert len(asked) == 1
        students = (room.elif_, room.emre, room.amina)
        assert [found.of(quiz.id, each.user) for each in students] == [LATER, LATEST, BASE]
        assert [found.of(lab.id, each.user) for each in students] == [LATER, LATER, None]


class TestOverrides:
    async def test_say_whose_grades_they_change(self, room, monkeypatch):
        heard = []

        async def hear(_session, class_id, student_ids):
            heard.append((class_id, student_ids))

        monkeypatch.setattr(changes, "CHANGES", [hear])
        quiz = await make_assignment(room, await make_group(room))
        section = await in_section(room, room.elif_, room.emre)
        async with transaction(room.teacher) as session:
            await overrides.for_student(session, room.teacher, quiz.id, room.emre.user, LATEST)
            again = await overrides.for_student(session, room.teacher, quiz.id, room.emre.user, LATER)
            await overrides.for_section(session, room.teacher, quiz.id, section.id, LATER)
            await overrides.remove(session, room.teacher, quiz.id, again.id)
            left = await overrides.of_assignment(session, room.teacher, quiz.id)
        one, both = {room.emre.user}, {room.elif_.user, room.emre.user}
        assert heard == [(room.id, one), (room.id, one), (room.id, both), (room.id, one)]
        assert [each.section_id for each in left] == [section.id]

    async def test_are_for_the_class_alone(self, cast, room):
        quiz = await make_assignment(room, await make_group(room))
        with pytest.raises(Invalid) as refused:
            async with transaction(room.teacher) as session:
                await overrides.for_student(session, room.teacher, quiz.id, cast.colleague.user, LATER)
        assert refused.value.field == "student_id"
        for actor, error in ((cast.aide, NotPermitted), (room.elif_, NotPermitted), (cast.colleague, NotFound)):
            with pytest.raises(error):
                async with transaction(actor) as session:
                    await overrides.for_student(session, actor, quiz.id, room.emre.user, LATER)
        with pytest.raises(NotFound):
            async with transaction(room.elif_) as session:
                await overrides.of_assignment(session, room.elif_, quiz.id)

    async def test_keep_their_order(self, room):
        quiz = await make_assignment(room, await make_group(room))
        wrong = Dates(MONDAY, available_until=MONDAY - timedelta(hours=1))
        with pytest.raises(Invalid) as refused:
            async with transaction(room.teacher) as session:
                await overrides.for_student(session, room.teacher, quiz.id, room.emre.user, wrong)
        assert refused.value.field == "available_until"

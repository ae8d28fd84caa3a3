"""Students review each other's work: who is given what, who writes, who reads, and when."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from faraday_app.classes.models import Enrolled
from faraday_app.classes.service import enrolments
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor, Role
from faraday_app.coursework.service import assignments, peers, teams
from faraday_app.coursework.service.peers import Draft, State, Words
from faraday_app.coursework.service.rubrics import Mark
from faraday_app.coursework.service.submissions import writing
from tests.factories.classes import make_assignment, make_submission
from tests.factories.coursework import do
from tests.factories.grades import record_of
from tests.factories.peers import make_reviewed, reviews_of, say, task_of
from tests.factories.people import make_person
from tests.factories.rubrics import make_rubric, use_rubric

DAY = timedelta(days=1)


async def given(work) -> set[tuple]:
    return {(each.reviewer_id, each.author_id) for each in await reviews_of(work)}


async def plan_of(work) -> peers.Plan:
    async with transaction(Actor.system()) as session:
        return await peers.plan_of(session, work)


async def change(work, **values) -> None:
    sets = ", ".join(f"{name} = :{name}" for name in values)
    async with transaction(Actor.system()) as session:
        await session.execute(
            text(f"update assignments set {sets} where id = :id"),  # noqa: S608  names of the test itself
            {**values, "id": work.id},
        )


class TestGiveOut:
    async def test_is_even_and_gives_nobody_their_own(self, room):
        work = await make_reviewed(room, 2)
        pairs = await given(work)
        assert len(pairs) == 6
        assert all(reviewer != author for reviewer, author in pairs)

    async def test_is_for_the_teachers_of_the_class(self, cast, room):
        work = await make_reviewed(room, given_out=False)
        for who, refused in ((cast.aide, NotPermitted), (room.elif_, NotPermitted), (cast.colleague, NotFound)):
            with pytest.raises(refused):
                await do(who, peers.begin, work.id)
            with pytest.raises(refused):
                await do(who, peers.set_plan, work.id, 1, Draft())
            with pytest.raises(refused):
                await do(who, peers.release, work.id)
        assert await given(work) == set()

    async def test_leaves_out_who_has_not_handed_in_until_they_do(self, cast, room, group):
        work = await make_assignment(room, group, "Essay", peer_reviews=1)
        for student in (room.elif_, room.emre):
            await make_submission(work, student)
        await do(room.teacher, peers.set_plan, work.id, 0, Draft())
        await do(room.teacher, peers.begin, work.id)
        assert await given(work) == {(room.elif_.user, room.emre.user), (room.emre.user, room.elif_.user)}
        await do(room.amina, writing.save, work.id, "Late, but here.", "", 0)
        await do(room.amina, writing.hand_in, work.id, "key")
        assert Counter(author for _, author in await given(work)) == Counter(each.user for each in room.students)
        assert Counter(reviewer for reviewer, _ in await given(work)) == Counter(each.user for each in room.students)

    async def test_gives_nobody_work_of_their_own_team(self, cast, room, group):
        ines = await make_person(cast.organization_id, Role.student, "Ines Costa")
        await do(room.teacher, enrolments.enrol, room.id, [ines.user])
        work = await make_assignment(room, group, "Essay", peer_reviews=2, group_work=True)
        made = await do(room.teacher, teams.put, work.id, {"Bees": [room.elif_.user, room.emre.user],
                                                           "Ants": [room.amina.user, ines.user]})  # fmt: skip
        ids = {each.name: each.id for each in made}
        await make_submission(work, room.elif_, team_id=ids["Bees"])
        await make_submission(work, ines, team_id=ids["Ants"])
        await do(room.teacher, peers.set_plan, work.id, 0, Draft())
        await do(room.teacher, peers.begin, work.id)
        bees, ants = room.elif_.user, ines.user
        assert await given(work) == {
            (room.elif_.user, ants), (room.emre.user, ants), (room.amina.user, bees), (ines.user, bees)
        }  # fmt: skip
        with pytest.raises(Invalid, match="own"):
            await do(room.teacher, peers.give, work.id, room.emre.user, room.elif_.user)
        assert {task.of for task in await do(room.emre, peers.tasks, work.id)} == {""}

    async def test_takes_tasks_of_who_left(self, room):
        work = await make_reviewed(room, 1)
        await do(room.teacher, enrolments.set_status, room.id, [room.amina.user], Enrolled.withdrawn)
        await do(room.teacher, peers.begin, work.id)
        assert await given(work) == {(room.elif_.user, room.emre.user), (room.emre.user, room.elif_.user)}

    async def test_happens_by_itself_when_the_work_is_due(self, room):
        work = await make_reviewed(room, 1, given_out=False)
        assert await peers.turn() == 0
        await change(work, due_at=now() - timedelta(minutes=1))
        assert await peers.turn() == 1
        assert len(await given(work)) == 3
        assert await peers.turn() == 0

    async def test_is_the_teachers_where_they_say_so(self, room):
        work = await make_reviewed(room, 1, given_out=False, by_lot=False)
        with pytest.raises(Conflict, match="yourself"):
            await do(room.teacher, peers.begin, work.id)
        await do(room.teacher, peers.give, work.id, room.elif_.user, room.emre.user)
        with pytest.raises(Conflict, match="already"):
            await do(room.teacher, peers.give, work.id, room.elif_.user, room.emre.user)
        found = await do(room.teacher, peers.overview, work.id)
        assert [(each.reviewer, each.author) for each in found.given] == [("Elif Kaya", "Emre Kaya")]
        assert found.unreviewed == ["Amina Haddad", "Elif Kaya"]
        await do(room.teacher, peers.take_back, found.given[0].id)
        assert await given(work) == set()


class TestWrite:
    async def test_by_the_rubric_with_remarks(self, room):
        rubric = await make_rubric(room.teacher)
        work = await make_reviewed(room, 1, given_out=False)
        await use_rubric(room, work, rubric)
        await do(room.teacher, peers.begin, work.id)
        task = await task_of(work, room.elif_)
        desk = await do(room.elif_, peers.sit_down, task.id)
        assert [each.title for each in desk.criteria] == ["Evidence", "Structure", "Spelling", "Effort"]
        assert desk.text == f"The essay of {task.author_id}."
        first = {desk.criteria[0].id: Mark(rating=1, remark="Name your sources.")}
        kept = await do(room.elif_, peers.write, task.id, task.version, Words(first, "Good."))
        with pytest.raises(Invalid, match="Structure"):
            await do(room.elif_, peers.send, task.id, kept.version)
        with pytest.raises(Conflict, match="another window"):
            await do(room.elif_, peers.write, task.id, task.version, Words())
        marks = {**first, desk.criteria[1].id: Mark(rating=0), desk.criteria[2].id: Mark(points=Decimal(0))}
        kept = await do(room.elif_, peers.write, task.id, kept.version, Words(marks, "Good."))
        await do(room.elif_, peers.send, task.id, kept.version)
        _, criteria, words = await do(room.teacher, peers.look, task.id)
        assert words.marks[criteria[0].id] == Mark(1, criteria[0].ratings[1].points, "Name your sources.")
        assert words.comment == "Good."

    async def test_needs_words_and_can_be_taken_up_again(self, room):
        work = await make_reviewed(room)
        task = await task_of(work, room.elif_)
        with pytest.raises(Invalid, match="Write something"):
            await do(room.elif_, peers.send, task.id, task.version)
        sent = await say(room.elif_, task)
        with pytest.raises(Conflict, match="sent"):
            await do(room.elif_, peers.write, task.id, sent.version, Words({}, "Other words."))
        again = await do(room.elif_, peers.take_up_again, task.id)
        await do(room.elif_, peers.write, task.id, again.version, Words({}, "Other words."))
        with pytest.raises(NotFound):
            await do(room.teacher, peers.look, task.id)

    async def test_ends_with_the_due_date(self, room):
        work = await make_reviewed(room, due_at=now() + DAY)
        task = await task_of(work, room.elif_)
        plan = await plan_of(work)
        await do(room.teacher, peers.set_plan, work.id, plan.number, Draft(due_at=now() - DAY))
        with pytest.raises(Conflict, match="were due"):
            await do(room.elif_, peers.write, task.id, task.version, Words({}, "Late."))
        assert [each.state for each in await do(room.elif_, peers.tasks, work.id)] == [State.missing]

    async def test_stays_with_the_attempt_that_was_begun(self, room):
        work = await make_reviewed(room)
        for task in await reviews_of(work):
            reviewer = next(each for each in room.students if each.user == task.reviewer_id)
            if reviewer is room.elif_:
                await do(reviewer, peers.write, task.id, task.version, Words({}, "Begun."))
        for student in room.students:
            await do(student, writing.save, work.id, "A second attempt.", "", 0)
            await do(student, writing.hand_in, work.id, f"key {student.user}")
        read = {
            each.user: (await do(each, peers.sit_down, (await task_of(work, each)).id)).text for each in room.students
        }
        assert read.pop(room.elif_.user).startswith("The essay of")
        assert set(read.values()) == {"A second attempt."}

    async def test_changes_no_grade(self, room):
        work = await make_reviewed(room)
        before = await record_of(room, room.teacher, room.elif_)
        for student in room.students:
            await say(student, await task_of(work, student))
        await do(room.teacher, peers.release, work.id)
        assert await record_of(room, room.teacher, room.elif_) == before

    async def test_is_nobody_elses(self, room):
        work = await make_reviewed(room)
        task = await task_of(work, room.elif_)
        for other in (room.emre, room.amina, room.nadir, room.teacher):
            with pytest.raises(NotFound):
                await do(other, peers.sit_down, task.id)


class TestRelease:
    async def test_by_itself_when_reviews_are_due(self, room):
        work = await make_reviewed(room, due_at=now() + DAY, opens_when_due=True)
        await say(room.elif_, await task_of(work, room.elif_))
        assert await peers.turn() == 0
        async with transaction(Actor.system()) as session:
            await session.execute(
                text("update peer_plans set due_at = now() - interval '1 minute' where assignment_id = :id"),
                {"id": work.id},
            )
        assert await peers.turn() == 1
        assert (await plan_of(work)).released_at is not None
        await do(room.teacher, peers.withhold, work.id)
        assert await peers.turn() == 0

    async def test_keeps_the_promise_of_no_names(self, room):
        work = await make_reviewed(room)
        task = await task_of(work, room.elif_)
        await do(room.elif_, peers.write, task.id, task.version, Words({}, "Begun."))
        plan = await plan_of(work)
        with pytest.raises(Conflict, match="without names"):
            await do(room.teacher, peers.set_plan, work.id, plan.number, Draft(anonymous=False))

    async def test_is_copied_without_its_dates(self, room):
        work = await make_reviewed(room, 2, anonymous=False, due_at=now() + DAY, opens_when_due=True)
        copy = await do(room.teacher, assignments.duplicate, work.id)
        assert await plan_of(copy) == peers.Plan(2, Draft(anonymous=False))

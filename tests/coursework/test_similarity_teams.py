"""Of a team's text every author is asked, answers alone, and nothing is made of any before all were heard."""

import pytest
from sqlmodel import col, delete, update

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, NotFound
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import AssignmentTeamMember, Outcome, SimilarityReview
from faraday_app.coursework.service import teams
from faraday_app.coursework.service.similarity import hearing, reviews
from faraday_app.coursework.state.similarity import SimilarityState, StatementState
from faraday_app.organizations.models import Membership
from tests.factories.classes import make_assignment
from tests.factories.coursework import do
from tests.factories.similarity import COPY, ORIGINAL, compare_all, hand_in, pairs_of, rows
from tests.factories.tabs import open_at


@pytest.fixture
async def work(room, group):
    """The student's own text, and one that Elif began for herself and Emre."""
    work = await make_assignment(room, group, "Bees", group_work=True)
    pair = {"Queens": [room.elif_.user, room.emre.user]}
    (team,) = await do(room.teacher, teams.put, work.id, pair)
    await hand_in(work, room.amina, ORIGINAL)
    await hand_in(work, room.elif_, COPY, team_id=team.id)
    await compare_all()
    return work


async def ask(room, work):
    (pair,) = await pairs_of(room, work)
    text = next(each.text for each in (pair.left, pair.right) if each.text.team_id)
    asked = await do(room.teacher, reviews.ask, pair.row.id, text.id, "Who wrote about the bees?")
    return {each.student_id: each for each in asked}


@pytest.fixture
async def asked(room, work):
    return await ask(room, work)


async def say(student, asked, words):
    (row,) = await rows(SimilarityReview, id=asked[student.user].id)
    await do(student, reviews.state, row.id, row.version, words)


async def decide(room, asked, student, outcome=Outcome.talked):
    (row,) = await rows(SimilarityReview, id=asked[student.user].id)
    await do(room.teacher, reviews.decide, row.id, row.version, outcome)


class TestAsk:
    async def test_reaches_every_author(self, room, asked):
        assert set(asked) == {room.elif_.user, room.emre.user}
        assert len({each.question_id for each in asked.values()}) == 1
        for student in (room.elif_, room.emre):
            (seen,) = await do(student, hearing.mine)
            assert seen.question == "Who wrote about the bees?"
            assert seen.passages[0].startswith("My grandmother kept bees")

    async def test_is_done_once_for_the_team(self, room, work, asked):
        with pytest.raises(Conflict, match="All authors"):
            await ask(room, work)

    async def test_reaches_who_came_to_the_team_later(self, room, work, asked):
        await say(room.elif_, asked, "We wrote it together.")
        await say(room.emre, asked, "We did.")
        async with transaction(Actor.system(work.organization_id)) as session:
            emre = col(AssignmentTeamMember.student_id) == room.emre.user
            team = await teams.team_of(session, work.id, room.emre.user)
            await session.execute(delete(AssignmentTeamMember).where(emre))
            new = AssignmentTeamMember(
                organization_id=work.organization_id,
                assignment_id=work.id,
                team_id=team.id,
                student_id=room.amina.user,
            )
            session.add(new)
        with pytest.raises(Conflict, match="1 author of this work came to the team later"):
            await decide(room, asked, room.elif_)
        assert set(await ask(room, work)) == {room.amina.user}
        assert len({each.question_id for each in await rows(SimilarityReview, assignment_id=work.id)}) == 1

    async def test_reaches_nobody_who_has_left_the_school(self, room, work):
        await leave(room.emre)
        assert set(await ask(room, work)) == {room.elif_.user}


class TestState:
    async def test_is_read_by_no_teammate(self, room, asked):
        await say(room.emre, asked, "Elif wrote that part.")
        (hers,) = await do(room.elif_, hearing.mine)
        assert "Elif wrote" not in repr(hers)
        assert (hers.statement, hers.silent) == ("", 0)

    async def test_is_given_for_nobody_else(self, room, asked):
        his = asked[room.emre.user]
        with pytest.raises(NotFound):
            await do(room.elif_, reviews.state, his.id, his.version, "I did all of it.")


class TestDecide:
    async def test_waits_for_all_of_them(self, room, work, asked):
        await say(room.elif_, asked, "I wrote it alone.")
        with pytest.raises(Conflict, match="1 author has not said anything yet"):
            await decide(room, asked, room.elif_)
        with pytest.raises(Conflict, match="The author has not said anything yet"):
            await decide(room, asked, room.emre)
        await say(room.emre, asked, "I was ill that week.")
        await decide(room, asked, room.elif_)
        await decide(room, asked, room.emre, Outcome.settled)
        outcomes = {each.student_id: each.outcome for each in await rows(SimilarityReview, assignment_id=work.id)}
        assert outcomes == {room.elif_.user: "talked", room.emre.user: "settled"}

    async def test_does_not_wait_for_who_has_left_the_school(self, room, asked):
        await say(room.elif_, asked, "I wrote it alone.")
        await leave(room.emre)
        await decide(room, asked, room.elif_)

    async def test_tells_each_their_own_alone(self, room, cast, asked):
        await say(room.elif_, asked, "I wrote it alone.")
        await say(room.emre, asked, "I was ill that week.")
        await decide(room, asked, room.elif_)
        (row,) = await rows(SimilarityReview, id=asked[room.elif_.user].id)
        await do(cast.administrator, reviews.confirm, row.id, row.version)
        (hers,), (his,) = await do(room.elif_, hearing.mine), await do(room.emre, hearing.mine)
        assert (hers.outcome, his.outcome) == (Outcome.talked, None)


class TestWithdraw:
    async def test_takes_it_back_from_all(self, room, work, asked):
        await say(room.elif_, asked, "I wrote it alone.")
        row = asked[room.emre.user]
        await do(room.teacher, reviews.withdraw, row.id, row.version)
        assert await do(room.elif_, hearing.mine) == await do(room.emre, hearing.mine) == []
        assert set(await ask(room, work)) == set(asked)

    async def test_leaves_what_two_have_agreed_on(self, room, cast, asked):
        await say(room.elif_, asked, "I wrote it alone.")
        await say(room.emre, asked, "I was ill that week.")
        await decide(room, asked, room.elif_)
        (row,) = await rows(SimilarityReview, id=asked[room.elif_.user].id)
        await do(cast.administrator, reviews.confirm, row.id, row.version)
        (row,) = await rows(SimilarityReview, id=asked[room.emre.user].id)
        await do(room.teacher, reviews.withdraw, row.id, row.version)
        (seen,) = await do(room.teacher, hearing.of_assignment, row.assignment_id)
        assert (seen.student_name, seen.outcome) == ("Elif Kaya", Outcome.talked)


class TestPages:
    async def test_show_the_teacher_who_has_not_answered(self, room, work):
        page = await open_at(room.teacher, SimilarityState, "/class/similarity", assignment=str(work.id))
        await SimilarityState.look.fn(page, page.rows[0].id)
        side = next(each for each in (page.left, page.right) if each.team)
        await SimilarityState.ask.fn(page, side.text_id, {"question": ""})
        student = await open_at(room.emre, StatementState, "/statement")
        (own,) = student.rows
        assert own.team
        await StatementState.state.fn(student, own.id, own.version, {"statement": "I made the pictures."})
        await SimilarityState.refresh.fn(page)
        (question,) = page.questions
        assert question.silent.startswith("1 of 2 has not answered yet.")
        said = {each.student: (each.step, each.statement) for each in question.answers}
        assert said == {"Elif Kaya": ("asked", ""), "Emre Kaya": ("heard", "I made the pictures.")}

    async def test_name_nobody_where_work_is_graded_without_names(self, room, group):
        work = await make_assignment(room, group, "Wasps", group_work=True, anonymous=True)
        members = {"Queens": [room.elif_.user, room.emre.user]}
        (team,) = await do(room.teacher, teams.put, work.id, members)
        await hand_in(work, room.amina, ORIGINAL)
        await hand_in(work, room.elif_, COPY, team_id=team.id)
        await compare_all()
        await ask(room, work)
        page = await open_at(room.teacher, SimilarityState, "/class/similarity", assignment=str(work.id))
        (question,) = page.questions
        assert "Kaya" not in repr(question)
        assert len({each.student for each in question.answers}) == 2


async def leave(student):
    async with transaction(Actor.system()) as session:
        theirs = col(Membership.user_id) == student.user
        await session.execute(update(Membership).where(theirs).values(deactivated_at=now()))

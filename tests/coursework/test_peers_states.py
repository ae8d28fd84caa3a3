"""Peer reviews on the page of an assignment and in the list of what is due."""

from datetime import timedelta

import pytest

from faraday_app.core.clock import now
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.coursework.peer_views import release_words
from faraday_app.coursework.service import peers
from faraday_app.coursework.service.peers import Given, State, Words
from faraday_app.coursework.state.assignment import AssignmentState
from faraday_app.coursework.state.listing import WorkState
from faraday_app.coursework.state.peers import PeerDeskState, PeerPlanState, PeerTasksState
from tests.factories.coursework import do
from tests.factories.peers import make_reviewed, say, task_of
from tests.factories.rubrics import make_rubric, use_rubric
from tests.factories.tabs import open_at

DAY = timedelta(days=1)


async def page_of(actor, work, kind):
    page = await open_at(actor, AssignmentState, "/assignment", id=str(work.id))
    state = await page.get_state(kind)
    await kind.show_for.fn(state, str(work.id))
    return state


class TestTasks:
    async def test_are_written_by_the_rubric_and_sent(self, room):
        work = await make_reviewed(room, given_out=False)
        await use_rubric(room, work, await make_rubric(room.teacher))
        await do(room.teacher, peers.begin, work.id)
        page = await page_of(room.elif_, work, PeerTasksState)
        assert [(each.title, each.badge) for each in page.tasks] == [("Review of a classmate (1)", "To do")]
        desk = await page.get_state(PeerDeskState)
        await PeerDeskState.begin.fn(desk, page.tasks[0].id)
        assert "The essay of" in desk.desk.html
        evidence, structure, spelling, _ = [each.id for each in desk.desk.criteria]
        await PeerDeskState.choose.fn(desk, evidence, 1)
        await PeerDeskState.write_remark.fn(desk, evidence, "Name your sources.")
        await PeerDeskState.write_points.fn(desk, structure, "4,5")
        await PeerDeskState.write_comment.fn(desk, "Well argued.")
        await PeerDeskState.send.fn(desk)
        assert desk.problem == "“Spelling” is not judged yet."
        await PeerDeskState.write_points.fn(desk, spelling, "5")
        assert "0.1 points at most" in desk.problem
        await PeerDeskState.write_points.fn(desk, spelling, "0.1")
        assert [each.points for each in desk.desk.criteria] == ["2.5", "4.5", "0.1", ""]
        await PeerDeskState.send.fn(desk)
        assert (desk.open, desk.problem) == (False, "")
        await PeerTasksState.refresh.fn(page)
        assert [each.badge for each in page.tasks] == ["Sent"]
        await PeerDeskState.begin.fn(desk, page.tasks[0].id)
        assert (desk.desk.closed, desk.desk.sent) == ("You have sent this review.", True)
        await PeerDeskState.take_up_again.fn(desk)
        assert desk.desk.closed == ""

    async def test_of_two_windows_lose_no_words(self, room):
        work = await make_reviewed(room)
        page = await page_of(room.elif_, work, PeerTasksState)
        one = await page.get_state(PeerDeskState)
        await PeerDeskState.begin.fn(one, page.tasks[0].id)
        other = await (await page_of(room.elif_, work, PeerTasksState)).get_state(PeerDeskState)
        await PeerDeskState.begin.fn(other, page.tasks[0].id)
        await PeerDeskState.write_comment.fn(one, "First.")
        await PeerDeskState.write_comment.fn(other, "Second.")
        assert (one.saved, other.saved) == ("Kept.", "")
        assert "another window" in other.problem
        await PeerDeskState.begin.fn(other, page.tasks[0].id)
        assert other.desk.comment == "First."

    async def test_are_opened_by_nobody_else(self, room):
        work = await make_reviewed(room)
        task = await task_of(work, room.elif_)
        desk = await (await page_of(room.emre, work, PeerTasksState)).get_state(PeerDeskState)
        with pytest.raises(NotFound):
            await PeerDeskState.begin.fn(desk, str(task.id))

    async def test_stand_in_the_list_of_what_is_due(self, room):
        work = await make_reviewed(room, anonymous=False, by_lot=False, given_out=False, due_at=now() + 40 * DAY)
        await do(room.teacher, peers.give, work.id, room.elif_.user, room.emre.user)

        async def rows(viewer) -> list:
            state = await open_at(viewer, WorkState, "/assignments")
            return [
                (part.title, row.title, row.badge) for part in state.sections for row in part.rows if "Rev" in row.title
            ]

        assert await rows(room.elif_) == [("Later", "Review of Emre Kaya: Essay", "To do")]
        assert await rows(room.nadir) == [("Later", "Review of a classmate: Essay", "To do")]
        await say(room.elif_, await task_of(work, room.elif_))
        assert await rows(room.elif_) == [("Done", "Review of Emre Kaya: Essay", "Sent")]


class TestReceived:
    async def test_is_read_once_it_is_released(self, room):
        work = await make_reviewed(room, by_lot=False, given_out=False)
        for reviewer in (room.emre, room.amina):
            await do(room.teacher, peers.give, work.id, reviewer.user, room.elif_.user)
            await say(reviewer, await task_of(work, reviewer), f"Words of {reviewer.user}.")
        page = await page_of(room.elif_, work, PeerTasksState)
        assert page.received == []
        staff = await page_of(room.teacher, work, PeerPlanState)
        await PeerPlanState.release.fn(staff)
        await PeerTasksState.refresh.fn(page)
        assert [each.title for each in page.received] == ["By a classmate (1)", "By a classmate (2)"]
        parents = await page_of(room.nadir, work, PeerTasksState)
        assert [each.comment for each in parents.received] == [each.comment for each in page.received]
        assert (await page_of(room.karim, work, PeerTasksState)).received == []
        await PeerPlanState.withhold.fn(staff)
        await PeerTasksState.refresh.fn(page)
        assert page.received == []


class TestPlan:
    async def test_is_set_given_out_and_read_by_the_teacher(self, room):
        work = await make_reviewed(room, given_out=False)
        page = await page_of(room.teacher, work, PeerPlanState)
        assert (page.each, page.summary) == (1, "No reviews are given out yet")
        await PeerPlanState.save.fn(page, {"peer_by": "lot", "peer_opens": "on"})
        assert "when the reviews are due" in page.problem
        await PeerPlanState.save.fn(page, {"peer_by": "lot", "peer_due_at": "2031-05-04T10:00", "peer_opens": "on"})
        assert (page.anonymous, page.opens_when_due, page.problem) == (False, True, "")
        await PeerPlanState.begin.fn(page)
        assert (len(page.given), page.started, page.summary[:19]) == (3, True, "0 of 3 reviews sent")
        await say(room.elif_, await task_of(work, room.elif_), "Well argued.")
        await PeerPlanState.refresh.fn(page)
        sent = next(each for each in page.given if each.sent)
        await PeerPlanState.read.fn(page, sent.id)
        assert (page.comment, page.reading) == ("Well argued.", sent.whole)
        left = next(each for each in page.given if not each.sent)
        await PeerPlanState.take_back.fn(page, left.id)
        await PeerPlanState.give.fn(page, {"peer_reviewer": str(room.emre.user), "peer_author": str(room.emre.user)})
        assert "their own work" in page.problem

    async def test_of_an_aide_is_to_be_read(self, cast, room):
        work = await make_reviewed(room)
        page = await page_of(cast.aide, work, PeerPlanState)
        assert len(page.given) == 3
        with pytest.raises(NotPermitted):
            await PeerPlanState.release.fn(page)

    async def test_of_a_student_is_nothing(self, room):
        work = await make_reviewed(room)
        page = await page_of(room.elif_, work, PeerPlanState)
        assert (page.each, page.given, page.students) == (0, [], [])


class TestReleasing:
    async def test_says_in_figures_what_it_does_before_it_does_it(self, room):
        work = await make_reviewed(room)
        page = await page_of(room.teacher, work, PeerPlanState)
        assert page.consequences == ""
        review = await task_of(work, room.elif_)
        await say(room.elif_, review)
        await PeerPlanState.set_releasing.fn(page, True)
        assert (page.releasing, page.released) == (True, False)
        assert page.consequences.startswith("1 of 3 reviews sent: 1 author can read what was said.")
        assert "2 reviews by Amina Haddad and Emre Kaya will stay unfinished" in page.consequences
        assert "Nobody" not in page.consequences
        await do(room.emre, peers.write, (task := await task_of(work, room.emre)).id, task.version, Words({}, "Hm."))
        await PeerPlanState.refresh.fn(page)
        assert "2 reviews (1 of them begun) by" in page.consequences
        await PeerPlanState.release.fn(page)
        assert (page.releasing, page.released) == (False, True)

    def test_names_six_at_most_and_nobody_where_all_are_sent(self):
        sent = [given(State.sent, f"Student {n}") for n in range(9)]
        assert release_words(sent).startswith("9 of 9 reviews sent: 9 authors can read what was said. You can stop")
        left = [given(State.missing, f"Student {n}") for n in range(8)]
        words = release_words(left)
        assert "by Student 0, Student 1, Student 2, Student 3, Student 4, Student 5 and 2 more will stay" in words
        assert "No review of the work of Student 0," in words


def given(state, name):
    return Given(new_id(), name, name, state, None, new_id(), new_id(), is_begun=False)

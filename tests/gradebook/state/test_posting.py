"""Who sees the grades of one piece of work, in the dialog at the head of its column."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from faraday_app.classes.models import Enrolment
from faraday_app.classes.service import sections
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.gradebook.models import Audience
from faraday_app.gradebook.service import posting
from faraday_app.gradebook.state.gradebook import GradebookState
from faraday_app.gradebook.state.posting import PostingState
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.grades import enter, make_policy, mark_of
from tests.factories.tabs import open_at, open_tab, sent


@pytest.fixture
async def room(cast):
    room = await make_classroom(cast)
    await make_policy(room, posting="manual")
    return room


async def opened(room, *grades):
    quiz = await make_assignment(room, await make_group(room))
    await enter(room, *((quiz, student, points) for student, points in grades))
    tab = await open_tab(room.teacher, PostingState)
    await PostingState.begin.fn(tab, str(room.id), str(quiz.id))
    return quiz, tab


def told(tab):
    return [(sight.state, sight.words) for sight in tab.showing.sights]


class TestBegin:
    async def test_is_asked_for_at_the_head_of_a_column(self, room):
        quiz = await make_assignment(room, await make_group(room))
        words = json.dumps({"posting": str(quiz.id), "at": 1})
        page = await open_at(room.teacher, GradebookState, "/class/gradebook", id=str(room.id))
        assert sent(await GradebookState.hear.fn(page, words)) == {"class_id": str(room.id), "work_id": str(quiz.id)}
        helper = await open_at(room.cast.aide, GradebookState, "/class/gradebook", id=str(room.id))
        assert await GradebookState.hear.fn(helper, words) is None

    async def test_says_who_sees_what(self, room):
        _, tab = await opened(room, (room.elif_, "17"), (room.emre, "9"))
        assert (tab.open, tab.showing.words) == (True, "2 of 3 graded, 0 posted.")
        assert told(tab) == [("nothing yet", "See 0 of 2 grades now.")] * 2
        assert tab.showing.of_class == "As the class does: when you post them"


class TestPost:
    async def test_shows_what_is_graded_and_can_be_taken_back(self, room):
        quiz, tab = await opened(room, (room.elif_, "17"))
        await PostingState.post.fn(tab)
        assert told(tab) == [("all", "See 1 of 1 grades now.")] * 2
        await PostingState.take_back.fn(tab)
        assert (await mark_of(room, quiz, room.elif_)).posted_at is None
        assert (tab.can_undo, tab.problem) == (False, "")

    async def test_can_be_for_one_section(self, room):
        async with transaction(room.teacher) as session:
            lab = await sections.add(session, room.teacher, room.id, "Monday lab")
            await session.flush()
            await session.execute(
                Enrolment.__table__.update()
                .where(Enrolment.student_id == room.emre.user, Enrolment.class_id == room.id)
                .values(section_id=lab.id)
            )
        quiz, tab = await opened(room, (room.elif_, "17"), (room.emre, "9"))
        assert [part.words for part in tab.showing.sections] == ["Monday lab: 1 to post of 1"]
        await PostingState.set_section.fn(tab, str(lab.id))
        await PostingState.post.fn(tab)
        assert (await mark_of(room, quiz, room.elif_)).posted_at is None
        assert (await mark_of(room, quiz, room.emre)).posted_at is not None

    async def test_for_everyone_goes_for_later_grades_too(self, room):
        quiz, tab = await opened(room, (room.elif_, "17"))
        await PostingState.post_for_everyone.fn(tab)
        await enter(room, (quiz, room.emre, "9"))
        assert (await mark_of(room, quiz, room.emre)).posted_at is not None
        await PostingState.set_way.fn(tab, "")
        assert tab.showing.own == ""

    async def test_is_undone_by_hiding(self, room):
        _, tab = await opened(room, (room.elif_, "17"))
        await PostingState.post.fn(tab)
        await PostingState.hide.fn(tab)
        assert told(tab)[0] == ("nothing yet", "See 0 of 1 grades now.")


class TestRelease:
    async def test_is_set_for_each_audience(self, room):
        _, tab = await opened(room, (room.elif_, "17"))
        await PostingState.post.fn(tab)
        tomorrow = f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
        await PostingState.release.fn(tab, {"audience": "parent", "how": "from", "moment": tomorrow})
        await PostingState.release.fn(tab, {"audience": "student", "how": "hidden"})
        student, parent = tab.showing.sights
        assert student.state == "held back"
        assert parent.words.startswith("See none of these grades until")
        forms = [(each.how, each.moment, each.clash) for each in tab.releases]
        assert forms == [("hidden", "", ""), ("from", tomorrow, "")]
        await PostingState.show_to_all.fn(tab)
        assert told(tab) == [("all", "See 1 of 1 grades now.")] * 2

    @pytest.mark.parametrize(
        "form",
        [
            {"audience": "everybody", "how": "hidden"},
            {"audience": "parent", "how": "from", "moment": ""},
            {"audience": "parent", "how": "from", "moment": "soon"},
        ],
    )
    async def test_says_what_to_mend(self, room, form):
        _, tab = await opened(room)
        await PostingState.release.fn(tab, form)
        assert tab.problem
        assert tab.releases[1].how == "posted"


class TestReleaseOfTwo:
    """Two teachers have the same dialog open."""

    async def test_shows_both_and_loses_neither(self, room):
        quiz, mine = await opened(room, (room.elif_, "17"))
        theirs = await open_tab(room.teacher, PostingState)
        await PostingState.begin.fn(theirs, str(room.id), str(quiz.id))
        await PostingState.release.fn(theirs, {"audience": "parent", "how": "hidden"})
        tomorrow = f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
        form = {"audience": "parent", "how": "from", "moment": tomorrow}
        await PostingState.release.fn(mine, form)
        student, parent = mine.releases
        assert parent.clash.startswith("Meanwhile somebody set: not until further notice. You chose: from ")
        assert (student.clash, mine.showing.sights[1].state) == ("", "held back")
        await PostingState.release.fn(mine, form)
        assert [(each.how, each.moment, each.clash) for each in mine.releases][1] == ("from", tomorrow, "")
        await PostingState.release.fn(theirs, {"audience": "parent", "how": "posted"})
        assert "You chose: as soon as posted" in theirs.releases[1].clash
        await PostingState.take_theirs.fn(theirs, "parent")
        assert [(each.how, each.moment, each.clash) for each in theirs.releases][1] == ("from", tomorrow, "")

    async def test_leaves_what_is_chosen_when_the_other_is_heard_of(self, room):
        quiz, mine = await opened(room, (room.elif_, "17"))
        before = mine.releases[1]
        async with transaction(room.teacher) as session:
            await posting.release(session, room.teacher, quiz.id, Audience.parent, None)
        await PostingState.refresh.fn(mine)
        assert mine.releases[1] == replace(before, clash="Meanwhile somebody set: not until further notice.")

    async def test_is_no_clash_where_they_set_another_audience(self, room):
        quiz, mine = await opened(room, (room.elif_, "17"))
        async with transaction(room.teacher) as session:
            await posting.release(session, room.teacher, quiz.id, Audience.student, None)
        await PostingState.release.fn(mine, {"audience": "parent", "how": "hidden"})
        assert mine.showing.sights[1].state == "held back"
        assert mine.releases[1].clash == ""

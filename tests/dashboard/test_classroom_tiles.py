"""What the first page says of school: to each exactly theirs."""

from datetime import timedelta

import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.dashboard.state import ClassroomState, PostedView
from faraday_app.gradebook.models import Posting
from faraday_app.gradebook.service import ledger, ruling
from faraday_app.gradebook.service.ledger import Change
from faraday_app.gradebook.service.policies import Policy
from tests.factories.classes import make_assignment, make_classroom, make_group, make_submission
from tests.factories.roles import deny, set_rules
from tests.factories.tabs import open_at


@pytest.fixture
async def room(cast):
    """A quiz that Emre has 17 in, posted, and Elif 12, not posted; an essay due tomorrow that Elif handed in."""
    room = await make_classroom(cast)
    group = await make_group(room)
    quiz = await make_assignment(room, group, submission_types=["paper"])
    essay = await make_assignment(room, group, "Photosynthesis essay", due_at=now() + timedelta(days=1))
    await make_submission(essay, room.elif_)
    async with transaction(room.teacher) as session:
        await ledger.enter(session, room.teacher, room.id, [Change(quiz.id, room.emre.user, "17")])
        await ruling.set_policy(session, room.teacher, room.id, Policy(posting=Posting.manual))
        await ledger.enter(session, room.teacher, room.id, [Change(quiz.id, room.elif_.user, "12")])
    return room


async def _home(actor):
    return await open_at(actor, ClassroomState, "/")


def _posted(state):
    return [(each.title, each.score) for each in state.posted]


class TestFamily:
    async def test_shows_a_student_what_is_due_and_no_grade_that_is_not_posted(self, room):
        emre, elif_ = await _home(room.emre), await _home(room.elif_)
        assert emre.due[0].title == "Photosynthesis essay"
        assert "Photosynthesis essay" not in [row.title for row in elif_.due]
        assert _posted(emre) == [("Cell quiz", "17/20")]
        assert isinstance(emre.posted[0], PostedView)
        assert [(each.name, each.percent) for each in emre.classes] == [("Biology 9B", "85.00 %")]
        assert _posted(elif_) == []
        assert [each.percent for each in elif_.classes] == ["—"]
        assert not emre.teaches

    async def test_shows_a_parent_one_child_at_a_time(self, room):
        home = await _home(room.nadir)
        assert [name for _, name in home.children] == ["Elif Kaya", "Emre Kaya"]
        assert _posted(home) == []
        await ClassroomState.show.fn(home, str(room.emre.user))
        assert _posted(home) == [("Cell quiz", "17/20")]

    async def test_shows_a_parent_nobody_elses_child(self, room):
        home = await _home(room.karim)
        assert [name for _, name in home.children] == ["Amina Haddad"]
        await ClassroomState.show.fn(home, str(room.emre.user))
        assert home.child == str(room.amina.user)
        home.child = str(room.emre.user)  # as if a page had sent it
        await ClassroomState.refresh.fn(home)
        assert home.child == str(room.amina.user)
        assert _posted(home) == []

    async def test_shows_what_is_due_where_a_rule_keeps_grades_from_somebody(self, room, cast):
        await set_rules(cast.administrator, room.emre, deny("gradebook:read", own_class=True))
        home = await _home(room.emre)
        assert home.due[0].title == "Photosynthesis essay"
        assert (home.classes, _posted(home)) == ([], [])


class TestTeachers:
    async def test_are_shown_what_waits_for_a_grade_and_no_family(self, room):
        for actor in (room.teacher, room.cast.aide):
            home = await _home(actor)
            assert home.teaches
            assert [(row.title, row.waiting) for row in home.to_grade] == [("Photosynthesis essay", "1 to grade")]
            assert home.waiting == 1
            assert (home.children, home.due, home.classes) == ([], [], [])

    async def test_of_no_class_are_shown_nothing_of_school(self, room, cast):
        home = await _home(cast.stranger)
        assert home.known
        assert (home.teaches, home.children, home.to_grade) == (False, [], [])

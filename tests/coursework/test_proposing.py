"""What a model drafts for a teacher, and what becomes of it: nothing by itself."""

import json
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment
from faraday_app.coursework.service import proposing
from faraday_app.coursework.service.proposing import Kind, read
from faraday_app.coursework.state.assignment import AssignmentState
from faraday_app.coursework.state.proposing import ProposingState
from faraday_app.coursework.state.settings import SettingsState
from tests.factories.classes import make_assignment
from tests.factories.credits import give, open_pool
from tests.factories.tabs import open_at

QUIZ = {
    "title": "Osmosis",
    "questions": [
        {"question": "What  moves?", "options": ["Water", "Salt"], "answer": 0},
        {"question": "Where to?", "options": ["Less salt", "More salt"], "answer": 7},
    ],
    "points": 9.6,
}


class TestRead:
    def test_of_a_quiz_keeps_the_answers_out_of_what_students_see(self):
        found = read(Kind.quiz, json.dumps(QUIZ))
        assert found.description == (
            "**1. What moves?**\n\n- A) Water\n- B) Salt\n\n**2. Where to?**\n\n- A) Less salt\n- B) More salt"
        )
        assert (found.answers, found.points) == (["1: A"], Decimal(10))

    def test_of_an_assignment_takes_what_came_before_it_was_cut_off(self):
        found = read(Kind.assignment, '{"title": "Osmosis", "description": "Cut a potato into cubes. Wei')
        assert (found.title, found.description) == ("Osmosis", "Cut a potato into cubes. Wei")
        assert found.points == 10

    @pytest.mark.parametrize("reply", ["", "Sure!", "[]", '{"title": "x"}', json.dumps({**QUIZ, "questions": []})])
    def test_takes_nothing_else(self, reply):
        for kind in Kind:
            with pytest.raises(Invalid, match="nothing that can be used"):
                read(kind, reply)


class TestPropose:
    async def test_keeps_nothing(self, cast, room):
        await open_pool(cast.administrator, 30_000_000)
        await give(cast.administrator, room.teacher, 20_000_000)
        found = await proposing.propose(room.teacher, room.id, Kind.assignment, "Osmosis in potatoes")
        assert found.title
        assert found.description
        async with transaction(Actor.system()) as session:
            query = select(func.count()).where(col(Assignment.class_id) == room.id)
            assert await session.scalar(query) == 0

    async def test_is_for_the_teachers_of_the_class(self, cast, room):
        for actor, error in ((cast.aide, NotPermitted), (room.elif_, NotPermitted), (cast.colleague, NotFound)):
            with pytest.raises(error):
                await proposing.propose(actor, room.id, Kind.quiz, "Osmosis")
        with pytest.raises(Invalid) as refused:
            await proposing.propose(room.teacher, room.id, Kind.quiz, " ")
        assert refused.value.field == "wish"

    async def test_goes_into_the_form_and_is_saved_by_its_teacher(self, room, group):
        work = await make_assignment(room, group, status="draft")
        page = await open_at(room.teacher, AssignmentState, "/assignment", id=str(work.id))
        form, state = await page.get_state(SettingsState), await page.get_state(ProposingState)
        await SettingsState.open_for.fn(form, str(work.id))
        await ProposingState.answered.fn(state, {"problem": "Not enough credits"})
        assert state.problem == "Not enough credits"
        proposed = {"title": "Osmosis", "description": "Weigh it.", "points": "10", "answers": ["1: A"]}
        assert await ProposingState.answered.fn(state, proposed) is not None
        await SettingsState.propose.fn(form, "Osmosis", "Weigh it.", "10")
        assert (form.form["title"], form.dirty, state.answers) == ("Osmosis", True, "Answers: 1: A")
        async with transaction(room.teacher) as session:
            assert (await session.get_one(Assignment, work.id)).title == "Cell quiz"

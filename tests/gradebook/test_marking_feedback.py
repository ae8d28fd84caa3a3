"""What students and their guardians read of work that was marked."""

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.coursework.service.assessing import comments
from faraday_app.coursework.service.rubrics import using
from faraday_app.gradebook.models import Audience
from faraday_app.gradebook.service import posting
from faraday_app.gradebook.service.marking import (
    recording,
)
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.grades import make_policy
from tests.factories.marking import ESSAY, OGG, handed_in, marked, read, write
from tests.factories.rubrics import make_rubric, meant, use_rubric


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


@pytest.fixture
async def essay(room):
    work = await make_assignment(room, await make_group(room), "Essay", 10)
    await use_rubric(room, work, await make_rubric(room.teacher))
    return work


class TestFeedback:
    """Role by relationship by field: who reads what of Elif's work, before and after it is posted."""

    @pytest.fixture
    async def remarked(self, room, essay):
        await make_policy(room, posting="manual")
        what = meant(await handed_in(essay, room.elif_))
        async with transaction(room.teacher) as session:
            plan = await using.plan_of(session, room.teacher, essay.id)
            await comments.add(session, room.teacher, plan, what, "Only light?", "Light is all", 30)
            self.spoken = (await comments.speak(session, room.teacher, plan, what, OGG)).id
        await marked(room.teacher, essay, what)
        return essay

    def told(self, found):
        return {
            "criteria": [each.title for each in found.criteria],
            "mark": found.mark.score,
            "marks": [each.remark for each in found.sheet.marks.values()],
            "remarks": [each.text for each in found.remarks],
            "text": found.text,
            "total": found.total,
        }

    async def test_comes_with_the_posted_grade_to_those_it_is_about(self, cast, room, remarked):
        nothing = {
            "criteria": ["Evidence", "Structure", "Spelling", "Effort"],
            **{"mark": None, "marks": [], "remarks": [], "text": "", "total": None},
        }
        everything = {
            "criteria": nothing["criteria"],
            **{"mark": 4, "marks": ["Why"], "remarks": ["Only light?", ""], "text": ESSAY, "total": 4},
        }
        concerned = (room.elif_, room.nadir)
        outsiders = (room.emre, room.amina, room.karim, cast.colleague, cast.stranger)
        for who in concerned:
            assert self.told(await read(who, remarked, room.elif_)) == nothing
        async with transaction(room.teacher) as session:
            await posting.post(session, room.teacher, room.id)
        for who in (*concerned, room.teacher, cast.aide, cast.head, cast.administrator):
            assert self.told(await read(who, remarked, room.elif_)) == everything
        for who in outsiders:
            with pytest.raises(NotFound):
                await read(who, remarked, room.elif_)

    async def test_follows_the_release_to_each_audience(self, room, remarked):
        async with transaction(room.teacher) as session:
            await posting.post(session, room.teacher, room.id)
            await posting.release(session, room.teacher, remarked.id, Audience.parent, None)
        assert (await read(room.elif_, remarked, room.elif_)).is_posted
        assert not (await read(room.nadir, remarked, room.elif_)).is_posted

    async def test_a_recording_is_heard_by_the_same_people(self, cast, room, remarked):
        async def heard(who):
            async with transaction(who) as session:
                return await recording(session, who, remarked.id, self.spoken)

        assert await heard(cast.aide) == (OGG, "audio/ogg")
        for who in (room.elif_, room.nadir, room.karim):
            with pytest.raises(NotFound):
                await heard(who)
        async with transaction(room.teacher) as session:
            await posting.post(session, room.teacher, room.id)
        assert await heard(room.elif_) == await heard(room.nadir) == (OGG, "audio/ogg")
        with pytest.raises(NotFound):
            await heard(room.karim)

    async def test_marks_on_the_way_are_nobodys_to_read(self, room, remarked):
        async with transaction(room.teacher) as session:
            await posting.post(session, room.teacher, room.id)
        what = meant(await handed_in(remarked, room.elif_, attempt=2))
        await write(room.teacher, remarked, what, 2)
        assert (await read(room.elif_, remarked, room.elif_)).sheet.marks.keys()
        assert (await read(room.elif_, remarked, room.elif_)).total == 4

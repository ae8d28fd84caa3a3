from decimal import Decimal

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.coursework.service import groups
from faraday_app.coursework.service.groups import GroupDraft
from faraday_app.gradebook.calculation.sheet import Aggregate, DropBy
from tests.factories.classes import make_assignment, make_group


async def make(room, actor=None, **more):
    actor = actor or room.teacher
    async with transaction(actor) as session:
        return await groups.make(session, actor, room.id, GroupDraft(**{"name": "Labs", **more}))


async def listed(room) -> list[str]:
    async with transaction(room.teacher) as session:
        return [group.name for group in await groups.of_class(session, room.id)]


class TestMake:
    async def test_adds_it_behind_the_others_with_its_rules(self, room):
        await make(room)
        made = await make(room, name=" Quizzes ", weight=Decimal("12.5"), drop_lowest=1, aggregate="median")
        assert (made.name, made.weight, made.drop_lowest, made.aggregate) == ("Quizzes", Decimal("12.5"), 1, "median")
        assert await listed(room) == ["Labs", "Quizzes"]

    @pytest.mark.parametrize(
        ("field", "more"),
        [
            ("name", {"name": "  "}),
            ("weight", {"weight": Decimal(-1)}),
            ("weight", {"weight": Decimal("NaN")}),
            ("weight", {"weight": Decimal("1.00001")}),
            ("drop_lowest", {"drop_highest": -1}),
            ("drop_by", {"drop_by": "luck"}),
            ("aggregate", {"aggregate": "product"}),
        ],
    )
    async def test_says_which_field_to_mend(self, room, field, more):
        with pytest.raises(Invalid) as refused:
            await make(room, **more)
        assert refused.value.field == field

    async def test_is_for_the_teachers_of_the_class(self, cast, room):
        for actor, error in ((cast.aide, NotPermitted), (room.elif_, NotPermitted), (cast.colleague, NotFound)):
            with pytest.raises(error):
                await make(room, actor)

    async def test_knows_the_words_of_the_calculator(self):
        assert set(groups.AGGREGATES) == set(Aggregate)
        assert set(groups.DROP_BY) == set(DropBy)

    async def test_of_a_name_that_is_taken_is_refused(self, room):
        await make(room)
        with pytest.raises(Conflict, match="has a group called “labs” already"):
            await make(room, name="labs")


class TestChange:
    async def test_goes_by_the_version(self, room):
        made = await make(room)
        async with transaction(room.teacher) as session:
            changed = await groups.change(session, room.teacher, made.id, 1, GroupDraft("Labs", Decimal(30)))
        assert (changed.weight, changed.version) == (30, 2)
        with pytest.raises(Conflict, match="changed meanwhile"):
            async with transaction(room.teacher) as session:
                await groups.change(session, room.teacher, made.id, 1, GroupDraft("Labs"))

    async def test_keeps_from_dropping_only_what_is_in_the_group(self, room):
        labs, quizzes = await make(room), await make_group(room)
        root_tip = await make_assignment(room, labs, "Root tip lab")
        quiz = await make_assignment(room, quizzes)
        async with transaction(room.teacher) as session:
            draft = GroupDraft("Labs", drop_lowest=1, never_drop=(root_tip.id,))
            assert (await groups.change(session, room.teacher, labs.id, 1, draft)).never_drop == [root_tip.id]
        draft = GroupDraft("Labs", never_drop=(quiz.id,))
        with pytest.raises(Invalid) as refused:
            async with transaction(room.teacher) as session:
                await groups.change(session, room.teacher, labs.id, 2, draft)
        assert refused.value.field == "never_drop"


class TestOrder:
    async def test_leaves_what_is_not_named_behind(self, room):
        made = {name: await make(room, name=name) for name in ("Labs", "Quizzes", "Essays")}
        async with transaction(room.teacher) as session:
            await groups.order(session, room.teacher, room.id, [made["Essays"].id])
        assert await listed(room) == ["Essays", "Labs", "Quizzes"]


class TestDelete:
    async def test_is_refused_while_there_is_work_in_it(self, room):
        group = await make_group(room)
        await make_assignment(room, group)
        with pytest.raises(Conflict, match="has a piece of work in it"):
            async with transaction(room.teacher) as session:
                await groups.delete(session, room.teacher, group.id)

    async def test_frees_its_name(self, room):
        made = await make(room)
        async with transaction(room.teacher) as session:
            await groups.delete(session, room.teacher, made.id)
        assert await listed(room) == []
        await make(room)

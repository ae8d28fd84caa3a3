from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.coursework.models import AssignmentGroup
from faraday_app.coursework.service import (
    assignments,
    ordering,
)
from faraday_app.coursework.service.drafts import GRADING_TYPES, AssignmentDraft, cleaned, draft_of
from faraday_app.gradebook.calculation.late import Grading
from tests.factories.classes import make_assignment, make_group
from tests.factories.coursework import do, last_terms, titles

HOUR = timedelta(hours=1)


class TestCleaned:
    def draft(self, **more):
        return AssignmentDraft(**{"title": "Cell quiz", "group_id": None, **more})

    @pytest.mark.parametrize(
        ("field", "more"),
        [
            ("title", {"title": "\t"}),
            ("title", {"title": "x" * 201}),
            ("points", {"points": Decimal(-1)}),
            ("points", {"points": Decimal("Infinity")}),
            ("grading_type", {"grading_type": "stars"}),
            ("submission_types", {"submission_types": ()}),
            ("submission_types", {"submission_types": ("pigeon",)}),
            ("submission_types", {"submission_types": ("paper", "text")}),
            ("file_kinds", {"submission_types": ("file",), "file_kinds": ("../x",)}),
            ("external_url", {"submission_types": ("external",)}),
            ("external_url", {"submission_types": ("external",), "external_url": "javascript:alert(1)"}),
            ("attempts", {"attempts": 0}),
            ("peer_reviews", {"peer_reviews": 11}),
            ("due_at", {"due_at": now(), "available_from": now() + HOUR}),
            ("available_until", {"due_at": now() + HOUR, "available_until": now()}),
        ],
    )
    def test_says_which_field_to_mend(self, field, more):
        with pytest.raises(Invalid) as refused:
            cleaned(self.draft(**more))
        assert refused.value.field == field

    def test_knows_the_words_of_the_calculator(self):
        assert set(GRADING_TYPES) == set(Grading)

    def test_keeps_only_what_goes_together(self):
        found = cleaned(self.draft(submission_types=("file", "text"), file_kinds=(".PDF", "pdf"), external_url="x"))
        assert (found.submission_types, found.file_kinds, found.external_url) == (("text", "file"), ("pdf",), "")


class TestMake:
    async def test_is_a_draft_that_only_staff_sees(self, cast, room, group, heard):
        await do(room.teacher, assignments.make, room.id, AssignmentDraft("Cell quiz", group.id))
        assert await titles(room, room.teacher) == await titles(room, cast.aide) == ["Cell quiz"]
        assert await titles(room, room.elif_) == await titles(room, room.nadir) == []
        assert heard == []

    async def test_is_for_the_teachers_of_the_class(self, cast, room, group):
        draft = AssignmentDraft("Cell quiz", group.id)
        for actor, error in ((cast.aide, NotPermitted), (room.elif_, NotPermitted), (cast.colleague, NotFound)):
            with pytest.raises(error):
                await do(actor, assignments.make, room.id, draft)

    async def test_goes_into_a_group_of_the_class(self, room):
        theirs = await make_group(await last_terms(room))
        with pytest.raises(Invalid) as refused:
            await do(room.teacher, assignments.make, room.id, AssignmentDraft("Cell quiz", theirs.id))
        assert refused.value.field == "group_id"


class TestChange:
    async def test_goes_by_the_version_and_says_when_grades_may_change(self, room, group, heard):
        work = await make_assignment(room, group)
        draft = replace(draft_of(work), description="Read chapter 3.")
        changed = await do(room.teacher, assignments.change, work.id, 1, draft)
        assert (changed.description, changed.version, heard) == ("Read chapter 3.", 2, [])
        await do(room.teacher, assignments.change, work.id, 2, replace(draft, points=Decimal(30)))
        assert heard == [room.id]
        with pytest.raises(Conflict, match="changed meanwhile"):
            await do(room.teacher, assignments.change, work.id, 2, replace(draft, title="Quiz"))
        assert (await do(room.teacher, assignments.change, work.id, 3, replace(draft, points=Decimal(30)))).version == 3

    async def test_into_another_group_takes_it_out_of_the_rules_of_the_first(self, room, group):
        work = await make_assignment(room, group)
        labs = await make_group(room, "Labs")
        async with transaction(room.teacher) as session:
            (await session.get_one(AssignmentGroup, group.id)).never_drop = [work.id]
        await do(room.teacher, assignments.change, work.id, 1, replace(draft_of(work), group_id=labs.id))
        async with transaction(room.teacher) as session:
            assert (await session.get_one(AssignmentGroup, group.id)).never_drop == []


class TestDelete:
    async def test_hides_it_from_everybody_until_it_is_brought_back(self, room, group, heard):
        work = await make_assignment(room, group)
        await do(room.teacher, assignments.delete, work.id)
        assert await titles(room, room.teacher) == await titles(room, room.elif_) == []
        await do(room.teacher, assignments.restore, work.id)
        assert await titles(room, room.elif_) == ["Cell quiz"]
        assert heard == [room.id, room.id]


class TestOrder:
    async def test_moves_within_a_group_and_from_one_to_another(self, room, group, heard):
        first, second, third = [await make_assignment(room, group, name, position=place)
                                for place, name in enumerate(("A", "B", "C"))]  # fmt: skip
        await do(room.teacher, ordering.move, third.id, -1)
        assert await titles(room, room.teacher) == ["A", "C", "B"]
        assert heard == []
        labs = await make_group(room, "Labs", position=1)
        await do(room.teacher, ordering.order, labs.id, room.id, [first.id])
        assert await titles(room, room.teacher) == ["C", "B", "A"]
        assert heard == [room.id]
        assert second.title == "B"

"""The rules of a class."""

from dataclasses import asdict, replace
from decimal import Decimal

import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotPermitted
from faraday_app.gradebook.calculation import DEFAULT, Interval, PerInterval, Scheme, Tier, Tiers, letters
from faraday_app.gradebook.models import Posting
from faraday_app.gradebook.service import contents, reading, ruling, totals
from faraday_app.gradebook.service.policies import Policy
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.grades import enter, mark_of

WANTED = Policy(
    Scheme.weighted,
    weighted_periods=True,
    letters=letters(("Pass", 50), ("Fail", 0)),
    cap=Decimal(100),
    late=PerInterval(Decimal(5), Interval.hour, Decimal(40)),
    missing_percent=Decimal(40),
    posting=Posting.manual,
)


class TestSetPolicy:
    async def test_is_there_again(self, cast):
        room = await make_classroom(cast)
        async with transaction(room.teacher) as session:
            assert await ruling.get_policy(session, room.elif_, room.id) == Policy()
            assert await ruling.set_policy(session, room.teacher, room.id, WANTED) == replace(WANTED, version=1)
        async with transaction(room.elif_) as session:
            assert await ruling.get_policy(session, room.elif_, room.id) == replace(WANTED, version=1)

    async def test_figures_out_what_follows(self, cast):
        room = await make_classroom(cast)
        quiz = await make_assignment(room, await make_group(room))
        await enter(room, (quiz, room.elif_, "16"))
        await enter(room, (quiz, room.elif_, "late 1d"), reason="Handed in on paper")
        async with transaction(room.teacher) as session:
            await ruling.set_policy(session, room.teacher, room.id, Policy(late=PerInterval(10)))
            found = await totals.of_class(session, room.id)
        assert (await mark_of(room, quiz, room.elif_)).score == 14
        assert found[room.elif_.user].current_percent == 70

    async def test_refuses_what_somebody_else_changed(self, cast):
        room = await make_classroom(cast)
        async with transaction(room.teacher) as session:
            await ruling.set_policy(session, room.teacher, room.id, Policy())
        with pytest.raises(Conflict):
            async with transaction(room.teacher) as session:
                await ruling.set_policy(session, room.teacher, room.id, Policy())

    @pytest.mark.parametrize(
        ("wanted", "field"),
        [
            (Policy(letters=letters(("A", 90), ("B", 10))), "letters"),
            (Policy(letters=letters(("A", 90), ("A", 0))), "letters"),
            (Policy(cap=Decimal(0)), "cap"),
            (Policy(missing_percent=Decimal(101)), "missing_percent"),
            (Policy(late=PerInterval(Decimal(-1))), "late"),
            (Policy(late=PerInterval(Decimal(5), floor=Decimal(101))), "late"),
            (Policy(late=Tiers(())), "late"),
            (Policy(late=Tiers((Tier(0, 5), Tier(0, 6)))), "late"),
        ],
    )
    async def test_refuses_rules_that_cannot_be_kept_to(self, cast, wanted, field):
        room = await make_classroom(cast)
        with pytest.raises(Invalid) as refused:
            async with transaction(room.teacher) as session:
                await ruling.set_policy(session, room.teacher, room.id, wanted)
        assert refused.value.field == field

    async def test_is_not_for_the_aide(self, cast):
        room = await make_classroom(cast)
        with pytest.raises(NotPermitted):
            async with transaction(cast.aide) as session:
                await ruling.set_policy(session, cast.aide, room.id, WANTED)


class TestRemember:
    async def test_keeps_all_that_decides_and_only_when_it_changed(self, cast):
        room = await make_classroom(cast)
        await make_assignment(room, await make_group(room, drop_lowest=1, weight=Decimal(40)))
        async with transaction(room.teacher) as session:
            structure = await reading.read(session, room.id)
            await reading.remember(session, structure)
            await reading.remember(session, structure)
            kept = await reading.as_of(session, room.id, now())
        assert asdict(kept) == asdict(structure)
        assert contents.as_json(kept) == contents.as_json(structure)
        assert kept.policy.letters == DEFAULT

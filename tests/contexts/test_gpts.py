import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.contexts.service import gpts
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.security.models import AuditEvent
from tests.factories.gpts import make_gpt


async def names(actor, **more):
    async with transaction(actor) as session:
        return [each.gpt.name for each in await gpts.listed(session, actor, **more)]


class TestCreate:
    async def test_makes_one_that_others_do_not_see(self, cast):
        gpt = await make_gpt(cast.teacher, "Frog expert", instructions="Answer about frogs.")
        assert await names(cast.teacher) == ["Frog expert"]
        for person in (cast.colleague, cast.administrator, cast.stranger):
            assert await names(person) == []
            async with transaction(person) as session:
                with pytest.raises(NotFound):
                    await gpts.get(session, person, gpt.id)

    async def test_shows_a_shared_one_to_the_organisation_and_nobody_else(self, cast):
        await make_gpt(cast.teacher, "Frog expert", shared=True)
        assert await names(cast.student) == await names(cast.colleague) == ["Frog expert"]
        assert await names(cast.stranger) == []

    async def test_is_for_students_too_but_sharing_is_not(self, cast):
        await make_gpt(cast.student, "My tutor")
        with pytest.raises(NotPermitted):
            await make_gpt(cast.student, "Our tutor", shared=True)
        with pytest.raises(NotPermitted):
            await make_gpt(cast.parent, "Nobody's")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": " "},
            {"name": "x" * 61},
            {"instructions": "x" * 8_001},
            {"temperature": 2.1},
            {"temperature": float("nan")},
            {"longest_answer": -1},
            {"icon": "skull"},
            {"tone": "red"},
            {"model": "no-such-model"},
        ],
    )
    async def test_refuses_what_cannot_be(self, cast, wrong):
        with pytest.raises(Invalid):
            await make_gpt(cast.teacher, **{"name": "Nova", **wrong})


class TestChange:
    async def test_is_refused_to_others_and_for_an_older_version(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova", shared=True)
        async with transaction(cast.colleague) as session:
            with pytest.raises(NotPermitted):
                await gpts.change(session, cast.colleague, gpt.id, 1, gpts.Draft("Taken"))
        async with transaction(cast.teacher) as session:
            changed = await gpts.change(session, cast.teacher, gpt.id, 1, gpts.Draft("Vega", tone="amber"))
            assert (changed.name, changed.tone, changed.version, changed.shared) == ("Vega", "amber", 2, False)
        async with transaction(cast.teacher) as session:
            with pytest.raises(Conflict):
                await gpts.change(session, cast.teacher, gpt.id, 1, gpts.Draft("Late"))
        assert await names(cast.colleague) == []


class TestArchive:
    async def test_puts_away_and_brings_back_and_is_recorded(self, cast):
        gpt = await make_gpt(cast.teacher, "Nova", shared=True)
        async with transaction(cast.colleague) as session:
            with pytest.raises(NotPermitted):
                await gpts.archive(session, cast.colleague, gpt.id)
        async with transaction(cast.teacher) as session:
            await gpts.archive(session, cast.teacher, gpt.id)
        assert await names(cast.teacher) == await names(cast.colleague, archived=True) == []
        assert await names(cast.teacher, archived=True) == ["Nova"]
        async with transaction(cast.teacher) as session:
            await gpts.restore(session, cast.teacher, gpt.id)
        assert await names(cast.colleague) == ["Nova"]
        query = select(col(AuditEvent.action)).where(col(AuditEvent.target_id) == gpt.id).order_by(col(AuditEvent.id))
        async with transaction(cast.administrator) as session:
            assert (await session.scalars(query)).all() == ["gpt.created", "gpt.archived", "gpt.restored"]


class TestListed:
    async def test_is_paged_newest_first_and_found_by_name(self, cast):
        made = [await make_gpt(cast.teacher, f"Tutor {number}") for number in range(3)]
        assert await names(cast.teacher, limit=2) == ["Tutor 2", "Tutor 1"]
        assert await names(cast.teacher, before=made[1].id) == ["Tutor 0"]
        assert await names(cast.teacher, text="or 1") == ["Tutor 1"]

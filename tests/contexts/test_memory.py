"""What is remembered: whose it is, what models are given of it, and that it can be forgotten."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlmodel import col

from faraday_app.contexts.models import Access, Memory, MemoryKind, MemoryScope, MemoryStatus, Run
from faraday_app.contexts.service import assembly, memory
from faraday_app.contexts.service.memory import Draft, finding, rules
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, LimitReached, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import registry
from faraday_app.security.models import AuditEvent, RecordView
from tests.factories.contexts import ask, begin, fund, share
from tests.factories.memory import given, listed, remember, texts

TEA = "Prefers green tea to coffee."


async def actions(actor) -> list[str]:
    async with transaction(Actor.system()) as session:
        query = select(AuditEvent).where(
            col(AuditEvent.organization_id) == actor.organization, col(AuditEvent.action).startswith("memory.")
        )
        events = (await session.scalars(query.order_by(col(AuditEvent.id)))).all()
    assert "tea" not in str([event.details for event in events])
    return [event.action for event in events]


async def row(memory_id) -> Memory:
    async with transaction(Actor.system()) as session:
        return await session.get_one(Memory, memory_id)


class TestRemember:
    async def test_keeps_the_words_sealed(self, cast):
        made = await remember(cast.teacher, f"  {TEA}\n", kind=MemoryKind.preference)
        assert "green tea" not in (made.sealed_text or "")
        (found,) = await listed(cast.teacher)
        assert (found.text, found.memory.kind, found.memory.scope) == (TEA, "preference", "person")
        assert await actions(cast.teacher) == ["memory.kept"]

    async def test_does_nothing_twice(self, cast):
        first = await remember(cast.teacher, TEA)
        assert (await remember(cast.teacher, "prefers green tea to coffee")).id == first.id

    @pytest.mark.parametrize("wrong", ["", "   ", "x" * 501])
    async def test_refuses_nothing_and_too_much(self, cast, wrong):
        with pytest.raises(Invalid):
            await remember(cast.teacher, wrong)

    async def test_ends_where_more_would_not_help(self, cast, monkeypatch):
        monkeypatch.setitem(rules.MOST, MemoryScope.person, 1)
        await remember(cast.teacher, TEA)
        with pytest.raises(LimitReached):
            await remember(cast.teacher, "Teaches physics.")

    async def test_for_a_conversation_is_for_its_writers(self, cast):
        context_id = await begin(cast.teacher)
        await share(cast.teacher, context_id, cast.student, Access.viewer)
        place = {"scope": MemoryScope.context, "context_id": context_id}
        await remember(cast.teacher, TEA, **place)
        with pytest.raises(NotPermitted):
            await remember(cast.student, TEA, **place)
        for person in (cast.colleague, cast.stranger):
            with pytest.raises(NotFound):
                await remember(person, TEA, **place)
        with pytest.raises(NotFound):
            await remember(cast.colleague, TEA, context_id=context_id)

    async def test_for_a_department_is_for_its_staff(self, cast):
        await remember(cast.head, "Lab coats are in room 12.", scope=MemoryScope.team)
        assert await texts(cast.teacher) == ["Lab coats are in room 12."]
        assert await texts(cast.student) == []
        with pytest.raises(Invalid):
            await remember(cast.student, TEA, scope=MemoryScope.team)


class TestListed:
    async def test_is_ones_own_alone_whatever_the_role(self, cast):
        made = await remember(cast.student, TEA)
        for person in (cast.administrator, cast.head, cast.teacher, cast.parent, cast.stranger):
            assert await texts(person) == []
            async with transaction(person) as session:
                with pytest.raises(NotFound):
                    await memory.get_memory(session, person, made.id)
                assert await session.scalar(text("select count(*) from memories")) == 0

    async def test_narrows_and_pages(self, cast):
        for number in range(5):
            await remember(cast.teacher, f"Fact number {number}.")
        await remember(cast.teacher, TEA, kind=MemoryKind.preference)
        assert await texts(cast.teacher, kind=MemoryKind.preference) == [TEA]
        assert await texts(cast.teacher, text="NUMBER 3") == ["Fact number 3."]
        assert await texts(cast.teacher, scope=MemoryScope.team) == []
        async with transaction(cast.teacher) as session:
            wanted = memory.Wanted("fact")
            page = await memory.listed(session, cast.teacher, wanted, limit=2)
            following = await memory.listed(session, cast.teacher, wanted, page[-1].id, limit=2)
        assert [each.text for each in (*page, *following)] == [f"Fact number {n}." for n in (4, 3, 2, 1)]

    async def test_finds_words_however_far_down(self, cast, monkeypatch):
        monkeypatch.setattr(finding, "READ_AT_ONCE", 2)
        for number in range(7):
            await remember(cast.teacher, f"Fact number {number}.")
        assert await texts(cast.teacher, text="number 0") == ["Fact number 0."]

    async def test_of_a_students_conversation_is_a_look_that_is_recorded(self, cast):
        context_id = await begin(cast.student)
        await remember(cast.student, "The essay is about bees.", scope=MemoryScope.context, context_id=context_id)
        await remember(cast.student, TEA, context_id=context_id)
        await share(cast.student, context_id, cast.teacher)
        async with transaction(cast.teacher) as session:
            found = await memory.of_conversation(session, cast.teacher, context_id)
        assert [each.text for each in found] == ["The essay is about bees."]
        async with transaction(Actor.system()) as session:
            seen = (
                await session.scalars(select(RecordView).where(col(RecordView.viewer_id) == cast.teacher.user))
            ).one()
        assert seen.subject_id == cast.student.user


class TestChange:
    async def test_is_refused_to_an_older_version_and_to_others(self, cast):
        made = await remember(cast.teacher, TEA)
        async with transaction(cast.teacher) as session:
            await memory.change(session, cast.teacher, made.id, 1, "Drinks water.", MemoryKind.fact)
        async with transaction(cast.teacher) as session:
            with pytest.raises(Conflict):
                await memory.change(session, cast.teacher, made.id, 1, "Drinks milk.", MemoryKind.fact)
        async with transaction(cast.colleague) as session:
            with pytest.raises(NotFound):
                await memory.change(session, cast.colleague, made.id, 2, "Drinks milk.", MemoryKind.fact)
        assert await texts(cast.teacher) == ["Drinks water."]

    async def test_of_the_department_is_not_for_everybody_in_it(self, cast):
        made = await remember(cast.head, "Lab coats are in room 12.", scope=MemoryScope.team)
        reader = Actor(**{**_fields(cast.aide), "permissions": cast.aide.permissions - {"memory:manage"}})
        async with transaction(reader) as session:
            with pytest.raises(NotPermitted):
                await memory.forget(session, reader, made.id)
        async with transaction(cast.aide) as session:
            await memory.forget(session, cast.aide, made.id)
        assert await texts(cast.head) == []


def _fields(actor: Actor) -> dict:
    fields = {name: getattr(actor, name) for name in Actor.__dataclass_fields__}
    return {**fields, "subject": None}


class TestDecide:
    async def proposed(self, cast, **more) -> Memory:
        made = await remember(cast.teacher, TEA, **more)
        async with transaction(cast.teacher) as session:
            (await session.get_one(Memory, made.id)).status = MemoryStatus.proposed
        return made

    async def test_of_two_approvals_at_once_one_wins(self, cast):
        context_id = await begin(cast.teacher)
        await share(cast.teacher, context_id, cast.colleague, Access.editor)
        made = await self.proposed(cast, scope=MemoryScope.context, context_id=context_id)

        async def approve(person):
            async with transaction(person) as session:
                await memory.keep(session, person, made.id, made.version)

        ended = await asyncio.gather(approve(cast.teacher), approve(cast.colleague), return_exceptions=True)
        assert sorted(type(each).__name__ for each in ended) == ["Conflict", "NoneType"]
        assert (await row(made.id)).version == 2
        assert (await actions(cast.teacher)).count("memory.approved") == 1

    async def test_is_given_to_no_model_before(self, cast):
        context_id = await begin(cast.teacher)
        made = await self.proposed(cast)
        assert await given(cast.teacher, context_id, "Which tea?") == []
        async with transaction(cast.teacher) as session:
            draft = Draft("Likes tea.", MemoryKind.preference)
            await memory.keep(session, cast.teacher, made.id, made.version, draft)
        assert [item.text for item in await given(cast.teacher, context_id, "Which tea?")] == ["Likes tea."]

    async def test_dismissed_it_is_gone_and_cannot_be_approved(self, cast):
        made = await self.proposed(cast)
        async with transaction(cast.teacher) as session:
            await memory.dismiss(session, cast.teacher, made.id, made.version)
        assert await texts(cast.teacher) == []
        async with transaction(cast.teacher) as session:
            with pytest.raises(Conflict):
                await memory.keep(session, cast.teacher, made.id, 2)

    async def test_nobody_takes_the_words_of_another_for_themselves(self, cast):
        context_id = await begin(cast.teacher)
        await share(cast.teacher, context_id, cast.colleague, Access.editor)
        made = await self.proposed(cast, scope=MemoryScope.context, context_id=context_id)
        async with transaction(cast.colleague) as session:
            with pytest.raises(NotPermitted):
                await memory.keep(session, cast.colleague, made.id, made.version, Draft(TEA))


class TestForget:
    async def test_is_gone_from_prompts_at_once_and_can_be_undone(self, cast):
        context_id = await begin(cast.teacher)
        made = await remember(cast.teacher, TEA, kind=MemoryKind.preference)
        assert len(await given(cast.teacher, context_id, "Hello")) == 1
        async with transaction(cast.teacher) as session:
            await memory.forget(session, cast.teacher, made.id)
        assert await given(cast.teacher, context_id, "Hello") == []
        async with transaction(cast.colleague) as session:
            with pytest.raises(NotFound):
                await memory.bring_back(session, cast.colleague, made.id)
        async with transaction(cast.teacher) as session:
            await memory.bring_back(session, cast.teacher, made.id)
        assert await texts(cast.teacher) == [TEA]
        assert await actions(cast.teacher) == ["memory.kept", "memory.forgotten", "memory.brought_back"]

    async def test_everything_is_all_that_is_of_oneself(self, cast):
        context_id = await begin(cast.teacher)
        await remember(cast.teacher, TEA)
        await remember(cast.teacher, "Bees.", scope=MemoryScope.context, context_id=context_id)
        await remember(cast.teacher, "Lab coats are in room 12.", scope=MemoryScope.team)
        await remember(cast.student, "Likes maths.")
        async with transaction(cast.teacher) as session:
            assert await memory.forget_everything(session, cast.teacher) == 2
        assert await texts(cast.teacher) == ["Lab coats are in room 12."]
        assert await texts(cast.student) == ["Likes maths."]

    async def test_erases_the_words_after_some_days_also_from_old_answers(self, cast):
        await fund(cast, cast.teacher)
        context_id = await begin(cast.teacher)
        made = await remember(cast.teacher, TEA, kind=MemoryKind.preference)
        run = await ask(cast.teacher, context_id, "Hello")
        async with transaction(Actor.system()) as session:
            kept = await session.get_one(Run, run.id)
            assert [item.text for item in await assembly.unsealed(kept.id, kept.sealed_given)] == [TEA]
            kept.finished_at = now()
        async with transaction(cast.teacher) as session:
            await memory.forget(session, cast.teacher, made.id)
        assert await memory.erase() == 0
        async with transaction(Actor.system()) as session:
            old = now() - finding.ERASED_AFTER - timedelta(minutes=1)
            await session.execute(update(Memory).where(col(Memory.id) == made.id).values(forgotten_at=old))
        assert await memory.erase() == 1
        async with transaction(Actor.system()) as session:
            assert (await session.get_one(Run, run.id)).sealed_given is None
        assert (await row(made.id)).sealed_text is None
        async with transaction(cast.teacher) as session:
            with pytest.raises(NotFound):
                await memory.bring_back(session, cast.teacher, made.id)


def test_is_sealed_anew_when_the_key_changes():
    assert any((each.table, each.purpose) == ("memories", "memory {id}") for each in registry.columns())

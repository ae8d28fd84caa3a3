"""Backups hold what is remembered and given between GPTs, and whatever was forgotten or ended stays so."""

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import make_url, select, update
from sqlmodel import col

from faraday_app.contexts.models import Forgotten, GptShare, Memory, MemoryKind, MemoryScope, Message, Run
from faraday_app.contexts.service import assembly, memory, shares
from faraday_app.contexts.service.assembly import Item
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.core.vault import keys, rotation
from tests.factories.backups import compared, destroy, made, restored, rows, total
from tests.factories.contexts import ask, begin, fund
from tests.factories.gpts import make_gpt
from tests.factories.memory import remember, texts
from tests.factories.shares import EVERYTHING, WORDS, end, give, inside, learned, row, told


@pytest.fixture
async def school(cast):
    await remember(cast.teacher, "Teaches physics.")
    return cast


class TestWhatIsRemembered:
    async def test_comes_back_when_it_was_lost(self, school):
        context_id = await begin(school.teacher, "Frogs")
        await remember(school.teacher, "It is for grade 7.", scope=MemoryScope.context, context_id=context_id)
        await remember(school.head, "Writes in green ink.", scope=MemoryScope.team)
        before = await rows(school.organization_id)
        found = await made(school.administrator)
        destroy(school.organization_id)
        assert await texts(school.teacher) == []
        assert (await restored(school.administrator, found)).state == "done"
        assert await rows(school.organization_id) == before
        assert sorted(await texts(school.teacher)) == ["It is for grade 7.", "Teaches physics.", "Writes in green ink."]

    @pytest.mark.parametrize("lost", [False, True])
    async def test_stays_forgotten_whether_its_row_is_there_or_lost(self, school, lost):
        gone = await remember(school.teacher, "Was ill in May.")
        found = await made(school.administrator)
        await _forget(school.teacher, gone)
        if lost:
            destroy(school.organization_id)
        done = await restored(school.administrator, found, put_back=True)
        assert (done.state, done.error) == ("done", "")
        assert await texts(school.teacher) == ["Teaches physics."]
        there = (await rows(school.organization_id, ["memories"]))["memories"]
        assert [each for each in there if str(gone.id) in each and lost] == []

    async def test_stays_erased(self, school):
        gone = await remember(school.teacher, "Was ill in May.")
        found = await made(school.administrator)
        await _forget(school.teacher, gone)
        await _long_ago(gone)
        assert await memory.erase() == 1
        again = await restored(school.administrator, found, put_back=True)
        assert (total(again, "new"), total(again, "changed")) == (0, 0)
        async with transaction(Actor.system()) as session:
            assert (await session.get_one(Memory, gone.id)).sealed_text is None

    async def test_does_not_come_back_from_a_backup_of_after_it_was_forgotten(self, school):
        gone = await remember(school.teacher, "Was ill in May.")
        await _forget(school.teacher, gone)
        found = await made(school.administrator)
        destroy(school.organization_id)
        async with transaction(Actor.system()) as session:
            for note in await session.scalars(select(Forgotten)):
                await session.delete(note)
        await restored(school.administrator, found)
        assert [str(gone.id) in each for each in (await rows(school.organization_id))["memories"]] == [False]

    async def test_of_a_person_who_had_everything_forgotten_stays_away(self, school):
        """Also what had been lost by then, and could not be forgotten one by one."""
        other = await remember(school.colleague, "Sings.")
        found = await made(school.administrator)
        destroy(school.organization_id)
        async with transaction(school.teacher) as session:
            await memory.forget_everything(session, school.teacher)
        await restored(school.administrator, found)
        assert (await texts(school.teacher), await texts(school.colleague)) == ([], ["Sings."])
        assert other.owner_id == school.colleague.user

    async def test_that_was_brought_back_by_its_owner_comes_back(self, school):
        found = await made(school.administrator)
        (kept,) = await _all_of(school.teacher)
        await _forget(school.teacher, kept)
        async with transaction(school.teacher) as session:
            await memory.bring_back(session, school.teacher, kept.id)
        destroy(school.organization_id)
        await restored(school.administrator, found)
        assert await texts(school.teacher) == ["Teaches physics."]

    async def test_and_changed_since_is_never_set_back(self, school):
        found = await made(school.administrator)
        (kept,) = await _all_of(school.teacher)
        async with transaction(school.teacher) as session:
            await memory.change(session, school.teacher, kept.id, 1, "Teaches chemistry.", MemoryKind.fact)
        preview = await compared(school.administrator, found, put_back=True)
        assert preview.found["tables"]["memories"] == {"new": 0, "changed": 0, "same": 0, "left": 1}
        assert await texts(school.teacher) == ["Teaches chemistry."]

    async def test_comes_with_a_conversation_only_where_it_is_of_it(self, school):
        context_id = await begin(school.teacher, "Frogs")
        await remember(school.teacher, "It is for grade 7.", scope=MemoryScope.context, context_id=context_id)
        found = await made(school.administrator)
        destroy(school.organization_id)
        await restored(school.administrator, found, context_id)
        assert await texts(school.teacher) == ["It is for grade 7."]

    async def test_ends_with_the_keys(self, school):
        found = await made(school.administrator)
        async with transaction(Actor.system()) as session:
            await rotation.erase(session, school.organization_id)
        keys.forget()
        destroy(school.organization_id)
        assert (await compared(school.administrator, found)).state == "failed"
        assert await texts(school.teacher) == []


class TestWhatAnswersWereGiven:
    @pytest.mark.parametrize("lost", [False, True])
    async def test_of_a_memory_that_is_forgotten_does_not_come_back(self, school, lost):
        await fund(school, school.teacher)
        gone, kept = await remember(school.teacher, "Was ill in May."), await remember(school.teacher, "Sings.")
        told_both = await _answered(school.teacher, gone, kept)
        told_one = await _answered(school.teacher, kept)
        found = await made(school.administrator)
        await _forget(school.teacher, gone)
        await _long_ago(gone)
        await memory.erase()
        assert await _given(told_both) == [f"memory:{kept.id}"]
        if lost:
            _lose_runs(school.organization_id)
        await restored(school.administrator, found, put_back=True)
        assert await _given(told_both) == ([] if lost else [f"memory:{kept.id}"])
        assert await _given(told_one) == [f"memory:{kept.id}"]

    async def test_of_a_share_is_erased_with_the_memory(self, school):
        await fund(school, school.teacher)
        source, target = await make_gpt(school.teacher, instructions="Be kind."), await make_gpt(school.teacher, "Vega")
        gone = await remember(school.teacher, WORDS)
        await learned(school.teacher, source, gone.id)
        share = await give(school.teacher, source, target, EVERYTHING)
        passed = Item("shared", f"{share.id}-memory-{gone.id}", 1, "Nova: remembered", WORDS)
        run = await _answered(school.teacher, passed)
        await _forget(school.teacher, gone)
        await _long_ago(gone)
        await memory.erase()
        assert await _given(run) == []


class TestWhatGptsGive:
    async def test_comes_back_when_it_was_lost(self, school):
        source, target = await make_gpt(school.teacher, instructions="Be kind."), await make_gpt(school.teacher, "Vega")
        share = await give(school.teacher, source, target)
        found = await made(school.administrator)
        destroy(school.organization_id)
        await restored(school.administrator, found)
        assert [entry.part for entry in await inside(school.teacher, share)] == ["instructions"]
        assert len(await told(school.teacher, target)) == 1

    @pytest.mark.parametrize("lost", [False, True])
    async def test_stays_ended(self, school, lost):
        source, target = await make_gpt(school.teacher, instructions="Be kind."), await make_gpt(school.teacher, "Vega")
        share = await give(school.teacher, source, target)
        found = await made(school.administrator)
        await end(school.teacher, share)
        if lost:
            destroy(school.organization_id)
        await restored(school.administrator, found, put_back=True)
        assert await told(school.teacher, target) == []
        if not lost:
            assert ((await row(share)).status, (await row(share)).sealed_payload) == ("ended", None)

    async def test_does_not_come_back_after_its_end(self, school):
        source, target = await make_gpt(school.teacher, instructions="Be kind."), await make_gpt(school.teacher, "Vega")
        share = await give(school.teacher, source, target)
        async with transaction(Actor.system()) as session:
            (await session.get_one(GptShare, share.id)).until = now() + timedelta(seconds=0.01)
        found = await made(school.administrator)
        destroy(school.organization_id)
        await restored(school.administrator, found)
        assert (await rows(school.organization_id, ["gpt_shares"]))["gpt_shares"] == []

    async def test_holds_no_memory_that_was_forgotten(self, school):
        source, target = await make_gpt(school.teacher, instructions="Be kind."), await make_gpt(school.teacher, "Vega")
        gone = await remember(school.teacher, WORDS)
        await learned(school.teacher, source, gone.id)
        share = await give(school.teacher, source, target, EVERYTHING)
        found = await made(school.administrator)
        await _forget(school.teacher, gone)
        destroy(school.organization_id)
        await restored(school.administrator, found)
        entries = await shares.packing.unsealed(await row(share))
        assert [entry.part for entry in entries] == ["instructions", "parameters"]


async def _forget(actor: Actor, gone: Memory) -> None:
    async with transaction(actor) as session:
        await memory.forget(session, actor, gone.id)


async def _long_ago(gone: Memory) -> None:
    async with transaction(Actor.system()) as session:
        then = now() - timedelta(days=8)
        await session.execute(update(Memory).where(col(Memory.id) == gone.id).values(forgotten_at=then))


async def _all_of(actor: Actor) -> list[Memory]:
    async with transaction(actor) as session:
        return list(await session.scalars(select(Memory).where(col(Memory.owner_id) == actor.user)))


async def _answered(actor: Actor, *about: Memory | Item) -> Run:
    """An answer that was given these."""
    run = await ask(actor, await begin(actor))
    items = [
        each if isinstance(each, Item) else Item("memory", str(each.id), 1, "Remembered", "Words.") for each in about
    ]
    async with transaction(Actor.system()) as session:
        found = await session.get_one(Run, run.id)
        found.sealed_given, found.finished_at = await assembly.sealed(run.organization_id, run.id, items), now()
        message = await session.get_one(Message, run.message_id)
        message.given, message.status = assembly.receipt(items), "complete"
    return run


async def _given(run: Run) -> list[str]:
    async with transaction(Actor.system()) as session:
        found = await session.get_one(Run, run.id)
    return [item.key for item in await assembly.unsealed(run.id, found.sealed_given)]


def _lose_runs(organization_id) -> None:
    url = make_url(settings().database_url.get_secret_value()).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), options="-c app.system=on") as connection:
        connection.execute("delete from runs where organization_id = %s", [organization_id])

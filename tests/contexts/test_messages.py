"""Pin, find and fork messages."""

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from faraday_app.contexts.models import Access, Message, Mode, Status
from faraday_app.contexts.service import answerers, conversations, finding, forks, pins
from faraday_app.contexts.service.answerers import Answerers
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, LimitReached, NotFound, NotPermitted
from faraday_app.security.models import AuditEvent
from tests.factories.contexts import begin, share, shown
from tests.factories.gpts import make_gpt
from tests.factories.templates import reply, say


async def pin(actor, context_id, message, *, away: bool = False):
    async with transaction(actor) as session:
        await (pins.unpin if away else pins.pin)(session, actor, context_id, message.id)


async def pinned(actor, context_id):
    async with transaction(actor) as session:
        return [
            (each.name, each.message.content, each.pinned_by) for each in await pins.pinned(session, actor, context_id)
        ]


async def fork(actor, context_id, message):
    async with transaction(actor) as session:
        return await forks.fork(session, actor, context_id, message.id)


async def find(actor, context_id, text, **more):
    async with transaction(actor) as session:
        return await finding.within(session, actor, context_id, text, **more)


class TestPin:
    async def test_lists_for_all_members_what_writers_pinned(self, cast):
        context_id = await begin(cast.teacher)
        asked = await say(cast.teacher, context_id, "Why tides?")
        answer = await reply(asked)
        await share(cast.teacher, context_id, cast.student)
        for _ in range(2):
            await pin(cast.teacher, context_id, answer)
        await pin(cast.teacher, context_id, asked)
        assert await pinned(cast.student, context_id) == [
            ("Maya Okafor", "Why tides?", "Maya Okafor"),
            ("smollm2-135m", "Because of the moon.", "Maya Okafor"),
        ]
        await pin(cast.teacher, context_id, answer, away=True)
        await pin(cast.teacher, context_id, answer, away=True)
        assert len(await pinned(cast.student, context_id)) == 1
        async with transaction(cast.teacher) as session:
            query = select(func.count()).where(
                col(AuditEvent.target_id) == context_id, col(AuditEvent.action).like("context.message_%")
            )
            assert await session.scalar(query) == 3

    async def test_is_not_for_readers_nor_for_outsiders_nor_across_conversations(self, cast):
        context_id, other = await begin(cast.teacher), await begin(cast.teacher)
        message = await say(cast.teacher, context_id)
        await share(cast.teacher, context_id, cast.student)
        for person, place, refusal in (
            (cast.student, context_id, NotPermitted),
            (cast.colleague, context_id, NotFound),
            (cast.stranger, context_id, NotFound),
            (cast.teacher, other, NotFound),
        ):
            for away in (False, True):
                with pytest.raises(refusal):
                    await pin(person, place, message, away=away)
        with pytest.raises(NotFound):
            await pinned(cast.colleague, context_id)

    async def test_has_an_end(self, cast, monkeypatch):
        monkeypatch.setattr(pins, "MOST", 1)
        context_id = await begin(cast.teacher)
        await pin(cast.teacher, context_id, await say(cast.teacher, context_id))
        with pytest.raises(LimitReached):
            await pin(cast.teacher, context_id, await say(cast.teacher, context_id))


class TestFork:
    async def test_copies_the_branch_to_whoever_forks_and_to_nobody_else(self, cast):
        context_id = await begin(cast.teacher, "Tides")
        asked = await say(cast.teacher, context_id, "Why tides?")
        await reply(asked, "An earlier try.")
        answer = await reply(asked, "The moon.", cost=5_000)
        await say(cast.teacher, context_id, "And the sun?")
        await share(cast.teacher, context_id, cast.colleague)
        copy = await fork(cast.colleague, context_id, answer)
        assert (copy.owner_id, copy.title) == (cast.colleague.user, "Tides (fork)")
        found = await shown(cast.colleague, copy.id)
        assert [(each.author_name, each.message.content, each.message.cost) for each in found] == [
            ("Maya Okafor", "Why tides?", 0),
            ("", "The moon.", 0),
        ]
        assert not {each.message.id for each in found} & {asked.id, answer.id}
        assert len(await shown(cast.teacher, context_id)) == 3
        async with transaction(cast.teacher) as session:
            with pytest.raises(NotFound):
                await conversations.get_context(session, cast.teacher, copy.id)
        async with transaction(cast.colleague) as session:
            _, access = await conversations.get_context(session, cast.colleague, copy.id)
            spent = await session.scalar(
                select(func.sum(col(Message.cost) + col(Message.prompt_tokens))).where(
                    col(Message.context_id) == copy.id
                )
            )
        assert (access, spent) == (Access.owner, 0)

    async def test_takes_along_only_gpts_that_one_may_use(self, cast):
        context_id = await begin(cast.teacher)
        own, shared = await make_gpt(cast.teacher, "Own"), await make_gpt(cast.teacher, "Shared", shared=True)
        async with transaction(cast.teacher) as session:
            await answerers.change(session, cast.teacher, context_id, Answerers((own.id, shared.id), Mode.compare))
        message = await say(cast.teacher, context_id)
        await share(cast.teacher, context_id, cast.colleague)
        copy = await fork(cast.colleague, context_id, message)
        assert (copy.gpt_ids, copy.mode) == ([shared.id], "single")

    async def test_is_refused_to_outsiders_and_of_what_is_still_written(self, cast):
        context_id = await begin(cast.teacher)
        asked = await say(cast.teacher, context_id)
        for person in (cast.colleague, cast.stranger):
            with pytest.raises(NotFound):
                await fork(person, context_id, asked)
        with pytest.raises(Invalid, match="still being written"):
            await fork(cast.teacher, context_id, await reply(asked, "", status=Status.running))

    async def test_of_a_students_conversation_is_recorded_as_looking(self, cast):
        context_id = await begin(cast.student)
        message = await say(cast.student, context_id)
        await share(cast.student, context_id, cast.teacher)
        await fork(cast.teacher, context_id, message)
        async with transaction(cast.administrator) as session:
            query = select(col(AuditEvent.action)).where(col(AuditEvent.actor_id) == cast.teacher.user)
            assert {"context.forked", "context.created"} <= set(await session.scalars(query))


class TestFind:
    async def test_finds_words_in_this_conversation_on_any_branch(self, cast):
        context_id, other = await begin(cast.teacher), await begin(cast.teacher)
        asked = await say(cast.teacher, context_id, "Why do tides follow the moon?")
        first = await reply(asked, "Gravity of the MOON, of course.")
        await reply(asked, "No idea.")
        await say(cast.teacher, other, "The moon again")
        found = await find(cast.teacher, context_id, "moon")
        assert [each.id for each in found] == [first.id, asked.id]
        assert found[0].excerpt.strip(".") == "Gravity of the \x02MOON\x03, of course"
        assert [each.name for each in found] == ["smollm2-135m", "Maya Okafor"]
        assert [each.id for each in await find(cast.teacher, context_id, "moon", before=first.id)] == [asked.id]
        assert await find(cast.teacher, context_id, "moon -gravity -tides") == []

    async def test_takes_any_words_and_needs_some(self, cast):
        context_id = await begin(cast.teacher)
        for text in ("'", '"a', "a & | !", "100%", "x" * 500):
            assert await find(cast.teacher, context_id, text) == []
        with pytest.raises(Invalid):
            await find(cast.teacher, context_id, " ")
        with pytest.raises(NotFound):
            await find(cast.colleague, context_id, "moon")

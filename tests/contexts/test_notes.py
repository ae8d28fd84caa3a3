import asyncio

import pytest

from faraday_app.contexts.models import Access, Context, Subject
from faraday_app.contexts.service import gathering, notes
from faraday_app.contexts.service.assembly import Occasion
from faraday_app.contexts.service.merging import Choice
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from tests.factories.contexts import begin, share
from tests.factories.versions import history, read_notes, write_notes

BASE = "Frogs:\n- eat flies\n- jump\n"


@pytest.fixture
async def shared(cast):
    """A conversation of Maya's that Ana writes in, with notes."""
    context_id = await begin(cast.teacher)
    await share(cast.teacher, context_id, cast.colleague, Access.editor)
    await write_notes(cast.teacher, context_id, "", BASE)
    return context_id


async def reasons(actor, context_id):
    return [each.version.reason for each in await history(actor, context_id, Subject.conversation)]


class TestWrite:
    async def test_is_for_those_who_may_write_and_reading_for_all_in_it(self, cast, shared):
        await share(cast.teacher, shared, cast.student)
        assert (await read_notes(cast.student, shared)).text == BASE
        with pytest.raises(NotPermitted):
            await write_notes(cast.student, shared, BASE, "Mine.")
        for person in (cast.aide, cast.stranger):
            with pytest.raises(NotFound):
                await read_notes(person, shared)

    async def test_merges_what_two_did_to_different_lines(self, cast, shared):
        await write_notes(cast.teacher, shared, BASE, BASE.replace("flies", "small flies"))
        written = await write_notes(cast.colleague, shared, BASE, BASE.replace("jump", "jump far"))
        assert written.text == "Frogs:\n- eat small flies\n- jump far\n"

    async def test_of_two_at_once_loses_neither(self, cast, shared):
        changes = [(cast.teacher, "flies", "gnats"), (cast.colleague, "jump", "leap"), (cast.teacher, "Frogs", "Toads")]
        await asyncio.gather(*(write_notes(who, shared, BASE, BASE.replace(a, b)) for who, a, b in changes))
        assert (await read_notes(cast.teacher, shared)).text == "Toads:\n- eat gnats\n- leap\n"

    async def test_writes_nothing_where_both_changed_the_same_line(self, cast, shared):
        theirs = BASE.replace("flies", "gnats")
        await write_notes(cast.teacher, shared, BASE, theirs)
        with pytest.raises(notes.NotesClash) as clash:
            await write_notes(cast.colleague, shared, BASE, BASE.replace("flies", "worms"))
        assert (await read_notes(cast.teacher, shared)).text == clash.value.theirs == theirs
        assert "gnats" in (both := clash.value.merged.text([Choice.both]))
        assert "worms" in both

    async def test_asks_when_nobody_knows_what_the_writer_began_from(self, cast, shared):
        with pytest.raises(notes.NotesClash):
            await write_notes(cast.colleague, shared, None, BASE.replace("flies", "worms"))
        assert (await write_notes(cast.colleague, shared, None, f"{BASE}- swim\n")).text == f"{BASE}- swim\n"

    async def test_refuses_what_is_too_long(self, cast, shared):
        with pytest.raises(Invalid):
            await write_notes(cast.teacher, shared, BASE, "x" * (notes.LONGEST + 1))


class TestHistory:
    async def test_holds_what_another_goes_on_from_but_not_each_letter(self, cast, shared):
        for before, after in ((BASE, "a"), ("a", "ab"), ("ab", "abc")):
            await write_notes(cast.teacher, shared, before, after)
        assert await reasons(cast.teacher, shared) == ["changed"]
        await write_notes(cast.colleague, shared, "abc", "abc\nd")
        versions = await history(cast.teacher, shared, Subject.conversation)
        assert [(each.version.reason, each.author_name) for each in versions] == [
            ("kept", "Maya Okafor"), ("changed", "Maya Okafor")
        ]  # fmt: skip

    async def test_keeps_what_was_set_aside_beside_what_is(self, cast, shared):
        async with transaction(cast.colleague) as session:
            await notes.set_aside(session, cast.colleague, shared, "Worms.")
        await write_notes(cast.teacher, shared, BASE, f"{BASE}!")
        assert await reasons(cast.teacher, shared) == ["set_aside", "changed"]
        assert (await read_notes(cast.teacher, shared)).text == f"{BASE}!"


class TestSource:
    async def test_gives_the_notes_to_whoever_answers_until_they_are_left_out(self, cast, shared):
        async with transaction(cast.teacher) as session:
            context = await session.get_one(Context, shared)
            [item] = await gathering.gather(session, cast.teacher, Occasion(context, None, "Why?"))
            assert (item.title, item.text, item.version) == ("Shared notes", BASE, 1)
            context.left_out = [item.key]
            assert await gathering.gather(session, cast.teacher, Occasion(context, None, "Why?")) == ()

import pytest

from faraday_app.contexts.models import Access
from faraday_app.contexts.service import conversations, export
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from tests.factories.contexts import ask, begin, fund, share, withdraw


async def titles(actor, text="", **how):
    async with transaction(actor) as session:
        return [item.title for item in await conversations.search(session, actor, text, **how)]


class TestSearch:
    async def test_lists_own_and_shared_last_used_first(self, cast):
        await fund(cast, cast.teacher)
        frogs, newts = await begin(cast.teacher, "Frogs"), await begin(cast.teacher, "Newts")
        await ask(cast.teacher, frogs)
        await share(cast.teacher, newts, cast.colleague)
        assert await titles(cast.teacher) == ["Frogs", "Newts"]
        assert await titles(cast.colleague) == ["Newts"]

    async def test_finds_words_in_titles_and_in_messages(self, cast):
        await fund(cast, cast.teacher)
        await begin(cast.teacher, "Frogs")
        newts = await begin(cast.teacher, "Newts")
        await ask(cast.teacher, newts, "How long is a salamander?")
        assert await titles(cast.teacher, "frog") == ["Frogs"]
        assert await titles(cast.teacher, "salamander") == ["Newts"]
        assert await titles(cast.teacher, "100%") == []

    async def test_shows_a_stranger_nothing(self, cast):
        await begin(cast.teacher, "Frogs")
        assert await titles(cast.stranger) == []

    async def test_pages_by_last_use(self, cast):
        for number in range(5):
            await begin(cast.teacher, f"Lesson {number}")
        async with transaction(cast.teacher) as session:
            first = await conversations.search(session, cast.teacher, limit=2)
            place = (first[-1].updated_at, first[-1].id)
            second = await conversations.search(session, cast.teacher, before=place, limit=2)
        assert [item.title for item in first + second] == ["Lesson 4", "Lesson 3", "Lesson 2", "Lesson 1"]


class TestGetContext:
    async def test_is_not_found_for_anybody_who_is_no_member(self, cast):
        frogs = await begin(cast.teacher, "Frogs")
        for outsider in (cast.colleague, cast.administrator, cast.stranger):
            async with transaction(outsider) as session:
                with pytest.raises(NotFound):
                    await conversations.get_context(session, outsider, frogs)

    async def test_lets_a_viewer_read_but_not_write(self, cast):
        frogs = await begin(cast.teacher, "Frogs")
        await share(cast.teacher, frogs, cast.student)
        async with transaction(cast.student) as session:
            assert (await conversations.get_context(session, cast.student, frogs))[1] is Access.viewer
            with pytest.raises(NotPermitted):
                await conversations.rename(session, cast.student, frogs, "Toads")


class TestRename:
    async def test_refuses_an_empty_title(self, cast):
        frogs = await begin(cast.teacher, "Frogs")
        async with transaction(cast.teacher) as session:
            with pytest.raises(Invalid):
                await conversations.rename(session, cast.teacher, frogs, "   ")


class TestArchive:
    async def test_puts_away_and_brings_back(self, cast):
        frogs = await begin(cast.teacher, "Frogs")
        async with transaction(cast.teacher) as session:
            await conversations.set_archived(session, cast.teacher, frogs, True)
        assert await titles(cast.teacher) == []
        assert await titles(cast.teacher, archived=True) == ["Frogs"]
        async with transaction(cast.teacher) as session:
            await conversations.set_archived(session, cast.teacher, frogs, False)
        assert await titles(cast.teacher) == ["Frogs"]

    async def test_is_its_owners_to_do(self, cast):
        frogs = await begin(cast.teacher, "Frogs")
        await share(cast.teacher, frogs, cast.colleague, Access.editor)
        async with transaction(cast.colleague) as session:
            with pytest.raises(NotPermitted):
                await conversations.set_archived(session, cast.colleague, frogs, True)


class TestShare:
    async def test_ends_at_once_when_withdrawn(self, cast):
        frogs = await begin(cast.teacher, "Frogs")
        await share(cast.teacher, frogs, cast.colleague, Access.editor)
        await withdraw(cast.teacher, frogs, cast.colleague)
        async with transaction(cast.colleague) as session:
            with pytest.raises(NotFound):
                await conversations.get_context(session, cast.colleague, frogs)

    async def test_cannot_reach_another_organization(self, cast):
        frogs = await begin(cast.teacher, "Frogs")
        with pytest.raises(NotFound):
            await share(cast.teacher, frogs, cast.stranger)

    async def test_is_its_owners_to_do(self, cast):
        frogs = await begin(cast.teacher, "Frogs")
        await share(cast.teacher, frogs, cast.colleague, Access.editor)
        with pytest.raises(NotPermitted):
            await share(cast.colleague, frogs, cast.student)

    async def test_lets_a_member_leave_but_not_the_owner(self, cast):
        frogs = await begin(cast.teacher, "Frogs")
        await share(cast.teacher, frogs, cast.colleague)
        await withdraw(cast.colleague, frogs, cast.colleague)
        with pytest.raises(Invalid):
            await withdraw(cast.teacher, frogs, cast.teacher)

    async def test_changes_the_access_of_somebody_who_has_it(self, cast):
        frogs = await begin(cast.teacher, "Frogs")
        await share(cast.teacher, frogs, cast.colleague)
        await share(cast.teacher, frogs, cast.colleague, Access.editor)
        async with transaction(cast.colleague) as session:
            assert (await conversations.get_context(session, cast.colleague, frogs, write=True))[1] is Access.editor


class TestExport:
    async def test_writes_the_branch_as_markdown(self, cast):
        await fund(cast, cast.teacher)
        frogs = await begin(cast.teacher, "Frogs & toads")
        await ask(cast.teacher, frogs, "How far do frogs jump?")
        async with transaction(cast.teacher) as session:
            name, text = await export.as_markdown(session, cast.teacher, frogs)
        assert name == "frogs---toads.md"
        assert text.startswith("# Frogs & toads\n\n## Maya Okafor\n\nHow far do frogs jump?")

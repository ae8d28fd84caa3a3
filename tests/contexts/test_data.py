"""The data of a conversation: who may change it, and that nothing of it is lost."""

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from faraday_app.contexts.models import Access, Context, DataItem, DataKind, Reading, StoredFile
from faraday_app.contexts.service import data, reading, stored
from faraday_app.contexts.service.data import Draft
from faraday_app.core import outbound
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted, Unavailable
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.security.models import AuditEvent
from tests.factories.contexts import begin, share
from tests.factories.data import FROGS, book, docx, pdf, send_in, write

WRONG = [
    (Draft(DataKind.note, "", "  "), "Enter the note"),
    (Draft(DataKind.text, "", "x" * 200_001), "too long"),
    (Draft(DataKind.text, "t" * 201, "x"), "200 characters"),
    (Draft(DataKind.table, "", "only words"), "no table"),
    (Draft(DataKind.link, "", "javascript:alert(1)"), "https://"),
    (Draft(DataKind.link, "", "https://"), "https://"),
    (Draft(DataKind.link, "", "https://nova@example.org"), "https://"),
    (Draft(DataKind.file, "", "x"), "by sending it"),
]


async def shown(actor, context_id):
    async with transaction(actor) as session:
        return await data.listed(session, actor, context_id)


async def titles(actor, context_id):
    return [each.item.title for each in await shown(actor, context_id)]


async def file_of(item):
    async with transaction(Actor.system()) as session:
        return await session.get_one(StoredFile, item.file_id)


class TestAdd:
    async def test_keeps_words_sealed_and_in_order(self, cast):
        context_id = await begin(cast.teacher)
        await write(cast.teacher, context_id, "# Mira likes prisms.\nAnd light.")
        await write(cast.teacher, context_id, "name,age\nNova,12", "Class", DataKind.table)
        await write(cast.teacher, context_id, "https://example.org/frogs/", "", DataKind.link)
        assert await titles(cast.teacher, context_id) == ["Mira likes prisms.", "Class", "example.org/frogs"]
        async with transaction(Actor.system()) as session:
            query = select(col(DataItem.sealed_content)).where(col(DataItem.context_id) == context_id)
            assert "prisms" not in "".join((await session.scalars(query)).all())
        first = (await shown(cast.teacher, context_id))[0]
        assert await data.content_of(first.item) == "# Mira likes prisms.\nAnd light."

    @pytest.mark.parametrize(("draft", "why"), WRONG)
    async def test_says_what_is_wrong(self, cast, draft, why):
        context_id = await begin(cast.teacher)
        async with transaction(cast.teacher) as session:
            with pytest.raises(Invalid, match=why):
                await data.add(session, cast.teacher, context_id, draft)

    async def test_is_done_once_for_one_key(self, cast):
        context_id = await begin(cast.teacher)
        made = set()
        for _ in range(2):
            async with transaction(cast.teacher) as session:
                made.add((await data.add(session, cast.teacher, context_id, Draft(DataKind.note, "", "Hi"), "k")).id)
        assert len(made) == 1

    async def test_is_for_those_who_may_write(self, cast):
        context_id = await begin(cast.teacher)
        await share(cast.teacher, context_id, cast.student)
        await write(cast.teacher, context_id, "Read this.")
        assert await titles(cast.student, context_id) == ["Read this."]
        with pytest.raises(NotPermitted):
            await write(cast.student, context_id, "No.")
        for outsider in (cast.colleague, cast.stranger):
            with pytest.raises(NotFound):
                await titles(outsider, context_id)

    async def test_ends_at_a_limit(self, cast, monkeypatch):
        from faraday_app.contexts.service.data import items

        monkeypatch.setattr(items, "MOST", 1)
        context_id = await begin(cast.teacher)
        await write(cast.teacher, context_id, "One.")
        with pytest.raises(Invalid, match="Remove one first"):
            await write(cast.teacher, context_id, "Two.")


class TestAddFile:
    @pytest.mark.parametrize(
        ("name", "content", "kind", "word"),
        [
            ("frogs.md", FROGS.encode(), DataKind.file, "snails"),
            ("../../etc/class.csv", b"name,age\nNova,12\n", DataKind.table, "Nova"),
            ("planets.docx", docx("Jupiter is large."), DataKind.file, "Jupiter"),
            ("light.pdf", pdf("Light bends."), DataKind.file, "bends"),
        ],
    )
    async def test_is_read_in_the_background(self, cast, name, content, kind, word):
        context_id = await begin(cast.teacher)
        item = await send_in(cast.teacher, context_id, name, content)
        file = await file_of(item)
        assert (item.kind, item.title, file.state) == (kind, name.rsplit("/", 1)[-1], Reading.ready)
        assert word in await stored.text_of(file)
        assert await stored.content_of(file) == content
        assert word not in f"{file.sealed_text} {file.sealed_key}"

    async def test_keeps_what_is_broken_and_says_so(self, cast):
        context_id = await begin(cast.teacher)
        broken = pdf("Light")[:200]
        file = await file_of(await send_in(cast.teacher, context_id, "light.pdf", broken))
        assert (file.state, file.problem.startswith("This PDF is damaged")) == (Reading.failed, True)
        assert await stored.content_of(file) == broken

    async def test_is_taken_up_again_by_another_worker_and_given_up_in_the_end(self, cast, monkeypatch):
        context_id = await begin(cast.teacher)

        async def no_answer(*_: object) -> bytes:
            raise Unavailable

        with monkeypatch.context() as broken:
            broken.setattr(stored, "content_of", no_answer)
            item = await send_in(cast.teacher, context_id, "frogs.md", FROGS.encode())
        assert await reading.read_waiting() == 0  # claimed for some minutes
        for _ in range(3):
            async with transaction(Actor.system()) as session:
                await session.execute(text("update stored_files set claimed_until = null"))
            with monkeypatch.context() as broken:
                broken.setattr(stored, "content_of", no_answer)
                await reading.read_waiting()
        file = await file_of(item)
        assert (file.state, file.problem) == (Reading.failed, reading.GAVE_UP)
        async with transaction(cast.teacher) as session:
            await stored.read_again(session, await session.get_one(StoredFile, file.id))
        await reading.read_waiting()
        assert (await file_of(item)).state == Reading.ready

    async def test_is_read_one_at_a_time(self, cast, monkeypatch):
        context_id = await begin(cast.teacher)
        seen = []

        async def read(_: object) -> None:
            seen.append(await reading.read_waiting())

        monkeypatch.setattr(reading, "_read", read)
        for _ in range(2):
            async with transaction(cast.teacher) as session:
                await data.add_file(session, cast.teacher, context_id, "a.txt", b"Hello")
        assert (await reading.read_waiting(), seen) == (2, [0, 0])

    async def test_asks_for_the_job(self, cast):
        context_id = await begin(cast.teacher)
        async with transaction(cast.teacher) as session:
            await data.add_file(session, cast.teacher, context_id, "a.txt", b"Hello")
        async with transaction(Actor.system()) as session:
            query = text("select count(*) from procrastinate_jobs where task_name = :task and status = 'todo'")
            assert await session.scalar(query, {"task": stored.READ}) == 1


class TestChange:
    async def test_refuses_what_was_made_from_an_older_version(self, cast):
        context_id = await begin(cast.teacher)
        await share(cast.teacher, context_id, cast.colleague, Access.editor)
        item = await write(cast.teacher, context_id, "Draft.")
        async with transaction(cast.colleague) as session:
            await data.change(session, cast.colleague, context_id, item.id, 1, "Plan", "Final.")
        async with transaction(cast.teacher) as session:
            with pytest.raises(Conflict):
                await data.change(session, cast.teacher, context_id, item.id, 1, "Plan", "Other.")
        (found,) = await shown(cast.teacher, context_id)
        assert (found.item.title, found.item.version, await data.content_of(found.item)) == ("Plan", 2, "Final.")

    async def test_renames_a_file_and_leaves_its_words(self, cast):
        context_id = await begin(cast.teacher)
        item = await send_in(cast.teacher, context_id, "a.txt", b"Hello")
        async with transaction(cast.teacher) as session:
            await data.change(session, cast.teacher, context_id, item.id, 1, "Greeting", None)
            with pytest.raises(Invalid, match="newer file"):
                await data.change(session, cast.teacher, context_id, item.id, 2, "Greeting", "Bye")
        assert await titles(cast.teacher, context_id) == ["Greeting"]


class TestRemove:
    async def test_can_be_undone_and_is_on_record(self, cast):
        context_id = await begin(cast.teacher)
        item = await write(cast.teacher, context_id, "Secret plan.")
        async with transaction(cast.teacher) as session:
            await data.remove(session, cast.teacher, context_id, item.id)
        assert await titles(cast.teacher, context_id) == []
        async with transaction(cast.teacher) as session:
            with pytest.raises(NotFound):
                await data.change(session, cast.teacher, context_id, item.id, 2, "", "x")
            await data.bring_back(session, cast.teacher, context_id, item.id)
        assert await titles(cast.teacher, context_id) == ["Secret plan."]
        async with transaction(Actor.system()) as session:
            events = await session.scalars(select(AuditEvent).where(col(AuditEvent.target_id) == item.id))
            told = {event.action: str(event.details) for event in events}
        assert set(told) == {"data.added", "data.removed", "data.restored"}
        assert "Secret" not in "".join(told.values())


class TestLeaveOut:
    async def test_keeps_it_but_does_not_give_it(self, cast):
        context_id = await begin(cast.teacher)
        item = await write(cast.teacher, context_id, "Aside.")
        for out in (True, True, False):
            async with transaction(cast.teacher) as session:
                await data.leave_out(session, cast.teacher, context_id, item.id, out)
            (found,) = await shown(cast.teacher, context_id)
            assert found.left_out is out


class TestSnapshots:
    async def test_set_everything_back_without_losing_what_came_since(self, cast):
        context_id = await begin(cast.teacher)
        note = await write(cast.teacher, context_id, "First.", "Note")
        file = await send_in(cast.teacher, context_id, "frogs.md", FROGS.encode())
        async with transaction(cast.teacher) as session:
            before = await data.export_items(session, await session.get_one(Context, context_id))
            await data.change(session, cast.teacher, context_id, note.id, 1, "Note", "Second.")
            await data.remove(session, cast.teacher, context_id, file.id)
        later = await write(cast.teacher, context_id, "Later.", "Later")
        async with transaction(cast.teacher) as session:
            context = await session.get_one(Context, context_id)
            await data.restore_items(session, cast.teacher, context, before)
        async with transaction(cast.teacher) as session:
            context = await session.get_one(Context, context_id)
            assert await data.export_items(session, context) == before
            assert (await session.get_one(DataItem, note.id)).version == 3
            await data.bring_back(session, cast.teacher, context_id, later.id)
        assert await titles(cast.teacher, context_id) == ["Note", "frogs.md", "Later"]

    async def test_open_no_file_of_somebody_else(self, cast):
        theirs = await send_in(cast.colleague, await begin(cast.colleague), "a.txt", b"Theirs")
        context_id = await begin(cast.teacher)
        named = {"id": str(new_id()), "kind": "file", "title": "a", "content": None, "file_id": str(theirs.file_id)}
        async with transaction(cast.teacher) as session:
            context = await session.get_one(Context, context_id)
            for wrong in ([named], [{"kind": "file"}], [{**named, "file_id": "x"}]):
                with pytest.raises(Invalid):
                    await data.restore_items(session, cast.teacher, context, wrong)


class TestReadPage:
    async def test_keeps_what_the_page_said(self, cast, monkeypatch):
        import httpx

        async def answer(method: str, url: str, **_: object) -> httpx.Response:
            assert (method, url) == ("GET", "https://example.org/frogs")
            return httpx.Response(200, headers={"content-type": "text/html"}, content=b"<html><p>Frogs eat flies.")

        monkeypatch.setattr(outbound, "request", answer)
        context_id = await begin(cast.teacher)
        link = await write(cast.teacher, context_id, "https://example.org/frogs", "Frogs", DataKind.link)
        item = await data.read_page(cast.teacher, context_id, link.id)
        await reading.read_waiting()
        assert await stored.text_of(await file_of(item)) == "Frogs eat flies."

    async def test_calls_no_private_address(self, cast):
        context_id = await begin(cast.teacher)
        link = await write(cast.teacher, context_id, "https://169.254.169.254/keys", "Keys", DataKind.link)
        with pytest.raises(outbound.Refused):
            await data.read_page(cast.teacher, context_id, link.id)
        note = await write(cast.teacher, context_id, "https://example.org")
        with pytest.raises(Invalid):
            await data.read_page(cast.teacher, context_id, note.id)


async def test_a_long_book_is_read_whole(cast):
    context_id = await begin(cast.teacher)
    item = await send_in(cast.teacher, context_id, "book.md", book("Frogs", "Light", "Rivers", words=400))
    file = await file_of(item)
    assert file.passages >= 6

import json

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.contexts.models import Author, Context, Import, ImportState, Message
from faraday_app.contexts.service import conversations, export, importing
from faraday_app.contexts.service.importing import adding, markdown, working
from faraday_app.contexts.service.importing.drafts import moment_of
from faraday_app.contexts.state import ImportingState
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, LimitReached, NotFound
from faraday_app.core.permissions import Actor
from faraday_app.security.models import AuditEvent
from tests.factories.contexts import begin, shown
from tests.factories.imports import _pieces, bring, chat, node, zipped
from tests.factories.tabs import open_tab


async def contexts_of(actor):
    async with transaction(actor) as session:
        return [item.id for item in await conversations.search(session, actor, limit=90)]


async def read_back(actor, context_id):
    """What the branch shown says."""
    return [(item.message.author, item.message.content) for item in await shown(actor, context_id)]


FROGS = chat(
    node("q", "root", "user", "What do frogs eat?", create_time=1_700_000_000),
    node("a", "q", "assistant", "Flies.", metadata={"model_slug": "gpt-4o"}, create_time=1_700_000_001),
    node("b", "q", "assistant", "Insects, mostly.", create_time=1_700_000_002),
    node("q2", "b", "user", "And newts?"),
    current="q2",
)


class TestChatGpt:
    async def test_brings_all_branches_and_shows_the_one_that_was_shown(self, cast):
        found = await bring(cast.teacher, zipped(conversations__json=[FROGS], chat__html=b"<html>"), "export.zip")
        assert (found.state, found.source, found.added, found.messages) == (ImportState.done, "ChatGPT", 1, 4)
        (frogs,) = await contexts_of(cast.teacher)
        assert await read_back(cast.teacher, frogs) == [
            ("person", "What do frogs eat?"),
            ("model", "Insects, mostly."),
            ("person", "And newts?"),
        ]
        answer = (await shown(cast.teacher, frogs))[1]
        assert len(answer.siblings) == 2

    async def test_of_the_same_file_again_adds_nothing(self, cast):
        await bring(cast.teacher, [FROGS])
        again = await bring(cast.teacher, [FROGS])
        assert (again.added, again.grown, again.known, again.messages) == (0, 0, 1, 0)
        assert len(await contexts_of(cast.teacher)) == 1

    async def test_of_a_later_file_adds_what_is_new(self, cast):
        await bring(cast.teacher, [FROGS])
        later = chat(node("a2", "q2", "assistant", "The same."), current="a2")
        later["mapping"] = FROGS["mapping"] | later["mapping"]
        found = await bring(cast.teacher, [later])
        assert (found.added, found.grown, found.messages) == (0, 1, 1)
        (frogs,) = await contexts_of(cast.teacher)
        assert (await read_back(cast.teacher, frogs))[-1] == ("model", "The same.")

    async def test_leaves_a_branch_alone_that_went_on_here(self, cast):
        await bring(cast.teacher, [FROGS])
        (frogs,) = await contexts_of(cast.teacher)
        async with transaction(cast.teacher) as session:
            context = await session.get_one(Context, frogs)
            said = Message(organization_id=context.organization_id, context_id=frogs, parent_id=context.leaf_id,
                           author=Author.person, author_id=cast.teacher.user, content="My own.")  # fmt: skip
            session.add(said)
            await session.flush()
            context.leaf_id = said.id
        await bring(cast.teacher, [chat(*[{k: v} for k, v in FROGS["mapping"].items()],
                                        node("a2", "q2", "assistant", "The same."), current="a2")])  # fmt: skip
        assert (await read_back(cast.teacher, frogs))[-1] == ("person", "My own.")

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ({"content_type": "code", "language": "python", "text": "print(1)"}, "```python\nprint(1)\n```"),
            ({"content_type": "execution_output", "text": "1"}, "```\n1\n```"),
            ({"content_type": "tether_browsing_display", "result": "Found."}, "Found."),
            ({"content_type": "tether_quote", "title": "Frogs", "url": "https://f.example", "text": "Hop"},
             "Frogs\n\nhttps://f.example\n\n> Hop"),
            ({"content_type": "thoughts", "thoughts": [{"summary": "Think", "content": "of frogs"}]},
             "> Think\n> of frogs"),
            ({"content_type": "system_error", "name": "Oops", "text": "no"}, "[Oops: no]"),
            ({"content_type": "multimodal_text", "parts": [{"content_type": "image_asset_pointer"}, "What is it?"]},
             "[An image was here.]\n\nWhat is it?"),
            ({"content_type": "multimodal_text", "parts": [{"content_type": "audio_transcription", "text": "Hi"}]},
             "Hi"),
            ({"content_type": "hologram"}, "[Something of the kind “hologram” was here, which cannot be read.]"),
            ({"content_type": "text", "parts": ["a", {"content_type": "what"}]},
             "a\n\n[Something of the kind “what” was here, which cannot be read.]"),
        ],
    )  # fmt: skip
    async def test_reads_or_notes_every_kind_of_content(self, cast, content, said):
        await bring(cast.teacher, [chat(node("q", "root", "user", "?"), node("a", "q", "assistant", content))])
        (frogs,) = await contexts_of(cast.teacher)
        assert (await read_back(cast.teacher, frogs))[-1] == ("model", said)

    async def test_skips_what_was_never_shown_and_keeps_the_thread(self, cast):
        hidden = {"metadata": {"is_visually_hidden_from_conversation": True}}
        await bring(
            cast.teacher,
            [
                chat(
                    node("s", "root", "system", "You are ChatGPT."),
                    node("m", "s", "user", {"content_type": "user_editable_context"}),
                    node("q", "m", "user", "Hello", metadata={"attachments": [{"name": "frog.pdf"}]}),
                    node("h", "q", "assistant", "secret", **hidden),
                    node("a", "h", "assistant", "Hi."),
                )
            ],
        )
        (frogs,) = await contexts_of(cast.teacher)
        assert await read_back(cast.teacher, frogs) == [
            ("person", "Hello\n\n[A file was here: frog.pdf]"),
            ("model", "Hi."),
        ]

    async def test_is_read_up_to_and_past_what_is_damaged(self, cast):
        circle = chat(node("x", "y", "user", "a"), node("y", "x", "user", "b"), node("q", "root", "user", "c"), id="c3")
        files = [FROGS, {"no": "mapping"}, chat(id="c2"), {"mapping": {"a": {"message": 5}}}, circle]
        found = await bring(cast.teacher, files)
        assert (found.state, found.added, found.unread, found.total) == (ImportState.done, 2, 3, 5)
        told = [f"{each['place']}: {each['why']}" for each in found.problems]
        assert told[0].startswith("Conversation 2 in “conversations.json”: it has no “mapping”")
        assert "nothing in it that can be read" in told[1]
        assert "2 messages follow each other in a circle" in told[3]


class TestRefused:
    @pytest.mark.parametrize(
        ("content", "name", "words"),
        [
            ('[{"mapping": {}},\n oops', "conversations.json", "stops being JSON in line 2, column 2"),
            (b'{"title": "\xff"}', "conversations.json", "byte 12 cannot be read"),
            ({"hello": 1}, "a.json", "neither the conversations.json of a ChatGPT export"),
            ([1, 2], "a.json", "neither the conversations.json"),
            ("[" * 100_000, "a.json", "nested too deeply"),
            ("[" + "9" * 5_000 + "]", "a.json", "a number that is too long"),
            ({"format": "faraday.conversations", "version": 9}, "a.json", "version 9"),
            ({"format": "faraday.conversations", "version": 1}, "a.json", "“conversations” is missing"),
            (zipped(readme__exe=b"x"), "a.zip", "no conversations.json"),
            (zipped(conversations__json=b"0" * 30_000_000), "a.zip", "unpacks to more"),
            (b"PK\x05\x06" + b"\x00" * 18, "a.zip", "no conversations.json"),
        ],
    )  # fmt: skip
    async def test_with_a_sentence_that_says_where(self, cast, content, name, words):
        found = await bring(cast.teacher, content, name)
        assert found.state == ImportState.failed
        assert words in found.error
        assert await contexts_of(cast.teacher) == []

    async def test_when_it_is_empty_or_too_large_and_nothing_stays(self, cast, monkeypatch):
        monkeypatch.setattr("faraday_app.contexts.service.importing.receiving.LARGEST", 10)
        for content, words in ((b"", "empty"), (b"x" * 11, "too large")):
            with pytest.raises(Invalid, match=words):
                await importing.receive(cast.teacher, "a.json", _pieces(content))
        async with transaction(cast.teacher) as session:
            assert await importing.listed(session, cast.teacher) == []

    async def test_when_many_wait_already(self, cast):
        for _ in range(5):
            await importing.receive(cast.teacher, "a.md", _pieces(b"Hello"))
        with pytest.raises(LimitReached):
            await importing.receive(cast.teacher, "a.md", _pieces(b"Hello"))
        assert await importing.work() == 5


class TestOurs:
    async def export(self, actor, context_id):
        async with transaction(actor) as session:
            return (await export.as_json(session, actor, context_id))[1]

    async def test_comes_back_as_it_was_for_somebody_else(self, cast):
        await bring(cast.teacher, [FROGS])
        (frogs,) = await contexts_of(cast.teacher)
        text = await self.export(cast.teacher, frogs)
        found = await bring(cast.student, text, "frogs.json")
        assert (found.source, found.added, found.messages) == ("Faraday", 1, 4)
        (theirs,) = await contexts_of(cast.student)
        assert await read_back(cast.student, theirs) == await read_back(cast.teacher, frogs)
        assert json.loads(await self.export(cast.student, theirs))["conversations"][0]["title"] == "Frogs"

    async def test_can_set_neither_owner_nor_organization_nor_ids_nor_costs(self, cast):
        victim = await begin(cast.colleague, "Hers")
        evil = {
            "id": str(victim), "title": "Mine", "owner_id": str(cast.colleague.user), "version": 99,
            "organization_id": str(cast.stranger.organization), "model": "gpt-9", "archived_at": "2020-01-01",
            "messages": [
                {"id": str(victim), "by": "person", "author_id": str(cast.colleague.user), "name": "Ana Ruiz",
                 "text": "A"},
                {"id": "2", "parent": str(victim), "by": "model", "text": "B", "cost": 5, "cost_microcredits": 5,
                 "tokens": {"answer": 9}, "gpt_id": str(victim), "status": "running", "at": "9999-01-01"},
                {"id": "3", "parent": "2", "by": "person", "name": "Maya Okafor", "text": "C"},
            ],
        }  # fmt: skip
        await bring(cast.teacher, {"format": "faraday.conversations", "version": 1, "conversations": [evil]}, "a.json")
        (mine,) = await contexts_of(cast.teacher)
        assert await contexts_of(cast.colleague) == [victim]
        async with transaction(cast.teacher) as session:
            context = await session.get_one(Context, mine)
            query = select(Message).where(col(Message.context_id) == mine).order_by(col(Message.id))
            first, second, third = await session.scalars(query)
        assert context.id != victim
        assert (context.owner_id, context.organization_id) == (cast.teacher.user, cast.organization_id)
        assert (context.version, context.archived_at, context.model == "gpt-9") == (1, None, False)
        assert (first.author_id, first.content) == (None, "*Ana Ruiz:*\n\nA")
        assert (second.cost, second.answer_tokens, second.gpt_id, second.status) == (0, 0, None, "complete")
        assert second.created_at <= now()
        assert third.author_id == cast.teacher.user


class TestMarkdown:
    async def test_comes_back_as_it_was_exported(self, cast):
        said = chat(node("q", "root", "user", "# Big\n\n```\n## not a heading\n```"),
                    node("a", "q", "assistant", "## Mine\n\nYes.", metadata={"model_slug": "gpt-4o"}))  # fmt: skip
        await bring(cast.teacher, [said])
        (frogs,) = await contexts_of(cast.teacher)
        async with transaction(cast.teacher) as session:
            name, text = await export.as_markdown(session, cast.teacher, frogs)
        assert (name, text.startswith("# Frogs\n\n## Maya Okafor\n\n### Big")) == ("frogs.md", True)
        await bring(cast.student, text, "frogs.md")
        (theirs,) = await contexts_of(cast.student)
        assert await read_back(cast.student, theirs) == [
            ("person", "### Big\n\n```\n## not a heading\n```"),
            ("model", "#### Mine\n\nYes."),
        ]

    def test_without_headings_is_one_message(self):
        draft = markdown.draft_of("Just a note.", "note.md", "Maya Okafor")
        assert [(each.by_model, each.text) for each in draft.messages] == [(False, "Just a note.")]
        assert draft.title == "note"


class TestWork:
    async def test_goes_on_where_a_killed_worker_was(self, cast, monkeypatch):
        many = [FROGS, chat(node("q", "root", "user", "Hello"), id="c2", title="Second")]
        begun = await importing.receive(cast.teacher, "conversations.json", _pieces(json.dumps(many).encode()))
        real, calls = adding.add, []

        async def killed(*args):
            calls.append(args)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return await real(*args)

        monkeypatch.setattr(adding, "add", killed)
        with pytest.raises(KeyboardInterrupt):
            await working._add_all(await working._take())
        monkeypatch.setattr(adding, "add", real)
        assert await importing.work() == 0
        async with transaction(Actor.system()) as session:
            (await session.get_one(Import, begun.id)).lease_until = now()
        assert await importing.work() == 1
        async with transaction(cast.teacher) as session:
            found = await importing.one(session, cast.teacher, begun.id)
        assert (found.state, found.done, found.known, len(await contexts_of(cast.teacher))) == ("done", 2, 1, 2)

    async def test_is_told_in_the_trail_and_to_nobody_else(self, cast):
        found = await bring(cast.teacher, [FROGS])
        async with transaction(cast.administrator) as session:
            query = select(col(AuditEvent.action)).where(col(AuditEvent.target_id) == found.id)
            assert sorted(await session.scalars(query)) == ["import.begun", "import.finished"]
        for other in (cast.colleague, cast.stranger):
            async with transaction(other) as session:
                with pytest.raises(NotFound):
                    await importing.one(session, other, found.id)

    @pytest.mark.parametrize(("value", "known"), [
        (1_700_000_000, True), ("2024-05-01T10:00:00Z", True), (1e30, False), ("soon", False), (None, False),
        (9e9, False), (float("nan"), False), (True, False),
    ])  # fmt: skip
    def test_believes_only_times_that_have_been(self, value, known):
        assert (moment_of(value) is not None) == known


class TestPage:
    async def test_shows_what_came_and_what_did_not(self, cast):
        tab = await open_tab(cast.teacher, ImportingState)
        await bring(cast.teacher, [FROGS, {"no": 1}])
        await ImportingState.refresh.fn(tab)
        (item,) = tab.items
        assert (item.state, item.percent) == ("done", 100)
        assert item.came == "1 new, 1 could not be read. Messages: 4."
        assert item.problems[0].startswith("Conversation 2 in “conversations.json”")
        await ImportingState.sent.fn(tab, "Too large.")
        assert (tab.problem, tab.sending) == ("Too large.", False)

import json

import pytest

from faraday_app.contexts.service import conversations, export
from faraday_app.contexts.service.export import documents, printing
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, Unavailable
from tests.factories.contexts import begin
from tests.factories.imports import bring, chat, node

# What would run, show another file or stop the document, if Typst ever read it as its own language.
EVIL = ['#panic("run")', '#read("/etc/passwd")', '#include "x.typ"', "$ x $", "]#panic()[", '"; #panic(); "', "\\u{41}"]


def printable(text, title="Frogs"):
    said = {"name": text, "model": True, "at": text, "blocks": documents.blocks(text)}
    return documents.Printable(title=title, about=text, messages=[said])


class TestPdf:
    async def test_runs_nothing_that_anybody_wrote(self):
        text = "\n\n".join([*EVIL, *(f"`{each}`" for each in EVIL), *(f"- **{each}**" for each in EVIL)])
        assert (await export.printed(printable(text, EVIL[0]))).startswith(b"%PDF")

    async def test_would_fail_if_it_did(self, monkeypatch, tmp_path):
        """The same words as code do stop it: so the test above can fail."""
        template = (
            printing._SETTER.with_name("conversation.typ")
            .read_text()
            .replace("document.title)", "eval(document.title))")
        )
        (tmp_path / "conversation.typ").write_text(template)
        (tmp_path / "setter.py").write_text(printing._SETTER.read_text())
        monkeypatch.setattr(printing, "_SETTER", tmp_path / "setter.py")
        with pytest.raises(Unavailable):
            await export.printed(printable("x", 'panic("run")'))

    async def test_is_stopped_when_it_takes_too_long_or_is_too_long(self, monkeypatch):
        monkeypatch.setattr(printing, "WITHIN", 0.01)
        with pytest.raises(Unavailable, match="too long"):
            await export.printed(printable("x"))
        monkeypatch.setattr(printing, "LONGEST", 10)
        with pytest.raises(Invalid, match="too long for a PDF"):
            await export.printed(printable("x"))

    @pytest.mark.parametrize(
        ("text", "kinds"),
        [
            ("# A\n\ntext", ["heading", "text"]),
            ("1. a\n2. b", ["text", "text"]),
            ("> q", ["quote"]),
            ("```\nx\n```\n\n---", ["code", "line"]),
            ("|a|\n|-|\n|b|", ["text", "text"]),
            ("<script>alert(1)</script>", ["text"]),
        ],
    )
    def test_has_a_block_for_each_part_of_markdown(self, text, kinds):
        assert [each["kind"] for each in documents.blocks(text)] == kinds

    def test_marks_the_items_of_lists(self):
        assert [(each["mark"], each["depth"]) for each in documents.blocks("1. a\n   - b\n2. c")] == [
            ("1.", 1), ("•", 2), ("2.", 1)]  # fmt: skip


class TestJson:
    async def test_holds_all_branches_with_names_models_and_costs(self, cast):
        await bring(cast.teacher, [chat(node("q", "root", "user", "Hi"), node("a", "q", "assistant", "A"),
                                        node("b", "q", "assistant", "B"))])  # fmt: skip
        async with transaction(cast.teacher) as session:
            (found,) = await conversations.search(session, cast.teacher)
            name, text = await export.as_json(session, cast.teacher, found.id)
        document = json.loads(text)
        assert (name, document["format"], document["version"]) == ("frogs.json", "faraday.conversations", 1)
        question, *answers = document["conversations"][0]["messages"]
        assert (question["name"], question["by"], question["parent"]) == ("Maya Okafor", "person", None)
        assert [each["text"] for each in answers] == ["A", "B"]
        assert {"model", "tokens", "cost_microcredits", "status"} <= set(answers[0])
        assert document["conversations"][0]["shown"] == answers[-1]["id"]

    async def test_is_for_members_only(self, cast):
        frogs = await begin(cast.teacher, "Frogs")
        for make in (export.as_json, export.as_pdf, export.as_markdown):
            async with transaction(cast.colleague) as session:
                with pytest.raises(NotFound):
                    await make(session, cast.colleague, frogs)

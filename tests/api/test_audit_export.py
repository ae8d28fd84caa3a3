import asyncio
import csv
import io
import json
import subprocess
import sys
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faraday_app.core.clock import now
from faraday_app.core.permissions import Permission
from faraday_app.security.service import chain, signing
from tests.factories.api import is_problem
from tests.security.test_audit import actions_of, write

TOOL = Path(__file__).parents[2] / "tools" / "verify_audit.py"
_spec = spec_from_file_location("verify_audit", TOOL)
tool = module_from_spec(_spec)
_spec.loader.exec_module(tool)


def keys():
    return list(signing.public_keys().values())


def lines_of(text, kind):
    return [line for line in map(json.loads, text.splitlines()) if line["type"] == kind]


@pytest.fixture
async def signed(cast, monkeypatch):
    """Two blocks that were sealed and signed yesterday, and an event that waits."""
    monkeypatch.setattr(chain, "now", lambda: now() - timedelta(days=1))
    for room in ("12", "=1+1", "-2", "@x"):
        await write(cast.teacher, "lesson.planned", "lesson.held", room=room, half=0.5, name="Zoë")
    await chain.seal(cast.organization_id)
    await write(cast.teacher, "lesson.moved")
    await chain.seal(cast.organization_id)
    monkeypatch.undo()
    await chain.sign_past_days()
    return cast


@pytest.fixture
async def export(as_, signed):
    client = await as_(signed.administrator)
    response = await client.get("/audit/export")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/x-ndjson"
    return response.text


class TestExport:
    async def test_holds_what_the_page_shows_by_the_words_of_an_action(self, as_, signed):
        await write(signed.teacher, "session.opened")
        client = await as_(signed.administrator)
        text = (await client.get("/audit/export", params={"text": "signed IN"})).text
        found = {line["event"]["action"] for line in lines_of(text, "event")}
        assert found - {"audit.exported"} == {"session.opened"}

    async def test_carries_every_event_with_its_proof(self, export):
        events = lines_of(export, "event")
        assert [each["block"] for each in events if each["event"]["action"].startswith("lesson.")] == [1] * 8 + [2]
        assert [each["number"] for each in lines_of(export, "block")] == [1, 2]
        assert len(lines_of(export, "root")) == 1
        tool.verify([line + b"\n" for line in export.encode().splitlines()], keys())

    async def test_is_itself_recorded(self, export, signed):
        assert await actions_of(signed.administrator, action="audit.exported") == ["audit.exported"]
        assert lines_of(export, "event")[-1]["event"]["action"] == "audit.exported"

    async def test_filters(self, as_, signed):
        client = await as_(signed.administrator)
        for wanted, found in (
            ({"action": "lesson.m"}, ["lesson.moved"]),
            ({"since": (now() + timedelta(hours=1)).isoformat()}, []),
            ({"actor_id": str(signed.student.user_id)}, []),
        ):
            text = (await client.get("/audit/export", params=wanted)).text
            assert [each["event"]["action"] for each in lines_of(text, "event")] == found
            tool.verify([line + b"\n" for line in text.encode().splitlines()], keys())

    async def test_as_a_table_runs_no_formula(self, as_, signed):
        await write(signed.teacher.at("=cmd"), "lesson.held")
        client = await as_(signed.administrator)
        response = await client.get("/audit/export", params={"format": "csv"})
        rows = list(csv.DictReader(io.StringIO(response.text)))
        assert "'=cmd" in {row["address"] for row in rows}
        assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]

    async def test_holds_nothing_of_another_organization(self, as_, signed):
        text = (await (await as_(signed.stranger)).get("/audit/export")).text
        assert str(signed.organization_id) not in text
        assert str(signed.teacher.user_id) not in text

    async def test_needs_the_right_to_export(self, as_, cast):
        for client in (await as_(cast.head), await as_(cast.administrator, Permission.audit_read)):
            assert is_problem(await client.get("/audit/export"), 403)

    async def test_refuses_another_format(self, as_, cast):
        client = await as_(cast.administrator)
        assert is_problem(await client.get("/audit/export", params={"format": "xml"}), 422, "format")


class TestKey:
    async def test_is_public(self, guest):
        response = await guest.get("/.well-known/faraday-audit-key")
        assert response.json() == {"keys": signing.published()}


class TestOfflineVerifier:
    async def test_is_a_command(self, export, tmp_path):
        file = tmp_path / "export.jsonl"
        key = signing.published()[0]["key"]
        for text, code, said in (
            (export, 0, "are as Faraday"),
            (export.replace('"12"', '"13"', 1), 1, "changed: event"),
        ):
            file.write_text(text)
            command = [sys.executable, str(TOOL), str(file), key]
            done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
            assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done

    async def test_names_what_was_done(self, export):
        lines = export.splitlines()
        events = [at for at, line in enumerate(lines) if json.loads(line)["type"] == "event"]
        block = next(at for at, line in enumerate(lines) if '"type":"block"' in line)
        root = next(at for at, line in enumerate(lines) if '"type":"root"' in line)
        for what, mutated in (
            ("missing", lines[: events[2]] + lines[events[2] + 1 :]),
            ("inserted", lines[: events[2]] + lines[events[2] : events[2] + 1] + lines[events[2] :]),
            ("missing", lines[:block] + lines[block + 1 :]),
            ("block", [*lines[:block], lines[block].replace('"count"', '"c":1,"count"'), *lines[block + 1 :]]),
            ("signature", [*lines[:root], lines[root].replace('"day"', '"d":1,"day"'), *lines[root + 1 :]]),
            ("missing", lines[:-1]),
        ):
            with pytest.raises(tool.Broken, match=f"^{what}: "):
                tool.verify([line.encode() + b"\n" for line in mutated], keys())

    async def test_finds_any_single_mutation(self, export):
        whole = export.encode()
        count = len(whole.splitlines())

        @settings(max_examples=200, deadline=None, database=None, derandomize=True)
        @given(st.data())
        def check(data):
            lines = whole.splitlines(keepends=True)
            at = data.draw(st.integers(0, count - 1))
            kind = data.draw(st.sampled_from(["byte", "remove", "repeat", "swap"]))
            if kind == "byte":
                place = data.draw(st.integers(0, len(lines[at]) - 2))
                other = data.draw(st.integers(0, 255).filter(lambda byte: byte != lines[at][place]))
                lines[at] = lines[at][:place] + bytes([other]) + lines[at][place + 1 :]
            elif kind == "remove":
                del lines[at]
            elif kind == "repeat":
                lines.insert(at, lines[at])
            else:
                other = data.draw(st.integers(0, count - 1).filter(lambda other: other != at))
                lines[at], lines[other] = lines[other], lines[at]
            with pytest.raises(tool.Broken):
                tool.verify(b"".join(lines).splitlines(keepends=True), keys())

        check()

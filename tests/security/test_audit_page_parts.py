"""One event, saved searches, the export and the proof on the page of the trail."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.core import context
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.organizations.service import safety
from faraday_app.security.models import AuditSearch
from faraday_app.security.service import audit_searches, chain
from faraday_app.security.service.directory import directory
from faraday_app.security.state import AuditProofState, AuditSearchesState, AuditState, EventState
from faraday_app.security.state.narrowing import NOTHING
from tests.factories.tabs import open_at, open_tab, sent
from tests.security.test_audit import write
from tests.security.test_audit_search import administrator_beside

HERE = "/audit"


@pytest.fixture(autouse=True)
def called(monkeypatch):
    monkeypatch.setattr(directory, "_names", safety.names)
    monkeypatch.setattr(directory, "_search", safety.search)


def what(page):
    return [row.what for row in page.rows]


def chips(page):
    return [each.words for each in page.shown_filters]


def address_in(spec):
    """The address that the browser is told to show."""
    act, address = json.loads(sent(spec)["javascript_code"])
    assert act == "address"
    return address


class TestEvent:
    async def shown(self, cast, action="lesson.moved", actor=None, **details):
        await write(actor or cast.teacher, action, **details)
        page = await open_at(cast.administrator, AuditState, HERE, action=action)
        event = await open_at(cast.administrator, EventState, HERE, event=page.rows[0].id)
        assert event.open
        return event

    async def test_opens_by_its_address_with_what_changed(self, cast):
        before = {"room": "12", "seats": 30, "days": ["Mon", "Tue"], "password": "old"}  # pragma: allowlist secret
        after = {"room": "14", "seats": 30, "days": ["Tue", "Fri"], "open": True}
        event = await self.shown(cast, before=before, after=after, reason="Rain")
        changes = {each.field: (each.before, each.after) for each in event.changes}
        assert changes == {
            "Room": ("12", "14"),
            "Days": ("Mon", "Fri"),
            "Password": ("[hidden]", "—"),
            "Open": ("—", "yes"),
        }
        assert (event.same, event.lines) == ("1 other field stayed the same.", [("Reason", "Rain")])
        assert event.link.startswith("http")

    async def test_says_how_it_ended_and_where_it_is_sealed(self, cast):
        event = await self.shown(cast, "lesson.refused")
        assert (event.outcome, event.seal, event.is_sealed) == ("Refused", "Waits to be sealed", False)
        await chain.seal(cast.organization_id)
        await EventState.show.fn(event, event.link.rsplit("=", 1)[1])
        assert (event.seal, event.is_sealed) == ("Sealed in block 1", True)

    async def test_leads_to_all_of_the_same_request(self, cast):
        context.begin_request()
        await write(cast.teacher, "lesson.planned")
        event = await self.shown(cast, "lesson.moved")
        trail = await event.get_state(AuditState)
        trail.narrowed = {**NOTHING, "outcome": "done"}
        spec = await EventState.only.fn(event, "request")
        assert not event.open
        assert spec.handler.fn is AuditState.show_only.fn
        await AuditState.show_only.fn(trail, sent(spec)["wanted"])
        assert what(trail) == ["Lesson: moved", "Lesson: planned"]
        context.begin_request()

    async def test_is_not_found_by_others_nor_by_nonsense(self, cast):
        event = await self.shown(cast)
        for id in (event.link.rsplit("=", 1)[1], "nonsense"):
            page = await open_tab(cast.stranger, EventState)
            with pytest.raises(NotFound):
                await EventState.show.fn(page, id)
            assert (page.open, page.facts) == (False, [])


class TestSavedSearches:
    FORM = {"search_name": "Refusals", "search_shared": "on"}

    async def kept(self, actor, **narrowed):
        trail = await open_at(actor, AuditState, HERE, **narrowed)
        page = await trail.get_state(AuditSearchesState)
        await AuditSearchesState.keep.fn(page, self.FORM)
        return page

    async def test_keep_the_present_filters_and_bring_them_back(self, cast):
        page = await self.kept(cast.administrator, outcome="refused", since="7")
        assert (page.problem, page.open) == ("", False)
        other = await open_tab(await administrator_beside(cast), AuditSearchesState)
        await AuditSearchesState.set_open.fn(other, True)
        (row,) = other.rows
        assert (row.name, row.mine) == ("Refusals", False)
        assert row.about.startswith("Shared by ")
        spec = await AuditSearchesState.use.fn(other, row.id)
        assert spec.handler.fn is AuditState.show_only.fn
        with pytest.raises(NotFound):
            await AuditSearchesState.remove.fn(other, row.id)
        await AuditSearchesState.set_open.fn(page, True)
        assert [each.about for each in page.rows] == ["Yours, shared with all who read the trail"]
        await AuditSearchesState.remove.fn(page, row.id)
        assert page.rows == []

    async def test_want_a_name_and_something_to_keep(self, cast):
        page = await self.kept(cast.administrator)
        assert page.problem == "Choose at least one filter first."
        for form in ({"search_name": " "}, {"search_name": "x" * 200}, None):
            await AuditSearchesState.keep.fn(page, form)
            assert page.problem

    async def test_are_judged_when_they_are_read_back(self, cast):
        async with transaction(cast.administrator) as session:
            id = await audit_searches.keep_search(session, cast.administrator, "Odd", {"outcome": "refused"})
            odd = {"outcome": ["refused"], "actor_id": "x' or 1=1", "text": 7, "since": None, "tables": "users"}
            await session.execute(update(AuditSearch).where(col(AuditSearch.id) == id).values(wanted=odd))
        page = await open_tab(cast.administrator, AuditSearchesState)
        spec = await AuditSearchesState.use.fn(page, str(id))
        trail = await page.get_state(AuditState)
        await AuditState.show_only.fn(trail, sent(spec)["wanted"])
        assert trail.narrowed == {**NOTHING, "text": "7"}


class TestExport:
    async def test_asks_the_api_for_just_what_is_shown(self, cast):
        page = await open_at(cast.administrator, AuditState, HERE, outcome="refused", since="2026-11-01", text="a&b")
        spec = await AuditState.export.fn(page, "jsonl")
        url = urlsplit(sent(spec)["url"])
        assert url.path == "/api/v1/audit/export"
        assert parse_qs(url.query) == {
            "outcome": ["refused"],
            "since": ["2026-11-01T00:00:00+00:00"],
            "text": ["a&b"],
            "format": ["jsonl"],
        }
        spec = await AuditState.export.fn(page, "../x")
        assert "format=csv" in str(spec.args)


class TestProof:
    async def test_tells_the_newest_block_and_the_newest_signed_day(self, cast, monkeypatch):
        page = await open_at(cast.administrator, AuditProofState, HERE)
        assert (page.proof.block, page.proof.day, page.loaded) == ("", "", True)
        await write(cast.teacher, "lesson.planned")
        monkeypatch.setattr(chain, "now", lambda: now() - timedelta(days=1))
        await chain.seal(cast.organization_id)
        monkeypatch.undo()
        await chain.sign_past_days()
        await AuditProofState.refresh.fn(page)
        assert page.proof.block == "Block 1"
        assert "events, sealed" in page.proof.block_about
        yesterday = (now() - timedelta(days=1)).date()
        assert page.proof.day == f"{yesterday.day} {yesterday:%b %Y}"
        assert page.proof.day_about == "Block 1, UTC"

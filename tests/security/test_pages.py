"""The handlers behind the audit page and the page of API keys, called as the guard would call them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.identity import identities
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.service import actor_of_key, actor_of_session, safety
from faraday_app.security.models import Session
from faraday_app.security.service import api_keys, audit, key_restrictions, record
from faraday_app.security.service.directory import directory
from faraday_app.security.state import AllKeysState, AuditState, KeyActsState, KeysState
from faraday_app.ui.guard import ConfirmationWanted
from tests.factories import tabs
from tests.factories.tabs import open_tab


@pytest.fixture(autouse=True)
def called(monkeypatch):
    monkeypatch.setattr(directory, "_names", safety.names)


async def write(actor, *actions, **details):
    async with transaction(actor) as session:
        for action in actions:
            record(session, actor, action, **details)


def what(page):
    return [row.what for row in page.rows]


class TestAuditState:
    async def test_follows_what_happens(self, cast):
        page = await open_tab(cast.administrator, AuditState)
        await AuditState.refresh.fn(page)
        await write(cast.teacher, "lesson.held")
        await AuditState.follow.fn(page)
        assert (page.rows[0].what, page.rows[0].who, page.behind) == ("Lesson: held", "Maya Okafor", False)

    async def test_stands_still_when_asked_and_says_that_there_is_more(self, cast):
        page = await open_tab(cast.administrator, AuditState)
        await AuditState.refresh.fn(page)
        await AuditState.toggle_tail.fn(page)
        await write(cast.teacher, "lesson.held")
        await AuditState.follow.fn(page)
        assert page.behind
        assert "Lesson: held" not in what(page)
        await AuditState.newest.fn(page)
        assert (page.rows[0].what, page.behind) == ("Lesson: held", False)

    async def test_stands_still_while_one_reads_older_pages(self, cast):
        await write(cast.teacher, *["lesson.held"] * (audit.PAGE + 5))
        page = await open_tab(cast.administrator, AuditState)
        await AuditState.refresh.fn(page)
        await AuditState.next_page.fn(page)
        older = [row.id for row in page.rows]
        assert page.shown.startswith("51–")
        await write(cast.teacher, "lesson.planned")
        await AuditState.follow.fn(page)
        assert ([row.id for row in page.rows], page.behind) == (older, True)
        await AuditState.previous_page.fn(page)
        assert (page.rows[0].what, page.behind) == ("Lesson: planned", False)

    async def test_narrows_by_words_kind_and_time(self, cast):
        await write(cast.teacher, "session.opened", "lesson.held")
        page = await open_tab(cast.administrator, AuditState)
        await AuditState.narrow.fn(page, "text", "signed IN")
        assert what(page) == ["Signed in"]
        await AuditState.clear.fn(page)
        await AuditState.narrow.fn(page, "action", "lesson.held")
        assert what(page) == ["Lesson: held"]
        for since in ("today", "7", "30", "nonsense"):
            await AuditState.set_since.fn(page, since)
            assert what(page) == ["Lesson: held"]

    async def test_says_why_it_shows_nothing_to_a_teacher(self, cast):
        page = await open_tab(cast.teacher, AuditState)
        await AuditState.refresh.fn(page)
        assert page.rows == []
        assert "audit:read" in page.error


@pytest.fixture
def confirmed(monkeypatch):
    """Whoever looks has just shown who they are."""
    real = identities._of_session

    async def of_session(token, **how):
        actor = await (real or actor_of_session)(token, **how)
        return actor and replace(actor, confirmed_at=now())

    monkeypatch.setattr(tabs, "_install", lambda: None)
    monkeypatch.setattr(identities, "_of_session", of_session)


@pytest.mark.usefixtures("confirmed")
class TestKeysState:
    FORM = {"key_name": "Import", "key_days": "30", "scope_assistant_use": "on"}

    async def test_shows_the_secret_once(self, cast):
        page = await open_tab(cast.teacher, KeysState)
        await KeysState.create.fn(page, self.FORM)
        actor = await actor_of_key(page.secret)
        assert actor is not None
        assert actor.permissions == {Permission.assistant_use}
        await KeysState.set_creating.fn(page, False)
        await KeysState.refresh.fn(page)
        assert page.secret == ""
        assert [(row.name, row.badge) for row in page.rows] == [("Import", "")]

    async def test_makes_one_key_of_a_double_click(self, cast):
        page = await open_tab(cast.teacher, KeysState)
        await KeysState.create.fn(page, self.FORM)
        await KeysState.create.fn(page, self.FORM)
        await KeysState.refresh.fn(page)
        assert len(page.rows) == 1

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("name_error", {"key_name": " "}),
            ("scopes_error", {"scope_assistant_use": ""}),
            ("scopes_error", {"scope_people_manage": "on"}),
            ("problem", {"key_days": "9999"}),
        ],
    )
    async def test_says_at_the_field_what_is_wrong(self, cast, field, change):
        page = await open_tab(cast.teacher, KeysState)
        await KeysState.create.fn(page, {**self.FORM, **change})
        told = {name for name in ("name_error", "scopes_error", "problem") if getattr(page, name)}
        assert (told, page.secret) == ({field}, "")

    async def test_restricts_as_it_was_filled_in(self, cast, monkeypatch):
        async def names(_):
            return ["one", "other"]

        monkeypatch.setattr(key_restrictions, "OFFERED_MODELS", [names])
        page = await open_tab(cast.teacher, KeysState)
        await KeysState.set_creating.fn(page, True)
        assert page.models == ["one", "other"]
        filled = {"key_addresses": "10.0.0.0/8, 2001:db8::1\n192.0.2.7", "model_other": "on", "key_budget": "12.5"}
        limits = {"key_period": "week", "key_limit": "60", "key_burst": "5"}
        await KeysState.create.fn(page, {**self.FORM, **filled, **limits})
        assert page.problem == ""
        async with transaction(cast.teacher) as session:
            row = (await api_keys.list_api_keys(session, cast.teacher))[0]
        assert row.addresses == ["10.0.0.0/8", "2001:db8::1/128", "192.0.2.7/32"]
        assert (row.models, row.budget, row.budget_period) == (["other"], 12_500_000, "week")
        assert (row.limit_per_minute, row.burst) == (60, 5)

    @pytest.mark.parametrize(
        "change",
        [
            {"key_addresses": "somewhere"},
            {"key_budget": "much"},
            {"key_period": "hour"},
            {"key_limit": "-5"},
            {"key_burst": "9" * 30},
            {"key_limit": {"odd": 1}},
        ],
    )
    async def test_says_what_is_wrong_with_a_restriction(self, cast, change):
        page = await open_tab(cast.teacher, KeysState)
        await KeysState.create.fn(page, {**self.FORM, **change})
        assert page.problem
        assert page.secret == ""

    async def test_asks_an_old_session_who_is_there(self, cast, monkeypatch):
        monkeypatch.setattr(identities, "_of_session", actor_of_session)
        page = await open_tab(cast.teacher, KeysState)
        async with transaction(Actor.system()) as session:
            hers = update(Session).where(col(Session.user_id) == cast.teacher.user)
            await session.execute(hers.values(confirmed_at=now() - timedelta(hours=2)))
        with pytest.raises(ConfirmationWanted):
            await KeysState.create.fn(page, self.FORM)


@pytest.mark.usefixtures("confirmed")
class TestKeyActsState:
    async def made(self, actor, name="Import", expires_at=None):
        async with transaction(actor) as session:
            row, _ = await api_keys.create_api_key(session, actor, name, [Permission.assistant_use], expires_at)
        return str(row.id)

    async def test_shows_one_in_full(self, cast):
        page = await open_tab(cast.teacher, KeyActsState)
        await KeyActsState.show.fn(page, await self.made(cast.teacher))
        assert (page.name, page.detailed) == ("Import", True)
        assert ("Works from", "Any address") in page.lines

    async def test_rotates_and_shows_the_secret_once(self, cast):
        key_id = await self.made(cast.teacher)
        page = await open_tab(cast.teacher, KeyActsState)
        await KeyActsState.ask_rotate.fn(page, key_id)
        await KeyActsState.rotate.fn(page, {"key_grace": "24"})
        assert await actor_of_key(page.secret)
        await KeyActsState.set_rotating.fn(page, False)
        assert page.secret == ""
        rows = await open_tab(cast.teacher, KeysState)
        await KeysState.refresh.fn(rows)
        assert rows.rows[0].note.startswith("Old key works until")

    async def test_finds_no_key_of_somebody_else(self, cast):
        key_id = await self.made(cast.teacher)
        page = await open_tab(cast.colleague, KeyActsState)
        for act in (KeyActsState.show, KeyActsState.ask_rotate, KeyActsState.ask_revoke):
            for wrong in (key_id, "nonsense"):
                with pytest.raises(NotFound):
                    await act.fn(page, wrong)
        assert (page.lines, page.name) == ([], "")

    async def test_revokes_after_asking(self, cast):
        page = await open_tab(cast.administrator, KeyActsState)
        await KeyActsState.ask_revoke.fn(page, await self.made(cast.teacher))
        assert page.name == "Import"
        await KeyActsState.revoke.fn(page)
        rows = await open_tab(cast.teacher, KeysState)
        await KeysState.refresh.fn(rows)
        assert rows.rows == []

    async def test_marks_what_expires(self, cast):
        await self.made(cast.teacher, "Soon", now() + timedelta(days=3, hours=1))
        rows = await open_tab(cast.administrator, AllKeysState)
        await AllKeysState.set_search.fn(rows, "soon")
        assert [(row.owner, row.badge) for row in rows.rows] == [("Maya Okafor", "Expires in 3 days")]

    async def test_pages_through_all_keys(self, cast):
        for number in range(15):
            await self.made(cast.teacher, f"Key {number}")
            await self.made(cast.colleague, f"Key {number}")
        page = await open_tab(cast.administrator, AllKeysState)
        await AllKeysState.refresh.fn(page)
        first = [row.id for row in page.rows]
        await AllKeysState.next_page.fn(page)
        assert (len(first), len(page.rows), page.shown, page.has_next) == (25, 5, "26–30", False)
        await AllKeysState.previous_page.fn(page)
        assert [row.id for row in page.rows] == first

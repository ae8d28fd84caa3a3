"""The handlers behind the audit page and the page of API keys, called as the guard would call them."""

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Permission
from faraday_app.organizations.service import actor_of_key
from faraday_app.security.service import audit, record
from faraday_app.security.state import AuditState, EventState, KeysState
from tests.factories.tabs import open_tab


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
        await AuditState.set_search.fn(page, "signed IN")
        assert what(page) == ["Signed in"]
        await AuditState.clear.fn(page)
        await AuditState.set_kind.fn(page, "lesson.held")
        assert what(page) == ["Lesson: held"]
        for since in ("today", "7", "30", "nonsense"):
            await AuditState.set_since.fn(page, since)
            assert what(page) == ["Lesson: held"]

    async def test_says_why_it_shows_nothing_to_a_teacher(self, cast):
        page = await open_tab(cast.teacher, AuditState)
        await AuditState.refresh.fn(page)
        assert page.rows == []
        assert "audit:read" in page.error


class TestEventState:
    async def test_shows_the_details_as_lines(self, cast):
        await write(cast.teacher, "lesson.held", room="Greenhouse")
        page = await open_tab(cast.administrator, EventState)
        trail = await open_tab(cast.administrator, AuditState)
        await AuditState.refresh.fn(trail)
        await EventState.show.fn(page, trail.rows[0].id)
        assert page.open
        assert ("Room", "Greenhouse") in page.lines
        assert ("Action", "lesson.held") in page.lines

    async def test_does_not_find_an_event_of_another_organization(self, cast):
        await write(cast.teacher, "lesson.held")
        trail = await open_tab(cast.administrator, AuditState)
        await AuditState.refresh.fn(trail)
        page = await open_tab(cast.stranger, EventState)
        for event_id in (trail.rows[0].id, "nonsense"):
            with pytest.raises(NotFound):
                await EventState.show.fn(page, event_id)
        assert page.lines == []


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
        assert [(row.name, row.expired) for row in page.rows] == [("Import", False)]

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

    async def test_revokes_after_asking(self, cast):
        page = await open_tab(cast.teacher, KeysState)
        await KeysState.create.fn(page, self.FORM)
        await KeysState.refresh.fn(page)
        await KeysState.ask_revoke.fn(page, page.rows[0].id)
        assert page.revoked == "Import"
        await KeysState.revoke.fn(page)
        assert await actor_of_key(page.secret) is None

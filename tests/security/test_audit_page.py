"""The handlers behind the page of the trail, called as the guard would call them."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.organizations.service import safety
from faraday_app.security.service import audit_search, record, seen
from faraday_app.security.service.audit import Thing
from faraday_app.security.service.directory import directory
from faraday_app.security.state import AuditState
from faraday_app.security.state.narrowing import NOTHING
from tests.factories import credits as money
from tests.factories.tabs import open_at, sent
from tests.security.test_audit import write

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


class TestNarrowing:
    async def test_by_outcome_person_kind_address_and_day_together(self, cast):
        here = cast.teacher.at("203.0.113.9")
        async with transaction(here) as session:
            record(session, here, "lesson.refused", Thing("contexts", new_id()))
        await write(cast.teacher, "lesson.planned")
        await write(cast.head, "lesson.refused")
        page = await open_at(cast.administrator, AuditState, HERE)
        await AuditState.narrow.fn(page, "outcome", "refused")
        assert {row.who for row in page.rows} == {"Maya Okafor", "Tom Lindqvist"}
        await AuditState.narrow.fn(page, "actor_id", str(cast.teacher.user_id))
        await AuditState.narrow.fn(page, "target_type", "contexts")
        await AuditState.set_address.fn(page, "203.0.113.9")
        today = f"{now():%Y-%m-%d}"
        await AuditState.narrow.fn(page, "since", today)
        await AuditState.narrow.fn(page, "until", today)
        assert what(page) == ["Lesson: refused"]
        said = chips(page)
        assert "Refused" in said
        assert "By Maya Okafor" in said
        assert "Target: Conversation" in said
        assert "Address 203.0.113.9" in said
        assert (page.since_choice, page.hidden_count) == ("dates", 6)

    async def test_counts_the_last_day_whole_in_the_zone_of_the_viewer(self, cast):
        await write(cast.teacher, "lesson.planned")
        page = await open_at(cast.administrator, AuditState, HERE, action="lesson.planned", until="2000-01-01")
        assert what(page) == []
        await AuditState.narrow.fn(page, "until", f"{now():%Y-%m-%d}")
        assert what(page) == ["Lesson: planned"]

    async def test_keeps_what_it_does_in_the_address(self, cast):
        page = await open_at(cast.administrator, AuditState, HERE)
        spec = await AuditState.narrow.fn(page, "outcome", "refused")
        assert address_in(spec) == "/audit?outcome=refused"
        spec = await AuditState.narrow.fn(page, "text", "a & b = 'c'")
        assert parse_qs(urlsplit(address_in(spec)).query) == {"text": ["a & b = 'c'"], "outcome": ["refused"]}
        assert address_in(await AuditState.clear.fn(page)) == "/audit"
        assert page.narrowed == NOTHING

    async def test_is_taken_off_one_by_one(self, cast):
        target = {"target_type": "lessons", "target_id": str(new_id())}
        page = await open_at(cast.administrator, AuditState, HERE, outcome="done", **target)
        await AuditState.drop.fn(page, "target_id")
        assert page.narrowed == {**NOTHING, "outcome": "done"}
        await AuditState.drop.fn(page, "outcome")
        assert page.narrowed == NOTHING

    async def test_finds_people_by_name_who_left_too(self, cast):
        page = await open_at(cast.administrator, AuditState, HERE)
        await AuditState.search_people.fn(page, "okaf\x00or")
        assert [(each.name, each.about) for each in page.people] == [("Maya Okafor", "Teacher")]
        await AuditState.search_people.fn(page, "%")
        assert page.people == []

    async def test_says_that_text_was_sought_in_the_newest_only(self, cast, monkeypatch):
        await write(cast.teacher, *["lesson.planned"] * 4)
        monkeypatch.setattr(audit_search, "WINDOW", 3)
        page = await open_at(cast.administrator, AuditState, HERE, text="maya")
        assert page.cut
        await AuditState.narrow.fn(page, "text", "")
        assert not page.cut

    async def test_takes_an_address_only_when_it_is_whole(self, cast):
        page = await open_at(cast.administrator, AuditState, HERE)
        await AuditState.set_address.fn(page, "203.0.113.")
        assert (page.address_text, page.narrowed["address"]) == ("203.0.113.", "")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("outcome", "'; drop table audit_events --"),
            ("actor_id", "nonsense"),
            ("target_id", "../../etc/passwd"),
            ("target_type", "users' or 1=1"),
            ("action", "<script>"),
            ("since", "yesterday"),
            ("since", "0001-01-01"),
            ("until", "9999-12-31"),
            ("until", "2026-11-24T10:00"),
            ("address", "nowhere"),
            ("request_id", "g" * 16),
            ("seen", "nobody"),
            ("organization_id", "01a20ec8-cb02-746d-92c1-bac88b45a66e"),
        ],
    )
    async def test_ignores_what_cannot_be_meant(self, cast, name, value):
        await write(cast.teacher, "lesson.planned")
        page = await open_at(cast.administrator, AuditState, HERE, **{name: value})
        assert (page.narrowed, page.error) == (NOTHING, "")
        assert "Lesson: planned" in what(page)
        await AuditState.narrow.fn(page, name, {"odd": [value]})
        assert page.narrowed == NOTHING

    @pytest.mark.parametrize("wanted", [None, [], "text", {"text": {"x": 1}}, {"text": "\x00" * 500 + "x" * 500}])
    async def test_bears_anything_from_the_socket(self, cast, wanted):
        page = await open_at(cast.administrator, AuditState, HERE)
        await AuditState.show_only.fn(page, wanted)
        assert page.error == ""
        assert len(page.narrowed["text"]) <= 100


class TestSeen:
    async def test_tells_who_saw_this_person(self, cast):
        for viewer, subject in ((cast.teacher, cast.student), (cast.head, cast.parent)):
            async with transaction(viewer) as session:
                await seen(session, viewer, subject.user, "profile")
        page = await open_at(cast.administrator, AuditState, HERE, seen=str(cast.student.user_id))
        assert [(row.who, row.what) for row in page.rows] == [("Maya Okafor", "Looked at a person's record: profile")]
        assert chips(page) == ["Who saw Elif Kaya"]
        assert page.rows[0].target == "Account of Elif Kaya"
        spec = await AuditState.narrow.fn(page, "outcome", "done")
        assert address_in(spec) == f"/audit?seen={cast.student.user_id}&outcome=done"
        await AuditState.drop.fn(page, "seen")
        assert page.narrowed == {**NOTHING, "outcome": "done"}

    async def test_names_whose_a_nameless_thing_is(self, cast):
        await money.open_pool(cast.administrator, 10)
        await money.give(cast.administrator, cast.teacher, 5)
        page = await open_at(cast.administrator, AuditState, f"{HERE}?action=credits.granted")
        assert page.rows[0].target == "Credits of Maya Okafor"

    async def test_does_not_name_people_of_others(self, cast):
        page = await open_at(cast.stranger, AuditState, HERE, seen=str(cast.student.user_id))
        assert chips(page) == ["Who saw Somebody unknown"]
        assert page.rows == []

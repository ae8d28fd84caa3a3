"""Finding events, keeping searches, and what each event says of where it came from."""

from dataclasses import replace
from datetime import timedelta

import pytest

from faraday_app.core import context
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.security.service import audit, audit_search, audit_searches, chain, proofs, record, sealed
from faraday_app.security.service.audit import AuditFilter, Thing
from tests.security.test_audit import actions_of, write


async def newest(actor):
    async with transaction(actor) as session:
        return (await audit.search(session, actor, AuditFilter(), 1))[0]


class TestRecord:
    async def test_says_of_which_request_session_and_key(self, cast):
        session_id, key_id = new_id(), new_id()
        request_id = context.begin_request()
        await write(replace(cast.administrator, session_id=session_id, api_key_id=key_id), "lesson.planned")
        event = await newest(cast.administrator)
        assert (event.request_id, event.session_id, event.api_key_id) == (request_id, session_id, key_id)

    @pytest.mark.parametrize(
        ("action", "given", "outcome"),
        [
            ("lesson.planned", {}, "done"),
            ("session.refused", {}, "refused"),
            ("import.failed", {}, "failed"),
            ("lesson.planned", {"outcome": "failed"}, "failed"),
        ],
    )
    async def test_says_how_it_ended(self, cast, action, given, outcome):
        await write(cast.administrator, action, **given)
        assert (await newest(cast.administrator)).outcome == outcome


class TestSearch:
    async def test_narrows_by_target_outcome_and_address(self, cast):
        here, target = replace(cast.administrator, address="203.0.113.9"), Thing("lessons", new_id())
        async with transaction(here) as session:
            record(session, here, "lesson.planned", target)
            record(session, here, "lesson.refused", target)
        await write(cast.administrator, "lesson.held")
        reader = cast.administrator
        assert await actions_of(reader, target_id=target.id) == ["lesson.refused", "lesson.planned"]
        assert await actions_of(reader, target_type="lessons") == ["lesson.refused", "lesson.planned"]
        assert await actions_of(reader, address="203.0.113.9", outcome="done") == ["lesson.planned"]
        assert await actions_of(reader, outcome="refused") == ["lesson.refused"]
        assert await actions_of(reader, address="203.0.113") == []

    async def test_narrows_to_one_request(self, cast):
        request_id = context.begin_request()
        await write(cast.teacher, "lesson.planned", "lesson.held")
        context.begin_request()
        await write(cast.teacher, "lesson.planned")
        assert await actions_of(cast.administrator, request_id=request_id) == ["lesson.held", "lesson.planned"]

    async def test_narrows_by_a_range_of_time(self, cast):
        await write(cast.teacher, "lesson.planned")
        between = {"since": now() - timedelta(minutes=1), "until": now() + timedelta(minutes=1)}
        assert await actions_of(cast.administrator, action="lesson.", **between) == ["lesson.planned"]
        assert await actions_of(cast.administrator, until=now() - timedelta(minutes=1)) == []

    async def test_pages_through_several_kinds_without_gap_or_repetition(self, cast):
        await write(cast.teacher, *(f"lesson.{number % 3}" for number in range(9)))
        async with transaction(cast.administrator) as session:
            whole = await audit.search(session, cast.administrator, AuditFilter(action="lesson."))
            parts, before = [], None
            while part := await audit.search(
                session, cast.administrator, AuditFilter(action="lesson.", before=before), 2
            ):
                parts += part
                before = part[-1].id
        assert [event.id for event in parts] == sorted((event.id for event in whole), reverse=True)
        assert len(parts) == 9

    async def test_takes_no_part_of_an_action_for_a_pattern(self, cast):
        await write(cast.teacher, "lesson.planned")
        assert await actions_of(cast.administrator, action="lesson_") == []

    async def test_seeks_text_in_the_newest_and_says_so(self, cast, monkeypatch):
        monkeypatch.setattr(audit_search, "WINDOW", 3)
        await write(cast.teacher, "lesson.planned", room="Greenhouse")
        wanted = AuditFilter(text="greenhouse")
        async with transaction(cast.administrator) as session:
            assert await audit.search(session, cast.administrator, wanted)
            assert await audit.text_was_cut(session, cast.administrator, wanted)
            assert not await audit.text_was_cut(session, cast.administrator, replace(wanted, action="lesson."))
        await write(cast.teacher, *["lesson.held"] * 3)
        assert await actions_of(cast.administrator, text="greenhouse") == []
        assert await actions_of(cast.administrator, text="greenhouse", action="lesson.planned") == ["lesson.planned"]


class TestEventOf:
    def test_hashes_what_was_sealed_before_an_event_told_its_request_as_it_was_then(self):
        columns = ["{}" if name == "details" else "" for name in proofs.EVENT_COLUMNS]
        then = sorted(set(proofs.EVENT_COLUMNS) - {"api_key_id", "request_id", "session_id"})
        assert sorted(proofs.event_of(columns)) == then
        told = ["{}" if name == "details" else "x" for name in proofs.EVENT_COLUMNS]
        assert sorted(proofs.event_of(told)) == sorted(proofs.EVENT_COLUMNS)


class TestSealed:
    async def test_tells_the_block_of_each_event(self, cast):
        await write(cast.teacher, "lesson.planned")
        event = await newest(cast.administrator)
        async with transaction(cast.administrator) as session:
            assert await sealed.block_numbers(session, cast.administrator, [event.id]) == {}
        await chain.seal(cast.organization_id)
        async with transaction(cast.administrator) as session:
            assert await sealed.block_numbers(session, cast.administrator, [event.id]) == {event.id: 1}
            assert [block.number for block in await sealed.blocks(session, cast.administrator)] == [1]
            assert await sealed.blocks(session, cast.administrator, 1) == []
        async with transaction(cast.stranger) as session:
            assert await sealed.block_numbers(session, cast.stranger, [event.id]) == {}
            assert await sealed.blocks(session, cast.stranger) == []


class TestKeepSearch:
    async def test_is_ones_own_until_it_is_shared(self, cast):
        other = await administrator_beside(cast)
        async with transaction(cast.administrator) as session:
            own = await audit_searches.keep_search(session, cast.administrator, " Mine ", {"outcome": "refused"})
        async with transaction(other) as session:
            assert await audit_searches.list_searches(session, other) == []
            with pytest.raises(NotFound):
                await audit_searches.get_search(session, other, own)
        async with transaction(cast.administrator) as session:
            again = await audit_searches.keep_search(session, cast.administrator, "Mine", {"text": "x"}, shared=True)
        assert again == own
        async with transaction(other) as session:
            (found,) = await audit_searches.list_searches(session, other)
            assert (found.name, found.mine, found.wanted) == ("Mine", False, {"text": "x"})
            with pytest.raises(NotFound):
                await audit_searches.remove_search(session, other, own)
        async with transaction(cast.stranger) as session:
            with pytest.raises(NotFound):
                await audit_searches.get_search(session, cast.stranger, own)

    async def test_can_be_removed(self, cast):
        async with transaction(cast.administrator) as session:
            own = await audit_searches.keep_search(session, cast.administrator, "Mine", {"outcome": "refused"})
            await audit_searches.remove_search(session, cast.administrator, own)
            assert await audit_searches.list_searches(session, cast.administrator) == []
        assert (await newest(cast.administrator)).action == "audit_search.removed"

    @pytest.mark.parametrize(("name", "wanted"), [("", {"text": "x"}), ("x" * 81, {"text": "x"}), ("Mine", {})])
    async def test_wants_a_name_and_a_filter(self, cast, name, wanted):
        async with transaction(cast.administrator) as session:
            with pytest.raises(Invalid):
                await audit_searches.keep_search(session, cast.administrator, name, wanted)

    async def test_is_for_those_who_read_the_trail(self, cast):
        async with transaction(cast.teacher) as session:
            with pytest.raises(NotPermitted):
                await audit_searches.keep_search(session, cast.teacher, "Mine", {"text": "x"})
            with pytest.raises(NotPermitted):
                await audit_searches.list_searches(session, cast.teacher)


async def administrator_beside(cast):
    from faraday_app.core.permissions import Role
    from tests.factories.people import make_person

    return await make_person(cast.organization_id, Role.administrator, "Ines Duarte")

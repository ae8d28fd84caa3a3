"""Who is refused at the door stands in the trail, and a flood does not fill it."""

import pytest

from faraday_app.core import refusals
from faraday_app.core.database import transaction
from faraday_app.core.limits import Rate
from faraday_app.core.permissions import GUEST
from faraday_app.security.service import audit, keep_refusal


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    monkeypatch.setattr(refusals, "OF_ONE_KIND", Rate(1 / 60, 1))
    monkeypatch.setattr(refusals, "OF_ONE_PERSON", Rate(1 / 6, 10))
    monkeypatch.setattr(refusals, "_keep", [keep_refusal])


async def told(cast):
    async with transaction(cast.administrator) as session:
        wanted = audit.AuditFilter(action="access.refused")
        return [event.details for event in await audit.search(session, cast.administrator, wanted)]


class TestNote:
    async def test_tells_what_was_tried_once_a_minute(self, cast):
        for _ in range(50):
            await refusals.note(cast.student, "people_state.refresh", "people:read")
        assert await told(cast) == [{"what": "people_state.refresh", "permission": "people:read"}]

    async def test_tells_at_most_ten_things_of_one_person_at_once(self, cast):
        for number in range(300):
            await refusals.note(cast.student, f"handler {number}", "people:read")
        await refusals.note(cast.parent, "handler 0", "people:read")
        assert len(await told(cast)) == 11

    async def test_tells_nothing_of_guests(self, cast):
        await refusals.note(GUEST, "handler", "people:read")
        await refusals.note(None, "handler", "people:read")
        assert await told(cast) == []

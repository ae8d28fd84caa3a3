import asyncio

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.security.models import IncidentStatus
from faraday_app.security.service import audit, incidents
from tests.factories import security as made


@pytest.fixture(autouse=True)
def installed():
    made.install()


async def open_(actor, alert):
    async with transaction(actor) as session:
        return await incidents.open_incident(session, actor, alert.id)


@pytest.fixture
async def incident(cast):
    failed = await made.fail(cast.teacher, "203.0.113.9")
    alert = await made.make_alert(cast.organization_id, "Tried", evidence=[failed.id])
    return await open_(cast.administrator, alert)


class TestOpenIncident:
    async def test_takes_the_alert_and_is_audited(self, cast, incident):
        assert (incident.title, incident.status) == ("Tried", IncidentStatus.open)
        async with transaction(cast.administrator) as session:
            (event,) = await audit.search(session, cast.administrator, audit.AuditFilter(action="incident."))
            assert (event.action, event.target_id) == ("incident.opened", incident.id)
            assert await incidents.count_unresolved(session, cast.administrator) == 1

    async def test_is_one_incident_however_many_open_it_at_once(self, cast):
        alert = await made.make_alert(cast.organization_id)
        found = await asyncio.gather(*[open_(cast.administrator, alert) for _ in range(20)])
        assert len({incident.id for incident in found}) == 1

    async def test_is_not_found_for_another_organization(self, cast):
        alert = await made.make_alert(cast.organization_id)
        with pytest.raises(NotFound):
            await open_(cast.stranger, alert)

    async def test_is_for_those_who_manage_security(self, cast):
        alert = await made.make_alert(cast.organization_id)
        with pytest.raises(NotPermitted):
            await open_(cast.head, alert)


class TestLinkAlert:
    async def test_adds_an_alert_to_one_incident_only(self, cast, incident):
        other, taken = await made.make_alert(cast.organization_id), await made.make_alert(cast.organization_id)
        await open_(cast.administrator, taken)
        async with transaction(cast.administrator) as session:
            await incidents.link_alert(session, cast.administrator, incident.id, other.id)
            await incidents.link_alert(session, cast.administrator, incident.id, other.id)
            with pytest.raises(Conflict):
                await incidents.link_alert(session, cast.administrator, incident.id, taken.id)
            linked = await incidents.alerts_of(session, cast.administrator, incident.id)
        assert [alert.title for alert in linked] == ["Tried", other.title]


class TestChangeIncident:
    async def change(self, actor, incident, version, status, assignee=None):
        async with transaction(actor) as session:
            return await incidents.change_incident(session, actor, incident.id, version, status, assignee)

    async def test_says_where_it_stands_and_who_looks_into_it(self, cast, incident):
        admin = cast.administrator
        changed = await self.change(admin, incident, 1, IncidentStatus.investigating, admin.user)
        assert (changed.status, changed.assignee_id, changed.version) == ("investigating", admin.user, 2)
        resolved = await self.change(admin, incident, 2, IncidentStatus.resolved, admin.user)
        assert resolved.resolved_at
        assert (await self.change(admin, incident, 3, IncidentStatus.open, None)).resolved_at is None

    async def test_by_two_at_once_is_a_conflict_for_one(self, cast, incident):
        tries = [self.change(cast.administrator, incident, 1, IncidentStatus.resolved) for _ in range(10)]
        results = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(each, Conflict) for each in results) == 9

    async def test_assigns_only_those_who_may_see_it(self, cast, incident):
        for outsider in (cast.teacher, cast.stranger):
            with pytest.raises(Invalid):
                await self.change(cast.administrator, incident, 1, IncidentStatus.open, outsider.user)

    async def test_is_not_found_for_another_organization(self, cast, incident):
        with pytest.raises(NotFound):
            await self.change(cast.stranger, incident, 1, IncidentStatus.resolved)


class TestAddNote:
    async def add(self, actor, incident, text, key=""):
        async with transaction(actor) as session:
            return await incidents.add_note(session, actor, incident.id, text, key or new_id().hex)

    async def test_keeps_who_and_what(self, cast, incident):
        note = await self.add(cast.administrator, incident, "  <b>Called</b> her.  ")
        assert (note.text, note.author_name) == ("<b>Called</b> her.", "Jonas Prie")

    async def test_adds_once_for_the_same_key(self, cast, incident):
        notes = await asyncio.gather(*[self.add(cast.administrator, incident, "Once", "same") for _ in range(20)])
        assert len({note.id for note in notes}) == 1

    @pytest.mark.parametrize("text", ["", "  ", "x" * 4_001])
    async def test_refuses_nothing_and_too_much(self, cast, incident, text):
        with pytest.raises(Invalid):
            await self.add(cast.administrator, incident, text)

    async def test_is_never_changed_or_removed(self, cast, incident):
        from sqlalchemy import text
        from sqlalchemy.exc import ProgrammingError

        await self.add(cast.administrator, incident, "Stays")
        for statement in ("update incident_notes set text = ''", "delete from incident_notes"):
            with pytest.raises(ProgrammingError, match="append-only"):
                async with transaction(cast.administrator) as session:
                    await session.execute(text(statement))

    async def test_is_not_found_for_another_organization(self, cast, incident):
        with pytest.raises(NotFound):
            await self.add(cast.stranger, incident, "Hello")


class TestTimeline:
    async def test_merges_evidence_alerts_acts_and_notes_newest_first(self, cast, incident):
        admin = cast.administrator
        async with transaction(admin) as session:
            await incidents.add_note(session, admin, incident.id, "Called her.", "1")
            await incidents.change_incident(session, admin, incident.id, 1, IncidentStatus.resolved, None)
        async with transaction(admin) as session:
            found = await incidents.timeline(session, admin, incident.id)
        assert [(moment.kind, moment.what) for moment in found] == [
            ("event", "incident.changed"), ("note", "Note"), ("event", "incident.opened"),
            ("alert", "Tried"), ("event", "session.refused"),
        ]  # fmt: skip
        assert found[-1].text == "Maya Okafor"
        assert found == sorted(found, key=lambda moment: moment.at, reverse=True)

    async def test_shows_no_evidence_of_another_organization(self, cast):
        theirs = await made.fail(cast.stranger, "203.0.113.9")
        alert = await made.make_alert(cast.organization_id, evidence=[theirs.id])
        opened = await open_(cast.administrator, alert)
        async with transaction(cast.administrator) as session:
            found = await incidents.timeline(session, cast.administrator, opened.id)
        assert theirs.id not in {moment.id for moment in found}

"""The handlers behind the security centre and the incidents, called as the guard would call them."""

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.security.service import incidents, sessions
from faraday_app.security.state import (
    AlertingState,
    AlertsState,
    CentreState,
    EndSessionState,
    IncidentsState,
    IncidentState,
    OpenSessionsState,
)
from faraday_app.security.state.alerting import LABELS
from tests.factories import security as made
from tests.factories.tabs import open_tab


@pytest.fixture(autouse=True)
def installed():
    made.install()


async def opened(actor, title="Tried"):
    alert = await made.make_alert(actor.organization, title)
    async with transaction(actor) as session:
        return await incidents.open_incident(session, actor, alert.id)


async def open_incident_tab(actor, incident_id):
    page = await open_tab(actor, IncidentState)
    page._id, page._note_key = str(incident_id), str(new_id())
    await IncidentState.refresh.fn(page)
    return page


class TestCentreState:
    async def test_counts_where_sign_ins_came_from(self, cast):
        for address in ("91.0.0.1", "91.0.0.2", "202.12.30.115", "10.0.0.1"):
            await made.sign_in(cast.teacher, address)
        await made.sign_in(cast.teacher, "91.0.0.1", minutes_ago=31 * 24 * 60)
        page = await open_tab(cast.administrator, CentreState)
        await CentreState.refresh.fn(page)
        counted = {row.name: (row.count, bool(row.x)) for row in page.countries}
        assert counted["Germany"] == ("2", True)
        assert counted["Japan"] == ("1", True)
        assert counted["Local or unknown network"] == ("2", False)  # with this tab
        assert page.sign_ins == "5"

    async def test_shows_who_and_what_failed_to_sign_in(self, cast):
        for number in range(3):
            await made.fail(cast.teacher, "203.0.113.9", minutes_ago=number)
        await made.fail(cast.student, "203.0.113.7", minutes_ago=3 * 24 * 60)
        page = await open_tab(cast.administrator, CentreState)
        await CentreState.refresh.fn(page)
        assert (page.failed, page.failed_week) == ("3", "4")
        assert [(row.name, row.failures) for row in page.accounts] == [("Maya Okafor", "3"), ("Elif Kaya", "1")]
        assert [row.name for row in page.addresses] == ["203.0.113.9", "203.0.113.7"]
        assert page.line

    async def test_explains_its_score(self, cast):
        page = await open_tab(cast.administrator, CentreState)
        await CentreState.refresh.fn(page)
        assert 0 < page.score < 100
        assert all(int(row.then) > page.score for row in page.findings)

    async def test_says_why_it_shows_nothing_to_a_teacher(self, cast):
        page = await open_tab(cast.teacher, CentreState)
        await CentreState.refresh.fn(page)
        assert (page.findings, page.countries) == ([], [])
        assert "security:read" in page.error


class TestAlertsState:
    async def test_shows_alerts_and_who_is_told_of_the_next(self, cast):
        await made.make_alert(cast.organization_id, "Tried")
        await made.make_alert(cast.stranger.organization, "Theirs")
        page = await open_tab(cast.administrator, AlertsState)
        await AlertsState.refresh.fn(page)
        assert [(row.title, row.severity) for row in page.rows] == [("Tried", "High")]
        assert [row.name for row in page.told] == ["Jonas Prie"]

    async def test_pages_back_to_older_alerts(self, cast):
        for number in range(8):
            await made.make_alert(cast.organization_id, f"Number {number}")
        page = await open_tab(cast.administrator, AlertsState)
        await AlertsState.refresh.fn(page)
        assert (page.shown, page.rows[0].title) == ("1–6", "Number 7")
        await AlertsState.next_page.fn(page)
        await AlertsState.refresh.fn(page)
        assert [row.title for row in page.rows] == ["Number 1", "Number 0"]
        await AlertsState.next_page.fn(page)
        await AlertsState.previous_page.fn(page)
        await AlertsState.refresh.fn(page)
        assert (page.shown, page.has_previous, page.has_next) == ("1–6", False, True)

    async def test_opens_an_incident_of_an_alert_of_ones_own_organization(self, cast):
        alert = await made.make_alert(cast.organization_id)
        page = await open_tab(cast.administrator, AlertsState)
        await AlertsState.open_incident.fn(page, str(alert.id))
        await AlertsState.refresh.fn(page)
        assert page.unresolved == 1
        assert page.rows[0].incident
        for other in (str(new_id()), "nonsense"):
            with pytest.raises(NotFound):
                await AlertsState.open_incident.fn(page, other)
        stranger = await open_tab(cast.stranger, AlertsState)
        with pytest.raises(NotFound):
            await AlertsState.open_incident.fn(stranger, str(alert.id))


class TestOpenSessionsState:
    async def test_pages_through_those_who_are_signed_in(self, cast):
        for number in range(13):
            await made.sign_in(cast.teacher, "91.0.0.1", minutes_ago=number + 1)
        page = await open_tab(cast.administrator, OpenSessionsState)
        await OpenSessionsState.refresh.fn(page)
        assert (len(page.rows), page.shown, page.has_next) == (10, "1–10", True)
        assert page.rows[0].own
        await OpenSessionsState.next_page.fn(page)
        assert (len(page.rows), page.shown, page.has_next) == (4, "11–14", False)
        assert {row.place for row in page.rows} == {"Germany · 91.0.0.1"}
        await OpenSessionsState.previous_page.fn(page)
        assert page.shown == "1–10"

    async def test_signs_somebody_out_after_asking(self, cast):
        row = await made.sign_in(cast.teacher, "91.0.0.1")
        page = await open_tab(cast.administrator, OpenSessionsState)
        await OpenSessionsState.refresh.fn(page)
        dialog = await page.get_state(EndSessionState)
        await EndSessionState.ask.fn(dialog, str(row.id))
        assert (dialog.asking, dialog.name) == (True, "Maya Okafor")
        await EndSessionState.end.fn(dialog)
        await OpenSessionsState.refresh.fn(page)
        assert str(row.id) not in {each.id for each in page.rows}
        with pytest.raises(NotFound):
            await EndSessionState.end.fn(dialog)

    async def test_does_not_sign_out_people_of_another_organization(self, cast):
        async with transaction(cast.teacher) as session:
            row, token = await sessions.open_session(session, cast.teacher.user, cast.organization_id, "", "")
        dialog = await open_tab(cast.stranger, EndSessionState)
        await EndSessionState.ask.fn(dialog, str(row.id))
        assert dialog.name == "them"
        with pytest.raises(NotFound):
            await EndSessionState.end.fn(dialog)
        async with transaction(cast.teacher) as session:
            assert await sessions.find_session(session, token)

    async def test_signs_nobody_out_for_a_teacher(self, cast):
        row = await made.sign_in(cast.student, "91.0.0.1")
        dialog = await open_tab(cast.teacher, EndSessionState)
        dialog._session_id = str(row.id)
        with pytest.raises(NotPermitted):
            await EndSessionState.end.fn(dialog)


class TestAlertingState:
    def form(self, page, **change):
        return {name: page.values[name] for name in LABELS} | change

    async def test_saves_thresholds_and_people(self, cast):
        page = await open_tab(cast.administrator, AlertingState)
        await AlertingState.edit.fn(page)
        await AlertingState.toggle.fn(page, str(cast.administrator.user))
        await AlertingState.save.fn(page, self.form(page, travel_speed="800"))
        assert (page.open, page.error) == (False, "")
        await AlertingState.edit.fn(page)
        assert page.values["travel_speed"] == "800"
        assert [person.chosen for person in page.people] == [True]

    @pytest.mark.parametrize("value", ["", "fast", "0", "-3", "99999999999", None, {"evil": [1]}])
    async def test_says_which_number_is_wrong(self, cast, value):
        page = await open_tab(cast.administrator, AlertingState)
        await AlertingState.edit.fn(page)
        await AlertingState.save.fn(page, self.form(page, travel_speed=value))
        assert page.open
        assert page.error.startswith("Fastest travel")

    async def test_shows_what_somebody_else_set_meanwhile(self, cast):
        first, second = [await open_tab(cast.administrator, AlertingState) for _ in range(2)]
        for page in (first, second):
            await AlertingState.edit.fn(page)
        await AlertingState.save.fn(first, self.form(first, refusals="50"))
        await AlertingState.save.fn(second, self.form(second, refusals="60"))
        assert second.open
        assert second.values["refusals"] == "50"


class TestIncidentsState:
    async def test_narrows_and_pages(self, cast):
        for number in range(27):
            await opened(cast.administrator, f"Number {number}")
        page = await open_tab(cast.administrator, IncidentsState)
        await IncidentsState.refresh.fn(page)
        assert (len(page.rows), page.rows[0].title, page.has_next) == (25, "Number 26", True)
        await IncidentsState.next_page.fn(page)
        assert [row.title for row in page.rows] == ["Number 1", "Number 0"]
        await IncidentsState.set_status.fn(page, "resolved")
        assert page.rows == []
        await IncidentsState.set_status.fn(page, "nonsense")
        assert len(page.rows) == 25


class TestIncidentState:
    async def test_shows_changes_and_notes(self, cast):
        page = await open_incident_tab(cast.administrator, (await opened(cast.administrator)).id)
        await IncidentState.add_note.fn(page, {"note": "Called her."})
        await IncidentState.set_status.fn(page, "investigating")
        await IncidentState.refresh.fn(page)
        await IncidentState.set_assignee.fn(page, str(cast.administrator.user))
        await IncidentState.refresh.fn(page)
        assert (page.status_words, page.assignee) == ("Investigating", str(cast.administrator.user))
        assert [moment.kind for moment in page.moments] == ["event", "event", "note", "event", "alert"]
        assert page.moments[2].text == "Called her."

    async def test_adds_a_note_once_for_a_double_click(self, cast):
        page = await open_incident_tab(cast.administrator, (await opened(cast.administrator)).id)
        key = page._note_key
        for _ in range(2):
            page._note_key = key
            await IncidentState.add_note.fn(page, {"note": "Once."})
        await IncidentState.refresh.fn(page)
        assert [moment.kind for moment in page.moments].count("note") == 1

    async def test_keeps_a_note_that_was_refused(self, cast):
        page = await open_incident_tab(cast.administrator, (await opened(cast.administrator)).id)
        await IncidentState.add_note.fn(page, {"note": "x" * 4_001})
        assert page.problem
        assert len(page.note) == 4_000

    async def test_takes_another_alert(self, cast):
        page = await open_incident_tab(cast.administrator, (await opened(cast.administrator)).id)
        other = await made.make_alert(cast.organization_id, "Another")
        await made.make_alert(cast.stranger.organization, "Theirs")
        await IncidentState.refresh.fn(page)
        assert page.others == [(str(other.id), "Another")]
        await IncidentState.link.fn(page, str(other.id))
        await IncidentState.refresh.fn(page)
        assert ([row.title for row in page.alerts], page.others) == (["Tried", "Another"], [])

    async def test_refuses_a_status_that_is_none(self, cast):
        page = await open_incident_tab(cast.administrator, (await opened(cast.administrator)).id)
        with pytest.raises(Invalid):
            await IncidentState.set_status.fn(page, "closed")

    async def test_of_another_organization_or_of_none_is_missing(self, cast):
        incident = await opened(cast.administrator)
        for actor, wanted in ((cast.stranger, incident.id), (cast.administrator, "nonsense")):
            page = await open_incident_tab(actor, wanted)
            assert (page.missing, page.title, page.moments) == (True, "", [])

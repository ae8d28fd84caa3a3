"""The list of incidents, and one incident with its timeline."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, FaradayError, Invalid, NotFound
from faraday_app.core.ids import new_id, parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.security.models import Incident, IncidentStatus
from faraday_app.security.service import alerts, incidents
from faraday_app.security.service.directory import directory
from faraday_app.security.state.centre import alert_view
from faraday_app.security.views import SEVERITIES, STATUSES, AlertView, IncidentView, MomentView, action_words
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import ago, short

FILTERS = ("", "unresolved", *IncidentStatus)


class IncidentsState(Paged, rx.State):
    rows: list[IncidentView] = []
    status: str = ""
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.security_read)
    async def enter(self) -> Any:
        self._pages = []
        if actor := await viewer_of(self):
            topics = {topic("incidents", actor.organization): IncidentsState.refresh}
            await live.watch(self, "page.incidents", topics, actor.user)
        return IncidentsState.refresh

    @rx.event
    @allow(Permission.security_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.security_read)
    async def set_status(self, status: str) -> None:
        self.status, self._pages = status if status in FILTERS else "", []
        await self._load()

    @rx.event
    @allow(Permission.security_read)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.security_read)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    async def _load(self) -> None:
        self.loading, self.error = True, ""
        zone, size = (await self.get_state(Viewer)).zone, incidents.PAGE
        try:
            async with acting(self) as (session, actor):
                before = self._page_after()
                found = await incidents.list_incidents(session, actor, self.status, size + 1, before)
                people = {row.assignee_id for row in found if row.assignee_id}
                names = await directory.names(session, actor.organization, people)
        except FaradayError as error:
            self.error = error.message
        else:
            self.rows = [_view(row, names, zone) for row in found[:size]]
            self._place(len(found), size)
        self.loading = False


@passing
class IncidentState(rx.State):
    loaded: bool = False
    missing: bool = False
    title: str = ""
    severity: str = ""
    severity_tone: str = "neutral"
    status: str = ""
    status_words: str = ""
    status_tone: str = "neutral"
    assignee: str = ""
    opened: str = ""
    resolved: str = ""
    people: list[tuple[str, str]] = []
    alerts: list[AlertView] = []
    others: list[tuple[str, str]] = []
    moments: list[MomentView] = []
    note: str = ""
    problem: str = ""

    _id: str = ""
    _version: int = 0
    _note_key: str = ""

    @rx.event
    @allow(Permission.security_read)
    async def enter(self) -> Any:
        self.reset()
        self._id, self._note_key = str(self.router.url.path).rstrip("/").rsplit("/", 1)[-1][:40], str(new_id())
        if actor := await viewer_of(self):
            topics = {topic("incident", self._id): IncidentState.refresh}
            await live.watch(self, "page.incident", topics, actor.user)
        return IncidentState.refresh

    @rx.event
    @allow(Permission.security_read)
    async def refresh(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                incident = await incidents.get_incident(session, actor, parse_id(self._id))
                found = await incidents.timeline(session, actor, incident.id)
                self.alerts = [alert_view(row, zone) for row in await incidents.alerts_of(session, actor, incident.id)]
                recent = await alerts.list_alerts(session, actor)
                guardians = await directory.guardians(session, actor.organization)
                people = {each.user_id: each.name for each in guardians}
                asked = {incident.opened_by, *([incident.assignee_id] if incident.assignee_id else [])}
                names = await directory.names(session, actor.organization, asked)
        except NotFound:
            self.missing = self.loaded = True
            return
        self._show(incident, people, names, zone)
        self.others = [(str(row.id), row.title) for row in recent if row.incident_id is None]
        self.moments = [_moment(moment, zone) for moment in found]
        self.loaded = True

    @rx.event
    @allow(Permission.security_manage)
    async def set_status(self, status: str) -> Any:
        return await self._change(str(status), self.assignee)

    @rx.event
    @allow(Permission.security_manage)
    async def set_assignee(self, user_id: str) -> Any:
        return await self._change(self.status, str(user_id))

    @rx.event
    @allow(Permission.security_manage)
    async def add_note(self, form: dict[str, Any]) -> Any:
        """Sent twice by mistake it is added once: the key changes only when the note is in."""
        text, self.problem = str(form.get("note", "")), ""
        try:
            async with acting(self) as (session, actor):
                await incidents.add_note(session, actor, parse_id(self._id), text, self._note_key)
        except Invalid as error:
            self.problem, self.note = error.message, text[: incidents.LONGEST_NOTE]
            return None
        self._note_key, self.note = str(new_id()), ""
        return [IncidentState.refresh, rx.set_value("note", "")]

    @rx.event
    @allow(Permission.security_manage)
    async def link(self, alert_id: str) -> Any:
        """Another alert belongs to this too."""
        if alert_id:
            async with acting(self) as (session, actor):
                await incidents.link_alert(session, actor, parse_id(self._id), parse_id(alert_id))
        return IncidentState.refresh

    async def _change(self, status: str, assignee: str) -> Any:
        if status not in STATUSES:
            raise Invalid("Choose where it stands.")
        try:
            async with acting(self) as (session, actor):
                assignee_id = parse_id(assignee) if assignee else None
                await incidents.change_incident(
                    session, actor, parse_id(self._id), self._version, IncidentStatus(status), assignee_id
                )
        except Conflict as error:
            return [IncidentState.refresh, ui.notify(error.message, "warning")]
        return IncidentState.refresh

    def _show(self, incident: Incident, people: dict[UUID, str], names: dict[UUID, str], zone: str) -> None:
        self.title, self._version = incident.title, incident.version
        self.severity, self.severity_tone = SEVERITIES[incident.severity]
        self.status = str(incident.status)
        self.status_words, self.status_tone = STATUSES[self.status]
        self.assignee = str(incident.assignee_id or "")
        if incident.assignee_id:
            people = {incident.assignee_id: names.get(incident.assignee_id, "Somebody who left"), **people}
        self.people = [("", "Nobody"), *((str(id), name) for id, name in people.items())]
        self.opened = f"{short(incident.created_at, zone)} by {names.get(incident.opened_by, 'somebody who left')}"
        self.resolved = short(incident.resolved_at, zone)


def _view(row: Incident, names: dict[UUID, str], zone: str) -> IncidentView:
    severity, severity_tone = SEVERITIES[row.severity]
    status, status_tone = STATUSES[str(row.status)]
    assignee = names.get(row.assignee_id, "") if row.assignee_id else ""
    opened = ago(row.created_at, now(), zone)
    return IncidentView(
        str(row.id), row.title, severity, severity_tone, status, status_tone, assignee or "Nobody", opened
    )


def _moment(moment: incidents.Moment, zone: str) -> MomentView:
    what = action_words(moment.what) if moment.kind in ("event", "sign_in") else moment.what
    meta = " · ".join(filter(None, [short(moment.at, zone), moment.who, moment.address]))
    return MomentView(str(moment.id), moment.kind, what, meta, moment.text)

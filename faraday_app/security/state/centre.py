"""The security centre: each tile in a few words, read again when something happens."""

from typing import Any

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import ApiKey, SecurityAlert
from faraday_app.security.service import alert_settings, alerts, incidents, overview, score
from faraday_app.security.service.directory import Named
from faraday_app.security.views import (
    SEVERITIES,
    AlertView,
    CountryView,
    FindingView,
    GuardianView,
    KeyAgeView,
    TriedView,
    country_views,
)
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer, initials_of, tone_of
from faraday_app.ui.times import ago

FEW_ALERTS = 6
MOST_COUNTRIES = 40


class CentreState(rx.State):
    loaded: bool = False
    error: str = ""
    score: int = 0
    verdict: str = ""
    findings: list[FindingView] = []
    countries: list[CountryView] = []
    sign_ins: str = ""
    failed: str = ""
    failed_week: str = ""
    line: str = ""
    area: str = ""
    accounts: list[TriedView] = []
    addresses: list[TriedView] = []
    keys: list[KeyAgeView] = []

    @rx.event
    @allow(Permission.security_read)
    async def enter(self) -> Any:
        if actor := await viewer_of(self):
            topics = {topic("audit", actor.organization): CentreState.refresh}
            await live.watch(self, "page.centre", topics, actor.user, most_often=5, after=0.5)
        return CentreState.refresh

    @rx.event
    @allow(Permission.security_read)
    async def refresh(self) -> None:
        self.error = ""
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                await self._read_score(session, actor)
                await self._read_map(session, actor)
                await self._read_failures(session, actor, zone)
                self.keys = [_key(row, zone) for row in await overview.oldest_keys(session, actor)]
        except FaradayError as error:
            self.error = error.message
        self.loaded = True

    async def _read_score(self, session: AsyncSession, actor: Actor) -> None:
        found = await score.score(session, actor)
        self.score, self.verdict = found.value, found.verdict
        self.findings = [_finding(mended) for mended in found.findings]

    async def _read_map(self, session: AsyncSession, actor: Actor) -> None:
        counted = await overview.sign_ins_by_country(session, actor)
        self.countries = country_views(counted)[:MOST_COUNTRIES]
        self.sign_ins = f"{sum(count for _, count in counted):,}"

    async def _read_failures(self, session: AsyncSession, actor: Actor, zone: str) -> None:
        found = await overview.failures(session, actor)
        self.failed, self.failed_week = f"{found.day:,}", f"{found.week:,}"
        drawn = ui.sparkline_paths(found.hours if found.day else [])
        self.line, self.area = drawn.path, drawn.area
        self.accounts = [_tried(each, zone) for each in found.accounts]
        self.addresses = [_tried(each, zone) for each in found.addresses]


class AlertsState(Paged, rx.State):
    """What raised an alert lately, and who is told of the next one."""

    rows: list[AlertView] = []
    told: list[GuardianView] = []
    unresolved: int = 0
    loaded: bool = False

    @rx.event
    @allow(Permission.security_read)
    async def enter(self) -> Any:
        if actor := await viewer_of(self):
            self._pages = []
            topics = {topic("alerts", actor.organization): AlertsState.refresh}
            await live.watch(self, "page.alerts", topics, actor.user)
        return AlertsState.refresh

    @rx.event
    @allow(Permission.security_read)
    async def refresh(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            before = self._page_after()
            found = await alerts.list_alerts(session, actor, FEW_ALERTS + 1, before)
            limits = await alert_settings.get_settings(session, actor)
            self.told = [
                guardian_view(each) for each in await alert_settings.audience(session, actor.organization, limits)
            ]
            self.unresolved = await incidents.count_unresolved(session, actor)
        self.rows = [alert_view(row, zone) for row in found[:FEW_ALERTS]]
        self._place(len(found), FEW_ALERTS)
        self.loaded = True

    @rx.event
    @allow(Permission.security_read)
    async def next_page(self) -> Any:
        self._turn_on()
        return AlertsState.refresh

    @rx.event
    @allow(Permission.security_read)
    async def previous_page(self) -> Any:
        self._turn_back()
        return AlertsState.refresh

    @rx.event
    @allow(Permission.security_manage)
    async def open_incident(self, alert_id: str) -> Any:
        async with acting(self) as (session, actor):
            incident = await incidents.open_incident(session, actor, parse_id(alert_id))
        return rx.redirect(f"/security/incidents/{incident.id}")


def _finding(mended: score.Mended) -> FindingView:
    finding = mended.finding
    return FindingView(
        finding.key, finding.title, finding.why, finding.concerns, finding.act, finding.link, str(mended.then)
    )


def _tried(tried: overview.Tried, zone: str) -> TriedView:
    return TriedView(tried.name, tried.name, f"{tried.failures:,}", ago(tried.last_at, now(), zone))


def _key(row: ApiKey, zone: str) -> KeyAgeView:
    days = (now() - row.created_at).days
    used = f"last used {ago(row.last_used_at, now(), zone)}" if row.last_used_at else "never used"
    return KeyAgeView(str(row.id), row.name, f"{row.prefix}… · {used}", f"{days:,} day{'s' if days != 1 else ''}")


def guardian_view(person: Named, chosen: bool = False) -> GuardianView:
    return GuardianView(str(person.user_id), person.name, initials_of(person.name), tone_of(person.user_id), chosen)


def alert_view(row: SecurityAlert, zone: str) -> AlertView:
    severity, tone = SEVERITIES[row.severity]
    when = ago(row.happened_at, now(), zone)
    return AlertView(str(row.id), row.title, row.text, when, severity, tone, str(row.incident_id or ""))

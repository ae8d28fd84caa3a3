"""The limits in force, how they are used, and exceptions from them."""

from datetime import timedelta
from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.limits import Endpoint, Rule, Subject, limiter
from faraday_app.core.limits.adaptive import adaptive
from faraday_app.core.limits.policies import DEFAULTS
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import AuditEvent, RateLimitOverride
from faraday_app.security.service import limits, traffic
from faraday_app.security.views import AdaptationView, OverrideView, PolicyView
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import short

DAYS = ("1", "7", "30", "365")
OFTEN = 2.0  # seconds
# Guests belong to no organisation, and neither do their calls.
_OF_GUESTS = (Endpoint.sign_in, Endpoint.pages)
_WHOSE = {
    Subject.user: "a person",
    Subject.key: "an API key",
    Subject.organization: "the organisation",
    Subject.address: "an address",
}


class LimitsState(rx.State):
    policies: list[PolicyView] = []
    overrides: list[OverrideView] = []
    adaptations: list[AdaptationView] = []
    percent: int = 100
    reason: str = ""
    measures: str = ""
    degraded: bool = False
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.limits_manage)
    async def enter(self) -> Any:
        async with acting(self) as (_, actor):
            names = [topic(kind, actor.organization) for kind in ("limits", "traffic")] + ["limits_state:all"]
            topics = dict.fromkeys(names, LimitsState.refresh)
            await live.watch(self, "page.limits", topics, actor.user, most_often=OFTEN)
        return LimitsState.refresh

    @rx.event
    @allow(Permission.limits_manage)
    async def refresh(self) -> None:
        self.error = ""
        zone = (await self.get_state(Viewer)).zone
        try:
            await self._load(zone)
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    @rx.event
    @allow(Permission.limits_manage)
    async def remove(self, override_id: str) -> Any:
        async with acting(self) as (session, actor):
            await limits.remove_override(session, actor, parse_id(override_id))
        return [LimitsState.refresh, ui.notify("The default holds again.")]

    async def _load(self, zone: str) -> None:
        load = adaptive.load
        self.percent, self.reason, self.degraded = load.percent, load.reason, limiter.degraded
        lag, p95, failed, _ = load.measures
        self.measures = f"Work waits {lag:.0f} ms for its turn, slow answers take {p95:.0f} ms, {failed:.0f} % failed."
        async with acting(self) as (session, actor):
            found = await limits.list_overrides(session, actor)
            names = dict(await traffic.callers(session, actor))
        self.overrides = [_override(row, names, zone) for row in found]
        async with transaction(Actor.system()) as session:
            self.adaptations = [_adaptation(event, zone) for event in await limits.adaptations(session, actor)]
        # Last, because Redis may be away: what stands above is shown all the same.
        try:
            used = await traffic.use(actor)
        except FaradayError:
            used, self.degraded = {}, True
        self.policies = [_policy(endpoint, used.get(endpoint, traffic.Use())) for endpoint in Endpoint]


@passing
class OverrideState(rx.State):
    """The form of a new exception."""

    open: bool = False
    subjects: list[tuple[str, str]] = []
    subject: str = "organization"
    problem: str = ""
    field: str = ""

    @rx.event
    @allow(Permission.limits_manage)
    async def show(self) -> None:
        async with acting(self) as (session, actor):
            callers = await traffic.callers(session, actor)
        self.subjects = [("organization", "The whole organisation"), ("address", "An address"), *callers]
        self.open, self.subject, self.problem, self.field = True, "organization", "", ""

    @rx.event
    @allow(Permission.limits_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.limits_manage)
    async def set_subject(self, subject: str) -> None:
        self.subject = str(subject)[:60]

    @rx.event
    @allow(Permission.limits_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        self.problem = self.field = ""
        try:
            wanted = _wanted(form)
            async with acting(self) as (session, actor):
                await limits.set_override(session, actor, wanted)
        except FaradayError as error:
            self.problem, self.field = error.message, error.field if isinstance(error, Invalid) else ""
            return None
        self.open = False
        return [LimitsState.refresh, ui.notify("The exception holds from now on.")]


def whole(text: object, field: str, most: int) -> int:
    """A whole number that somebody typed."""
    words = str(text).replace(",", "").replace(" ", "")
    if not (words.isascii() and words.isdecimal() and 1 <= int(words[:12]) <= most):
        raise Invalid(f"Enter a whole number between 1 and {most:,}.", field=field)
    return int(words[:12])


def endpoint_of_form(text: object) -> Endpoint:
    try:
        return Endpoint(str(text))
    except ValueError:
        raise Invalid("Choose a kind of call.", field="endpoint") from None


def _wanted(form: dict[str, Any]) -> limits.Wanted:
    kind, _, id = str(form.get("override_subject", "")).partition(":")
    if kind not in set(Subject):
        raise Invalid("Choose for whom.", field="subject")
    days = str(form.get("override_days", ""))
    if days not in DAYS:
        raise Invalid("Choose until when.", field="expires_at")
    return limits.Wanted(
        endpoint_of_form(form.get("override_endpoint")),
        Subject(kind),
        id or str(form.get("override_address", "")),
        whole(form.get("override_rate"), "per_minute", limits.MOST_PER_MINUTE),
        whole(form.get("override_burst"), "burst", limits.MOST_BURST),
        now() + timedelta(days=int(days)),
        str(form.get("override_note", "")),
    )


def _said(rule: Rule) -> str:
    return f"{rule.per_minute:,} a minute, {rule.burst:,} at once"


def _policy(endpoint: Endpoint, use: traffic.Use) -> PolicyView:
    percent = adaptive.percent
    said = [
        f"{_said(rule.tightened(percent))} for {_WHOSE[subject]}"
        for (found, subject), rule in DEFAULTS.items()
        if found is endpoint
    ]
    figures = [f"{count:,}" for count in (use.lately, use.day, use.refused)]
    if endpoint in _OF_GUESTS:
        figures = ["—"] * 3
    return PolicyView(endpoint.value, endpoint.words, said, *figures, some_refused=use.refused > 0)


def _override(row: RateLimitOverride, names: dict[str, str], zone: str) -> OverrideView:
    who = {"organization": "The whole organisation", "address": row.value}.get(row.subject)
    who = who or names.get(f"{row.subject}:{row.value}", f"…{row.value[-6:]}")
    said = f"{row.per_minute:,} a minute, {row.burst:,} at once"
    return OverrideView(str(row.id), Endpoint(row.endpoint).words, who, said, short(row.expires_at, zone), row.note)


def _adaptation(event: AuditEvent, zone: str) -> AdaptationView:
    before, after = event.details["before"]["percent"], event.details["after"]["percent"]
    return AdaptationView(
        str(event.id), short(event.created_at, zone), f"{before} % → {after} %", str(event.details["reason"])
    )

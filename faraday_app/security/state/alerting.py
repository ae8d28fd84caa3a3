"""Choosing when people are alerted, and who."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import Conflict, FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.security.service import alert_settings
from faraday_app.security.service.directory import directory
from faraday_app.security.state.centre import AlertsState, guardian_view
from faraday_app.security.views import GuardianView
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing

LABELS = {
    "accounts_per_address": "Accounts tried from one address",
    "addresses_per_account": "Addresses that try one account",
    "window_minutes": "Minutes within which they count",
    "travel_speed": "Fastest travel, in km/h",
    "exports_minimum": "Exports an hour that are always fine",
    "exports_factor": "Times their own usual exports",
    "refusals": "Refusals within 10 minutes",
}


@passing
class AlertingState(rx.State):
    open: bool = False
    values: dict[str, str] = {}
    people: list[GuardianView] = []
    error: str = ""

    _version: int = 0

    @rx.event
    @allow(Permission.security_manage)
    async def edit(self) -> None:
        self.error = ""
        await self._read()
        self.open = True

    @rx.event
    @allow(Permission.security_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.security_manage)
    async def toggle(self, user_id: str) -> None:
        self.people = [
            GuardianView(each.id, each.name, each.initials, each.tone, each.chosen != (each.id == str(user_id)))
            for each in self.people
        ]

    @rx.event
    @allow(Permission.security_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        self.error = ""
        chosen = [parse_id(each.id) for each in self.people if each.chosen]
        try:
            thresholds = {name: _number(form.get(name), name) for name in LABELS}
            await self._save(chosen, thresholds)
        except Conflict as error:
            await self._read()
            self.error = error.message
        except FaradayError as error:
            label = LABELS.get(error.field, "") if isinstance(error, Invalid) else ""
            self.error = f"{label}: {error.message}" if label else error.message
        else:
            self.open = False
            return [AlertsState.refresh, ui.notify("Alerts are set.")]
        return None

    async def _save(self, chosen: list[UUID], thresholds: dict[str, int]) -> None:
        async with acting(self) as (session, actor):
            await alert_settings.change_settings(session, actor, self._version, chosen, thresholds)

    async def _read(self) -> None:
        async with acting(self) as (session, actor):
            found = await alert_settings.get_settings(session, actor)
            guardians = await directory.guardians(session, actor.organization)
        self._version = found.version
        self.values = {name: str(getattr(found, name)) for name in LABELS}
        self.people = [guardian_view(each, each.user_id in found.recipients) for each in guardians]


def _number(text: Any, name: str) -> int:
    try:
        return int(str(text).strip()[:9])
    except ValueError:
        raise Invalid("Enter a whole number.", field=name) from None

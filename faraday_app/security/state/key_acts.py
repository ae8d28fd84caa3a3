"""One key: look at it, give it a new secret, end it."""

from datetime import timedelta
from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.security.models import ApiKey
from faraday_app.security.service import api_keys
from faraday_app.security.service.directory import directory
from faraday_app.security.views.keys import budget_words, limit_words, scope_words
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import short

GRACES = {"0": "Ends at once", "1": "1 hour", "24": "24 hours", "168": "7 days", "720": "30 days"}


@passing
class KeyActsState(rx.State):
    name: str = ""
    detailed: bool = False
    lines: list[tuple[str, str]] = []
    rotating: bool = False
    secret: str = ""
    revoking: bool = False

    _id: str = ""

    @rx.event
    @allow(Permission.api_keys_manage)
    async def show(self, key_id: str) -> None:
        async with acting(self) as (session, actor):
            row = await api_keys.get_api_key(session, actor, parse_id(key_id))
            owner = (await directory.names(session, actor.organization, [row.user_id])).get(row.user_id, "")
            spent = await api_keys.spent(session, row)
        self.lines = _lines(row, owner, spent, (await self.get_state(Viewer)).zone)
        self.name, self.detailed = row.name, True

    @rx.event
    @allow(Permission.api_keys_manage)
    async def set_detailed(self, open: bool) -> None:
        self.detailed = bool(open)

    @rx.event
    @allow(Permission.api_keys_manage)
    async def ask_rotate(self, key_id: str) -> None:
        await self._choose(key_id)
        self.rotating, self.secret = True, ""

    @rx.event
    @allow(Permission.api_keys_manage)
    async def set_rotating(self, open: bool) -> None:
        """The secret goes with the dialog: it cannot be shown again."""
        self.rotating, self.secret = bool(open), ""

    @rx.event
    @allow(Permission.api_keys_manage)
    async def rotate(self, form: dict[str, Any]) -> None:
        grace = str(form.get("key_grace", ""))
        if grace not in GRACES:
            raise Invalid("Choose how long the old key works.")
        if self.secret:
            return
        async with acting(self) as (session, actor):
            _, secret = await api_keys.rotate_api_key(session, actor, parse_id(self._id), timedelta(hours=int(grace)))
        self.secret = secret

    @rx.event
    @allow(Permission.api_keys_manage)
    async def ask_revoke(self, key_id: str) -> None:
        await self._choose(key_id)
        self.revoking = True

    @rx.event
    @allow(Permission.api_keys_manage)
    async def set_revoking(self, open: bool) -> None:
        self.revoking = bool(open)

    @rx.event
    @allow(Permission.api_keys_manage)
    async def revoke(self) -> Any:
        self.revoking = False
        async with acting(self) as (session, actor):
            await api_keys.revoke_api_key(session, actor, parse_id(self._id))
        return ui.notify(f"“{self.name}” is revoked and no longer works.")

    async def _choose(self, key_id: str) -> None:
        async with acting(self) as (session, actor):
            row = await api_keys.get_api_key(session, actor, parse_id(key_id))
        self._id, self.name = str(row.id), row.name


def _lines(row: ApiKey, owner: str, spent: int, zone: str) -> list[tuple[str, str]]:
    used = f"{short(row.last_used_at, zone)} from {row.last_used_address or 'an unknown address'}"
    lines = [
        ("Owner", owner),
        ("Key", f"{row.prefix}…"),
        ("May", ", ".join(scope_words(row.scopes))),
        ("Works from", ", ".join(row.addresses) or "Any address"),
        ("Models", ", ".join(row.models) or "Any model"),
        ("Budget", budget_words(row, spent) or "None of its own"),
        ("Limit", limit_words(row) or "The one for everybody"),
        ("Last used", used if row.last_used_at else "Never"),
        ("Created", short(row.created_at, zone) + (" with another key" if row.made_with else "")),
        ("Rotated", short(row.rotated_at, zone) or "Never"),
        ("Expires", short(row.expires_at, zone) or "Never"),
    ]
    return lines + ([("Old key", f"Works until {short(row.old_until, zone)}")] if row.old_until else [])

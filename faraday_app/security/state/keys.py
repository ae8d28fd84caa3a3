"""One's own keys to the HTTP API."""

from datetime import timedelta
from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.clock import now
from faraday_app.core.errors import ConfirmationNeeded, FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.security.models import ApiKey
from faraday_app.security.service import api_keys
from faraday_app.security.views import SCOPES, KeyView
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import ago, short

DAYS = ("30", "90", "365")


@passing
class KeysState(rx.State):
    rows: list[KeyView] = []
    loading: bool = True
    error: str = ""
    creating: bool = False
    secret: str = ""
    name_error: str = ""
    scopes_error: str = ""
    problem: str = ""
    revoking: bool = False
    revoked: str = ""

    _revoking_id: str = ""

    @rx.event
    @allow(Permission.api_keys_manage)
    async def enter(self) -> Any:
        if actor := await viewer_of(self):
            await live.watch(self, "page.keys", {topic("api_keys", actor.user): KeysState.refresh}, actor.user)
        return KeysState.refresh

    @rx.event
    @allow(Permission.api_keys_manage)
    async def refresh(self) -> None:
        self.error = ""
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                self.rows = [_view(row, zone) for row in await api_keys.list_api_keys(session, actor)]
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    @rx.event
    @allow(Permission.api_keys_manage)
    async def set_creating(self, open: bool) -> None:
        """The secret goes with the dialog: it cannot be shown again."""
        self.creating = bool(open)
        self.secret = self.name_error = self.scopes_error = self.problem = ""

    @rx.event
    @allow(Permission.api_keys_manage)
    async def create(self, form: dict[str, Any]) -> Any:
        if self.secret:
            return None
        self.name_error = self.scopes_error = self.problem = ""
        try:
            await self._create(form)
        except ConfirmationNeeded:
            raise
        except FaradayError as error:
            self._explain(error)
        return KeysState.refresh

    @rx.event
    @allow(Permission.api_keys_manage)
    async def ask_revoke(self, key_id: str) -> None:
        self._revoking_id = str(parse_id(key_id))
        self.revoked = next((row.name for row in self.rows if row.id == self._revoking_id), "")
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
            await api_keys.revoke_api_key(session, actor, parse_id(self._revoking_id))
        return [KeysState.refresh, ui.notify(f"“{self.revoked}” is revoked and no longer works.")]

    async def _create(self, form: dict[str, Any]) -> None:
        days = str(form.get("key_days", ""))
        if days not in DAYS:
            raise Invalid("Choose when the key expires.")
        scopes = [scope for scope in SCOPES if form.get(field_of(scope))]
        async with acting(self) as (session, actor):
            expires_at = now() + timedelta(days=int(days))
            _, secret = await api_keys.create_api_key(session, actor, str(form.get("key_name", "")), scopes, expires_at)
        self.secret = secret

    def _explain(self, error: FaradayError) -> None:
        field = error.field if isinstance(error, Invalid) else ""
        self.name_error = error.message if field == "name" else ""
        self.scopes_error = error.message if field == "scopes" else ""
        self.problem = "" if field in ("name", "scopes") else error.message


def field_of(scope: Permission) -> str:
    """The name of a scope's checkbox."""
    return f"scope_{scope.name}"


def _view(row: ApiKey, zone: str) -> KeyView:
    return KeyView(
        str(row.id),
        row.name,
        f"{row.prefix}…",
        [words for scope, words in SCOPES.items() if scope.value in row.scopes],
        ago(row.last_used_at, now(), zone),
        short(row.expires_at, zone) or "never",
        row.expires_at is not None and row.expires_at <= now(),
    )

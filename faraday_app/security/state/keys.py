"""One's own keys to the HTTP API, and making one."""

from datetime import timedelta
from typing import Any

import reflex as rx

from faraday_app.core.budgets import Period
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.money import parse_credits
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.security.service import api_keys
from faraday_app.security.service.key_restrictions import Restrictions, offered_models
from faraday_app.security.state.all_keys import AllKeysState, key_view
from faraday_app.security.views import SCOPES, KeyView
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, passing

DAYS = ("30", "90", "365")


@passing
class KeysState(rx.State):
    rows: list[KeyView] = []
    loading: bool = True
    error: str = ""
    creating: bool = False
    models: list[str] = []
    secret: str = ""
    name_error: str = ""
    scopes_error: str = ""
    problem: str = ""

    @rx.event
    @allow(Permission.api_keys_manage)
    async def enter(self) -> Any:
        actor = await viewer_of(self)
        if actor is None:
            return None
        topics = {topic("api_keys", actor.user): KeysState.refresh}
        if actor.may(Permission.security_manage):
            topics[topic("api_keys", actor.organization)] = AllKeysState.refresh
        await live.watch(self, "page.keys", topics, actor.user)
        return [KeysState.refresh, *([AllKeysState.refresh] if actor.may(Permission.security_manage) else [])]

    @rx.event
    @allow(Permission.api_keys_manage)
    async def refresh(self) -> None:
        self.error = ""
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                self.rows = [key_view(row, zone) for row in await api_keys.list_api_keys(session, actor)]
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    @rx.event
    @allow(Permission.api_keys_manage)
    async def set_creating(self, open: bool) -> None:
        """The secret goes with the dialog: it cannot be shown again."""
        self.creating, self.models = bool(open), []
        if actor := await viewer_of(self):
            self.models = await offered_models(actor)
        self.secret = self.name_error = self.scopes_error = self.problem = ""

    @rx.event
    @allow(Permission.api_keys_manage)
    async def create(self, form: dict[str, Any]) -> Any:
        if self.secret:
            return None
        self.name_error = self.scopes_error = self.problem = ""
        try:
            await self._create(form)
        except FaradayError as error:
            self._explain(error)
        return KeysState.refresh

    async def _create(self, form: dict[str, Any]) -> None:
        days = str(form.get("key_days", ""))
        if days not in DAYS:
            raise Invalid("Choose when the key expires.")
        scopes = [scope for scope in SCOPES if form.get(field_of(scope))]
        restrictions = _restrictions(form, self.models)
        async with acting(self) as (session, actor):
            expires_at = now() + timedelta(days=int(days))
            _, secret = await api_keys.create_api_key(
                session, actor, str(form.get("key_name", "")), scopes, expires_at, restrictions
            )
        self.secret = secret

    def _explain(self, error: FaradayError) -> None:
        field = error.field if isinstance(error, Invalid) else ""
        self.name_error = error.message if field == "name" else ""
        self.scopes_error = error.message if field == "scopes" else ""
        self.problem = "" if field in ("name", "scopes") else error.message


def field_of(scope: Permission) -> str:
    """The name of a scope's checkbox."""
    return f"scope_{scope.name}"


def _restrictions(form: dict[str, Any], models: list[str]) -> Restrictions:
    """What was filled in under "Restrictions"; whatever else a client sends is nothing."""
    budget = str(form.get("key_budget") or "").strip()
    period = str(form.get("key_period") or Period.month)
    if period not in list(Period):
        raise Invalid("Choose the period of the budget.")
    return Restrictions(
        addresses=tuple(str(form.get("key_addresses") or "").replace(",", " ").split()),
        models=tuple(name for name in models if form.get(f"model_{name}")),
        budget=parse_credits(budget) if budget else None,
        budget_period=Period(period),
        limit_per_minute=_number(form, "key_limit"),
        burst=_number(form, "key_burst"),
    )


def _number(form: dict[str, Any], name: str) -> int | None:
    text = str(form.get(name) or "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise Invalid("Enter limits as whole numbers.")
    return int(text)

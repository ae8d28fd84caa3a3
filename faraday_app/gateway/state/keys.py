"""The keys of one provider. What is typed goes straight to the vault: no var ever holds it."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.gateway.service.managing import keys, providers
from faraday_app.gateway.state.forms import text_of
from faraday_app.gateway.state.providers import ModelProvidersState
from faraday_app.gateway.views.providers import KeyRowView, key_row_view
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing


@passing
class ProviderKeysState(rx.State):
    open: bool = False
    provider: str = ""
    rows: list[KeyRowView] = []
    faults: dict[str, str] = {}
    problem: str = ""

    _provider_id: str = ""

    @rx.event
    @allow(Permission.models_manage)
    async def show(self, provider_id: str) -> None:
        self._provider_id, self.faults, self.problem = str(parse_id(provider_id)), {}, ""
        await self._read()
        self.open = True

    @rx.event
    @allow(Permission.models_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.models_manage)
    async def add(self, form: dict[str, Any]) -> Any:
        self.faults, self.problem = {}, ""
        label, secret = text_of(form, "key_label"), text_of(form, "key_secret", keys.LONGEST + 1)
        try:
            async with acting(self) as (session, actor):
                await keys.add_key(session, actor, parse_id(self._provider_id), label, secret)
        except FaradayError as error:
            field = error.field if isinstance(error, Invalid) else ""
            self.faults = {field: error.message} if field else {}
            self.problem = "" if field else error.message
            return None
        await self._read()
        clear = [rx.set_value("key_label", ""), rx.set_value("key_secret", "")]
        return [*clear, ModelProvidersState.refresh, ui.notify("The key is kept, and used from now on.")]

    @rx.event
    @allow(Permission.models_manage)
    async def set_enabled(self, key_id: str, enabled: bool) -> Any:
        async with acting(self) as (session, actor):
            await keys.set_enabled(session, actor, parse_id(key_id), bool(enabled))
        await self._read()
        return ModelProvidersState.refresh

    @rx.event
    @allow(Permission.models_manage)
    async def remove(self, key_id: str) -> Any:
        async with acting(self) as (session, actor):
            await keys.remove_key(session, actor, parse_id(key_id))
        await self._read()
        words = "The key is gone from here. Withdraw it at the provider too, if nobody else uses it."
        return [ModelProvidersState.refresh, ui.notify(words)]

    async def _read(self) -> None:
        async with acting(self) as (session, actor):
            found = await providers.get_provider(session, actor, parse_id(self._provider_id))
        self.provider, self.rows = found.row.name, [key_row_view(key) for key in found.keys]

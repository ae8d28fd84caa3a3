"""With which identity providers a person has connected their account."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.organizations.models import IdentityProvider, LinkedIdentity
from faraday_app.organizations.service import federation, providers
from faraday_app.organizations.views import DONE, PROBLEMS, ConnectionView
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import passing


@passing
class ConnectionsState(rx.State):
    rows: list[ConnectionView] = []
    told: str = ""
    problem: str = ""
    disconnecting: bool = False
    disconnected: str = ""

    _linked_id: str = ""

    @rx.event
    @allow(Permission.account_manage)
    async def enter(self) -> None:
        asked = self.router.url.query_parameters
        self.told = DONE.get(str(asked.get("done", "")), "")
        self.problem = PROBLEMS.get(str(asked.get("problem", "")), "")
        if actor := await viewer_of(self):
            topics = {
                topic("account", actor.user): ConnectionsState.refresh,
                topic("providers", actor.organization): ConnectionsState.refresh,
            }
            await live.watch(self, "page.connections", topics, actor.user)
        await self._load()

    @rx.event
    @allow(Permission.account_manage)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.account_manage)
    async def ask_disconnect(self, linked_id: str) -> None:
        self._linked_id = str(parse_id(linked_id))
        self.disconnected = next((row.label for row in self.rows if row.id == self._linked_id), "")
        self.disconnecting = True

    @rx.event
    @allow(Permission.account_manage)
    async def set_disconnecting(self, open: bool) -> None:
        self.disconnecting = bool(open)

    @rx.event
    @allow(Permission.account_manage)
    async def disconnect(self) -> Any:
        self.disconnecting, self.problem = False, ""
        try:
            async with acting(self) as (session, actor):
                await federation.disconnect(session, actor, parse_id(self._linked_id))
        except FaradayError as error:
            self.problem = error.message
            return None
        return [ConnectionsState.refresh, ui.notify(f"{self.disconnected} is disconnected.")]

    async def _load(self) -> None:
        async with acting(self) as (session, actor):
            linked = await federation.connections(session, actor)
            offered = await providers.available(session, actor)
        labels = {provider.issuer: provider.label for provider in offered}
        connected = [_connected(each, labels.get(each.issuer, each.issuer)) for each in linked]
        issuers = {each.issuer for each in linked}
        self.rows = connected + [_open(provider) for provider in offered if provider.issuer not in issuers]


def _connected(linked: LinkedIdentity, label: str) -> ConnectionView:
    return ConnectionView(str(linked.id), label, linked.email or "connected", "")


def _open(provider: IdentityProvider) -> ConnectionView:
    return ConnectionView("", provider.label, "not connected", f"oidc/{provider.id}/connect")

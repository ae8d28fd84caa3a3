"""One's own passkeys. The browser makes them over HTTP; the page then reads again."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.accounts.models import Passkey
from faraday_app.accounts.service import factors, passkeys
from faraday_app.accounts.views import PasskeyView
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import ago, short


@passing
class PasskeysState(rx.State):
    rows: list[PasskeyView] = []
    naming: bool = False
    name: str = ""
    problem: str = ""
    removing: bool = False
    removed: str = ""

    _renaming_id: str = ""
    _removing_id: str = ""

    @rx.event
    @allow(Permission.account_manage)
    async def enter(self) -> Any:
        if actor := await viewer_of(self):
            topics = {topic("factors", actor.user): PasskeysState.refresh}
            await live.watch(self, "page.passkeys", topics, actor.user)
        return PasskeysState.refresh

    @rx.event
    @allow(Permission.account_manage)
    async def refresh(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            self.rows = [_view(row, zone) for row in await passkeys.list_passkeys(session, actor.user)]

    @rx.event
    @allow(Permission.account_manage)
    async def add(self) -> None:
        """Asks who is there before the person has typed a name in vain."""
        async with acting(self) as (_, actor):
            actor.must_be_confirmed()
        self._renaming_id, self.name, self.problem, self.naming = "", "", "", True

    @rx.event
    @allow(Permission.account_manage)
    async def rename(self, passkey_id: str) -> None:
        self._renaming_id = str(parse_id(passkey_id))
        self.name = next((row.name for row in self.rows if row.id == self._renaming_id), "")
        self.problem, self.naming = "", True

    @rx.event
    @allow(Permission.account_manage)
    async def set_naming(self, open: bool) -> None:
        self.naming = bool(open)

    @rx.event
    @allow(Permission.account_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        """The new name of a passkey."""
        name, self.problem = str(form.get("passkey_name", "")), ""
        try:
            async with acting(self) as (session, actor):
                await passkeys.rename(session, actor, parse_id(self._renaming_id), name)
        except FaradayError as error:
            self.problem = error.message
            return None
        self.naming = False
        return PasskeysState.refresh

    @rx.event
    @allow(Permission.account_manage)
    async def made(self, problem: str) -> Any:
        """What came of it: the browser has made one and sent it over HTTP, or says why not."""
        self.problem = str(problem)[:300]
        if self.problem:
            return None
        self.naming = False
        return [PasskeysState.refresh, ui.notify("The passkey is added.")]

    @rx.event
    @allow(Permission.account_manage)
    async def ask_remove(self, passkey_id: str) -> None:
        self._removing_id = str(parse_id(passkey_id))
        self.removed = next((row.name for row in self.rows if row.id == self._removing_id), "")
        self.removing = True

    @rx.event
    @allow(Permission.account_manage)
    async def set_removing(self, open: bool) -> None:
        self.removing = bool(open)

    @rx.event
    @allow(Permission.account_manage)
    async def remove(self) -> Any:
        self.removing = False
        async with acting(self) as (session, actor):
            await factors.remove_passkey(session, actor, parse_id(self._removing_id))
        return [PasskeysState.refresh, ui.notify(f"“{self.removed}” is removed.")]


def _view(row: Passkey, zone: str) -> PasskeyView:
    used = f"last used {ago(row.last_used_at, now(), zone)}" if row.last_used_at else "not used yet"
    return PasskeyView(str(row.id), row.name, f"Added {short(row.created_at, zone)} · {used}")

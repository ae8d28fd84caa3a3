"""One's own authenticator app and backup codes, and whether anything is on at all."""

import base64
from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.accounts.service import factors, totp
from faraday_app.core.errors import FaradayError
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import passing


@passing
class TwoFactorState(rx.State):
    loading: bool = True
    error: str = ""
    on: bool = False
    app: bool = False
    codes_left: int = 0

    enrolling: bool = False
    secret: str = ""
    picture: str = ""
    code_error: str = ""
    codes: list[str] = []
    removing_app: bool = False
    turning_off: bool = False

    @rx.event
    @allow(Permission.account_manage)
    async def enter(self) -> Any:
        if actor := await viewer_of(self):
            topics = {topic("factors", actor.user): TwoFactorState.refresh}
            await live.watch(self, "page.factors", topics, actor.user)
        return TwoFactorState.refresh

    @rx.event
    @allow(Permission.account_manage)
    async def refresh(self) -> None:
        self.error = ""
        try:
            async with acting(self) as (session, actor):
                found = await factors.standing(session, actor.user)
            self.on, self.app, self.codes_left = found.any, found.app, found.codes_left
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    @rx.event
    @allow(Permission.account_manage)
    async def begin_app(self) -> None:
        async with acting(self) as (session, actor):
            begun = await totp.begin(session, actor)
        self.secret = " ".join(begun.secret[start : start + 4] for start in range(0, len(begun.secret), 4))
        self.picture = "data:image/svg+xml;base64," + base64.b64encode(begun.picture.encode()).decode()
        self.code_error, self.enrolling = "", True

    @rx.event
    @allow(Permission.account_manage)
    async def set_enrolling(self, open: bool) -> None:
        """The secret goes with the dialog: it cannot be shown again."""
        self.enrolling = bool(open)
        self.secret = self.picture = self.code_error = ""

    @rx.event
    @allow(Permission.account_manage)
    async def finish_app(self, form: dict[str, Any]) -> Any:
        self.code_error = ""
        try:
            async with acting(self) as (session, actor):
                self.codes = await totp.finish(session, actor, str(form.get("app_code", "")))
        except FaradayError as error:
            self.code_error = error.message
            return None
        self.enrolling, self.secret, self.picture = False, "", ""
        return [TwoFactorState.refresh, ui.notify("The authenticator app is on.")]

    @rx.event
    @allow(Permission.account_manage)
    async def new_codes(self) -> Any:
        async with acting(self) as (session, actor):
            self.codes = await factors.renew_codes(session, actor)
        return TwoFactorState.refresh

    @rx.event
    @allow(Permission.account_manage)
    async def set_codes_shown(self, open: bool) -> None:
        if not open:
            self.codes = []

    @rx.event
    @allow(Permission.account_manage)
    async def set_removing_app(self, open: bool) -> None:
        self.removing_app = bool(open)

    @rx.event
    @allow(Permission.account_manage)
    async def remove_app(self) -> Any:
        self.removing_app = False
        async with acting(self) as (session, actor):
            await factors.remove_app(session, actor)
        return [TwoFactorState.refresh, ui.notify("The authenticator app is removed.")]

    @rx.event
    @allow(Permission.account_manage)
    async def set_turning_off(self, open: bool) -> None:
        self.turning_off = bool(open)

    @rx.event
    @allow(Permission.account_manage)
    async def turn_off(self) -> Any:
        self.turning_off = False
        async with acting(self) as (session, actor):
            await factors.turn_off(session, actor)
        return [TwoFactorState.refresh, ui.notify("Two-factor authentication is off.")]

"""How a person signs in: their address and whether they have a password. Neither is ever sent from here."""

import reflex as rx

from faraday_app.accounts.models import User
from faraday_app.accounts.service import NO_PASSWORD
from faraday_app.accounts.views import DONE
from faraday_app.core import mail
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import passing


@passing
class CredentialsState(rx.State):
    told: str = ""
    mailed: bool = False
    verified: bool = False
    has_password: bool = True

    @rx.event
    @allow(Permission.account_manage)
    async def enter(self) -> None:
        self.told = DONE.get(str(self.router.url.query_parameters.get("done", "")), "")
        if actor := await viewer_of(self):
            topics = {topic("account", actor.user): CredentialsState.refresh}
            await live.watch(self, "page.credentials", topics, actor.user)
        await self._load()

    @rx.event
    @allow(Permission.account_manage)
    async def refresh(self) -> None:
        await self._load()

    async def _load(self) -> None:
        async with acting(self) as (session, actor):
            user = await session.get_one(User, actor.user)
        self.mailed, self.verified = mail.is_configured(), user.email_verified_at is not None
        self.has_password = user.password_hash != NO_PASSWORD

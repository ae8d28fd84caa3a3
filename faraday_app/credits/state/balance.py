"""What there is."""

from typing import Any

import reflex as rx

from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.credits import service as credits
from faraday_app.credits.state.statement import StatementState
from faraday_app.credits.state.usage import UsageState
from faraday_app.credits.views import credits_text
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live


class BalanceState(rx.State):
    """The viewer's credits in the top bar."""

    text: str = ""

    @rx.event
    @allow(Permission.credits_read)
    async def load(self) -> None:
        """On every page: show the balance, and keep it true."""
        async with acting(self) as (session, actor):
            self.text = credits_text((await credits.balance(session, actor)).available)
        await live.watch(self, "balance", {topic("credits", actor.user): BalanceState.refresh}, actor.user)

    @rx.event
    @allow(Permission.credits_read)
    async def refresh(self) -> None:
        async with acting(self) as (session, actor):
            self.text = credits_text((await credits.balance(session, actor)).available)


class CreditsState(rx.State):
    """The tiles, and what the whole page listens to."""

    available: str = ""
    held: str = ""
    pool: str = ""

    @rx.event
    @allow(Permission.credits_read)
    async def enter(self) -> Any:
        actor = await self._read()
        refresh = CreditsState.refresh
        topics = {topic("credits", actor.user): refresh}
        if actor.may(Permission.credits_grant):
            topics[topic("credits", actor.organization)] = refresh
        await live.watch(self, "page", topics, actor.user)
        return [StatementState.enter, UsageState.load]

    @rx.event
    @allow(Permission.credits_read)
    async def refresh(self) -> Any:
        await self._read()
        return [StatementState.load, UsageState.load]

    async def _read(self) -> Actor:
        async with acting(self) as (session, actor):
            balance = await credits.balance(session, actor)
            pool = await credits.pool_balance(session, actor) if actor.may(Permission.credits_grant) else 0
        self.available, self.held = credits_text(balance.available), credits_text(balance.held)
        self.pool = credits_text(pool)
        return actor

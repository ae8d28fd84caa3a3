"""What the first page shows: each tile in a few words, read again whenever something happens."""

from dataclasses import dataclass

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.contexts.service import conversations
from faraday_app.contexts.views import ConversationView, conversation_view
from faraday_app.core import presence
from faraday_app.core.clock import now
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.redis import RedisError
from faraday_app.credits import service as credits
from faraday_app.credits.views import credits_text
from faraday_app.organizations.service import people
from faraday_app.security.service import audit
from faraday_app.security.views import action_words
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, initials_of, tone_of, zone_of
from faraday_app.ui.times import ago

DAYS = 14
FEW = 5


@dataclass(frozen=True, slots=True)
class OnlineView:
    id: str
    name: str
    detail: str
    initials: str
    tone: str


@dataclass(frozen=True, slots=True)
class HappenedView:
    id: str
    what: str
    meta: str


class HomeState(rx.State):
    loaded: bool = False
    credits: str = ""
    spent: str = ""
    line: str = ""
    area: str = ""
    recent: list[ConversationView] = []
    online: list[OnlineView] = []
    online_count: int = 0
    happened: list[HappenedView] = []

    @rx.event
    @allow(Permission.home_read)
    async def load(self):
        async with acting(self) as (_, actor):
            topics = {
                topic("credits", actor.user): HomeState.refresh,
                topic("conversations", actor.user): HomeState.refresh,
            }
            if actor.may(Permission.presence_read):
                topics[f"presence:{topic('organization', actor.organization)}"] = HomeState.refresh
            if actor.may(Permission.audit_read):
                topics[topic("audit", actor.organization)] = HomeState.refresh
            await live.watch(self, "page", topics, actor.user)
        return HomeState.refresh

    @rx.event
    @allow(Permission.home_read)
    async def refresh(self):
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            await self._read_credits(session, actor, zone)
            found = await conversations.search(session, actor, limit=FEW)
            self.recent = [conversation_view(item, actor, zone) for item in found]
            await self._read_activity(session, actor, zone)
            if actor.may(Permission.presence_read):
                await self._read_online(session, actor)
        self.loaded = True

    async def _read_credits(self, session: AsyncSession, actor: Actor, zone: str) -> None:
        self.credits = credits_text((await credits.balance(session, actor)).available)
        days = await credits.daily_usage(session, actor, DAYS, zone_of(zone))
        self.spent = credits_text(sum(day.spent for day in days))
        drawn = ui.sparkline_paths([day.spent for day in days] if any(day.spent for day in days) else [])
        self.line, self.area = drawn.path, drawn.area

    async def _read_activity(self, session: AsyncSession, actor: Actor, zone: str) -> None:
        """Whoever sees the whole organisation's events sees whose they are."""
        for_all = actor.may(Permission.audit_read)
        self.happened = [
            HappenedView(
                str(event.id),
                action_words(event.action),
                " · ".join(
                    [*([event.actor_name or "Somebody"] if for_all else []), ago(event.created_at, now(), zone)]
                ),
            )
            for event in await audit.recent(session, actor)
        ]

    async def _read_online(self, session: AsyncSession, actor: Actor) -> None:
        try:
            here = await presence.who(topic("organization", actor.organization))
        except RedisError:
            here = set()
        self.online_count = len(here)
        self.online = [
            OnlineView(
                str(person.user_id),
                person.name,
                person.role.label,
                initials_of(person.name),
                tone_of(person.user_id),
            )
            for person in await people.named(session, actor, here, FEW)
        ]

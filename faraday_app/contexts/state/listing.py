"""The list of conversations at the left."""

import reflex as rx

from faraday_app.contexts.service import conversations
from faraday_app.contexts.views import ConversationView, conversation_view
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer

MOST = 90


class ListingState(rx.State):
    items: list[ConversationView] = []
    loaded: bool = False
    search: str = ""
    archived: bool = False
    has_more: bool = False

    _limit: int = conversations.PAGE

    @rx.event
    @allow(Permission.assistant_use)
    async def load(self):
        async with acting(self) as (_, actor):
            await live.watch(self, "page", {topic("conversations", actor.user): ListingState.refresh}, actor.user)
        return ListingState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def refresh(self):
        viewer = await self.get_state(Viewer)
        async with acting(self) as (session, actor):
            found = await conversations.search(
                session, actor, self.search, archived=self.archived, limit=self._limit + 1
            )
        self.items = [conversation_view(item, actor, viewer.zone) for item in found[: self._limit]]
        self.has_more = len(found) > self._limit
        self.loaded = True

    @rx.event
    @allow(Permission.assistant_use)
    async def set_search(self, text: str):
        self.search = str(text)[:200]
        self._limit = conversations.PAGE
        return ListingState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def toggle_archived(self):
        self.archived = not self.archived
        return ListingState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def more(self):
        """Longer, up to what a list can be read through; beyond that searching is quicker."""
        self._limit = min(self._limit + conversations.PAGE, MOST)
        return ListingState.refresh

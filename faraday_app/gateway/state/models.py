"""The catalogue, as each person may see it."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.gateway.service.managing import figures, listing, models
from faraday_app.gateway.service.managing.figures import Figures, Span
from faraday_app.gateway.service.managing.listing import Listed
from faraday_app.gateway.views import Category
from faraday_app.gateway.views.catalogue import ModelView, model_view
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged

OFTEN = 5.0  # seconds between two readings of the figures


class ModelsState(Paged, rx.State):
    rows: list[ModelView] = []
    loading: bool = True
    error: str = ""
    search: str = ""
    category: str = ""
    span: str = "hour"

    removing: bool = False
    removed: str = ""

    _listed: list[Listed] = []
    _removed_id: str = ""

    @rx.event
    @allow(Permission.models_read)
    async def enter(self) -> Any:
        if actor := await viewer_of(self):
            await live.watch(
                self, "page.models", {topic("models", actor.organization): ModelsState.refresh}, actor.user
            )
            if actor.may(Permission.models_manage):
                counted = {topic("receipts", actor.organization): ModelsState.count}
                await live.watch(self, "page.receipts", counted, actor.user, most_often=OFTEN)
        self._pages = []
        return ModelsState.refresh

    @rx.event
    @allow(Permission.models_read)
    async def refresh(self) -> Any:
        """The catalogue at once; the figures, which take longer, after it."""
        self.error = ""
        try:
            async with acting(self) as (session, actor):
                self._listed = await listing.list_models(
                    session, actor, self.search, self.category, self._page_after(), listing.PAGE + 1
                )
        except FaradayError as error:
            self.error = error.message
            self.loading = False
            return None
        self._place(len(self._listed), listing.PAGE)
        self._show(None)
        self.loading = False
        return ModelsState.count if actor.may(Permission.models_manage) else None

    @rx.event
    @allow(Permission.models_manage)
    async def count(self) -> None:
        async with acting(self) as (session, actor):
            found = await figures.figures_of(session, actor, Span(self.span))
        self._show(found)

    @rx.event
    @allow(Permission.models_read)
    async def set_search(self, text: str) -> Any:
        self.search, self._pages = str(text)[:100].replace("\x00", ""), []
        return ModelsState.refresh

    @rx.event
    @allow(Permission.models_read)
    async def set_category(self, category: str) -> Any:
        self.category, self._pages = (category if category in set(Category) else ""), []
        return ModelsState.refresh

    @rx.event
    @allow(Permission.models_manage)
    async def set_span(self, span: str) -> Any:
        self.span = span if span in set(Span) else Span.hour.value
        return ModelsState.count

    @rx.event
    @allow(Permission.models_read)
    async def next_page(self) -> Any:
        return ModelsState.refresh if self._turn_on() else None

    @rx.event
    @allow(Permission.models_read)
    async def previous_page(self) -> Any:
        self._turn_back()
        return ModelsState.refresh

    @rx.event
    @allow(Permission.models_manage)
    async def set_enabled(self, model_id: str, enabled: bool) -> Any:
        async with acting(self) as (session, actor):
            await models.set_enabled(session, actor, parse_id(model_id), bool(enabled))
        words = "It is offered from now on." if enabled else "Nobody is offered it for now."
        return [ModelsState.refresh, ui.notify(words)]

    @rx.event
    @allow(Permission.models_manage)
    async def ask_remove(self, model_id: str) -> None:
        self._removed_id = str(parse_id(model_id))
        self.removed = next((row.label for row in self.rows if row.id == self._removed_id), "this model")
        self.removing = True

    @rx.event
    @allow(Permission.models_manage)
    async def set_removing(self, open: bool) -> None:
        self.removing = bool(open)

    @rx.event
    @allow(Permission.models_manage)
    async def remove(self) -> Any:
        self.removing = False
        async with acting(self) as (session, actor):
            await models.remove_model(session, actor, parse_id(self._removed_id))
        return [ModelsState.refresh, ui.notify(f"{self.removed} is removed.")]

    def _show(self, counted: dict[UUID, Figures] | None) -> None:
        self.rows = [model_view(each, counted) for each in self._listed[: listing.PAGE]]

"""Filters of the trail that somebody keeps."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.security.service import audit_searches
from faraday_app.security.service.directory import directory
from faraday_app.security.state.audit import AuditState
from faraday_app.security.state.narrowing import cleaned, narrowing_only
from faraday_app.security.views import SearchView
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import passing


@passing
class AuditSearchesState(rx.State):
    open: bool = False
    rows: list[SearchView] = []
    problem: str = ""

    @rx.event
    @allow(Permission.audit_read)
    async def enter(self) -> None:
        if actor := await viewer_of(self):
            here = {topic("audit_searches", actor.organization): AuditSearchesState.refresh}
            await live.watch(self, "page.audit_searches", here, actor.user)

    @rx.event
    @allow(Permission.audit_read)
    async def refresh(self) -> None:
        if self.open:
            await self._load()

    @rx.event
    @allow(Permission.audit_read)
    async def set_open(self, open: bool) -> None:
        self.open, self.problem = bool(open), ""
        if self.open:
            await self._load()

    @rx.event
    @allow(Permission.audit_read)
    async def keep(self, form: dict[str, Any]) -> Any:
        """The present filters under a name."""
        form = form if isinstance(form, dict) else {}
        wanted = narrowing_only((await self.get_state(AuditState)).narrowed)
        name, self.problem = str(form.get("search_name", "")), ""
        try:
            async with acting(self) as (session, actor):
                await audit_searches.keep_search(
                    session, actor, name, dict(wanted), shared=bool(form.get("search_shared"))
                )
        except Invalid as error:
            self.problem = error.message
            return None
        self.open = False
        return ui.notify("The search is kept.")

    @rx.event
    @allow(Permission.audit_read)
    async def use(self, search_id: str) -> Any:
        """Narrow the trail by it. What was kept is judged like anything from outside."""
        async with acting(self) as (session, actor):
            kept = await audit_searches.get_search(session, actor, parse_id(search_id))
        self.open = False
        return AuditState.show_only(cleaned(kept.wanted))

    @rx.event
    @allow(Permission.audit_read)
    async def remove(self, search_id: str) -> Any:
        async with acting(self) as (session, actor):
            await audit_searches.remove_search(session, actor, parse_id(search_id))
        await self._load()
        return ui.notify("The search is removed.")

    async def _load(self) -> None:
        try:
            async with acting(self) as (session, actor):
                kept = await audit_searches.list_searches(session, actor)
                names = await directory.names(session, actor.organization, {each.owner_id for each in kept})
        except FaradayError as error:
            self.problem = error.message
            return
        self.rows = [SearchView(str(each.id), each.name, _about(each, names), each.mine) for each in kept]


def _about(kept: audit_searches.Kept, names: dict[Any, str]) -> str:
    if kept.mine:
        return "Yours, shared with all who read the trail" if kept.shared else "Only yours"
    return f"Shared by {names.get(kept.owner_id, 'somebody who left')}"

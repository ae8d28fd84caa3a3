"""The organisations of the installation, in counts."""

from typing import Any

import reflex as rx

from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError
from faraday_app.core.permissions import Permission
from faraday_app.credits.views import credits_text
from faraday_app.platform.service import overview
from faraday_app.platform.views import OrganizationView
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer
from faraday_app.ui.times import ago, short


class OrganizationsState(Paged, rx.State):
    rows: list[OrganizationView] = []
    total: str = ""
    search: str = ""
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.platform_read)
    async def enter(self) -> Any:
        self._pages, self.search = [], ""
        return OrganizationsState.refresh

    @rx.event
    @allow(Permission.platform_read)
    async def refresh(self) -> None:
        self.error = ""
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                self.total = f"{await overview.count(session, actor):,}"
                found = await overview.list_organizations(
                    session, actor, self.search, overview.PAGE + 1, self._page_after()
                )
        except FaradayError as error:
            self.error = error.message
        else:
            self.rows = [_view(line, zone) for line in found[: overview.PAGE]]
            self._place(len(found), overview.PAGE)
        self.loading = False

    @rx.event
    @allow(Permission.platform_read)
    async def set_search(self, text: str) -> Any:
        self.search, self._pages = str(text).replace("\x00", "")[:120], []
        return OrganizationsState.refresh

    @rx.event
    @allow(Permission.platform_read)
    async def next_page(self) -> Any:
        self._turn_on()
        return OrganizationsState.refresh

    @rx.event
    @allow(Permission.platform_read)
    async def previous_page(self) -> Any:
        self._turn_back()
        return OrganizationsState.refresh


def _view(line: overview.OrganizationLine, zone: str) -> OrganizationView:
    return OrganizationView(
        str(line.id),
        line.name,
        f"{line.people:,}",
        short(line.created_at, zone),
        ago(line.active_at, now(), zone),
        credits_text(line.credits_issued),
    )

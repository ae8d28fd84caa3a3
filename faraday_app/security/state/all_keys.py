"""Every key of the organisation, for those who see to security."""

from uuid import UUID

import reflex as rx

from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError
from faraday_app.core.permissions import Permission
from faraday_app.security.models import ApiKey
from faraday_app.security.service import api_keys
from faraday_app.security.service.directory import directory
from faraday_app.security.views import KeyView
from faraday_app.security.views.keys import expiry_badge, few, scope_words
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer
from faraday_app.ui.times import ago, short


class AllKeysState(Paged, rx.State):
    rows: list[KeyView] = []
    loading: bool = True
    error: str = ""
    search: str = ""

    @rx.event
    @allow(Permission.security_manage)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.security_manage)
    async def set_search(self, text: str) -> None:
        self.search, self._pages = str(text)[:100], []
        await self._load()

    @rx.event
    @allow(Permission.security_manage)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.security_manage)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    async def _load(self) -> None:
        self.loading, self.error = True, ""
        wanted = api_keys.KeyFilter(self.search, self._page_after())
        try:
            async with acting(self) as (session, actor):
                found = await api_keys.search(session, actor, wanted, api_keys.PAGE + 1)
                owners = await directory.names(session, actor.organization, {row.user_id for row in found})
            await self._show(found, owners)
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    async def _show(self, found: list[ApiKey], owners: dict[UUID, str]) -> None:
        zone = (await self.get_state(Viewer)).zone
        shown = found[: api_keys.PAGE]
        self.rows = [key_view(row, zone, owners.get(row.user_id, "Somebody who left")) for row in shown]
        self._place(len(found), api_keys.PAGE)


def key_view(row: ApiKey, zone: str, owner: str = "") -> KeyView:
    at = now()
    old = row.old_until if row.old_until and row.old_until > at else None
    return KeyView(
        str(row.id),
        row.name,
        f"{row.prefix}…",
        few(scope_words(row.scopes)),
        ago(row.last_used_at, at, zone),
        short(row.expires_at, zone) or "never",
        expiry_badge(row.expires_at, at),
        f"Old key works until {short(old, zone)}" if old else "",
        owner,
        ago(row.created_at, at, zone),
    )

"""The audit trail: narrowed, paged, and running on while one looks at its newest page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.errors import FaradayError
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import AuditEvent
from faraday_app.security.service import audit
from faraday_app.security.service.audit_search import narrowing
from faraday_app.security.service.directory import directory
from faraday_app.security.state import narrowing as filters
from faraday_app.security.state.audit_words import called, event_view, filter_views, person_view
from faraday_app.security.views import NO_PERSON, EventView, FilterView, PersonView, action_words
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer

FORMATS = ("csv", "jsonl")
BY_DATES = "dates"  # in the choice of time: the days are chosen among the other filters


class AuditState(Paged, rx.State):
    rows: list[EventView] = []
    kinds: list[tuple[str, str]] = []
    loading: bool = True
    error: str = ""
    tailing: bool = True
    behind: bool = False

    narrowed: dict[str, str] = filters.NOTHING
    since_choice: str = ""
    shown_filters: list[FilterView] = []
    hidden_count: int = 0
    cut: bool = False
    more: bool = False
    address_text: str = ""
    person: PersonView = NO_PERSON
    person_query: str = ""
    people: list[PersonView] = []

    @rx.event
    @allow(Permission.audit_read)
    async def enter(self) -> None:
        """Narrowed as the address of the page says."""
        self._pages, self.more = [], False
        self.narrowed = filters.cleaned(dict(self.router.url.query_parameters))
        self.address_text = self.narrowed["address"]
        if actor := await viewer_of(self):
            topics = {topic(kind, actor.organization): AuditState.follow for kind in ("audit", "calls")}
            await live.watch(self, "page.audit", topics, actor.user)
        await self._load()

    @rx.event
    @allow(Permission.audit_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.audit_read)
    async def follow(self) -> None:
        """Something happened: show it on top, unless one reads older pages or asked for stillness."""
        if self.tailing and not self._pages:
            await self._load()
        else:
            self.behind = True

    @rx.event
    @allow(Permission.audit_read)
    async def narrow(self, name: str, value: str) -> Any:
        """By one filter more, or by one less where the value is empty."""
        return await self._narrow({**self.narrowed, str(name): value})

    @rx.event
    @allow(Permission.audit_read)
    async def set_since(self, choice: str) -> Any:
        if choice == BY_DATES:
            self.since_choice = choice
            return AuditState.set_more(True)
        return await self._narrow({**self.narrowed, "since": choice, "until": ""})

    @rx.event
    @allow(Permission.audit_read)
    async def set_address(self, text: str) -> Any:
        self.address_text = str(text)[:45]
        return await self._narrow({**self.narrowed, "address": self.address_text}, self.address_text)

    @rx.event
    @allow(Permission.audit_read)
    async def drop(self, name: str) -> Any:
        """Take one of the filters away that are shown as chips; what stands for several goes whole."""
        with_it = {"seen": ("action", "target_type", "target_id"), "target_id": ("target_type", "target_id")}
        return await self._narrow({**self.narrowed, **dict.fromkeys(with_it.get(str(name), (str(name),)), "")})

    @rx.event
    @allow(Permission.audit_read)
    async def show_only(self, wanted: dict[str, str]) -> Any:
        """Narrowed by just these."""
        return await self._narrow(wanted)

    @rx.event
    @allow(Permission.audit_read)
    async def clear(self) -> Any:
        return await self._narrow({})

    @rx.event
    @allow(Permission.audit_read)
    async def settle_address(self) -> Any:
        """The address of the page again says what it shows, and no event."""
        return browser.address(filters.address_of(self.narrowed))

    @rx.event
    @allow(Permission.audit_read)
    async def set_more(self, open: bool) -> None:
        self.more = bool(open)
        if self.more:
            await self._search_people("")
        else:
            self._choose_since()

    @rx.event
    @allow(Permission.audit_read)
    async def search_people(self, text: str) -> None:
        await self._search_people(str(text).replace("\x00", "")[:120])

    @rx.event
    @allow(Permission.audit_read)
    async def toggle_tail(self) -> None:
        self.tailing = not self.tailing
        if self.tailing:
            await self._load_first()

    @rx.event
    @allow(Permission.audit_read)
    async def newest(self) -> None:
        await self._load_first()

    @rx.event
    @allow(Permission.audit_read)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.audit_read)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    @rx.event
    @allow(Permission.audit_export)
    async def export(self, kind: str) -> Any:
        """What the filters narrow to, as a file from the API."""
        kind = kind if kind in FORMATS else FORMATS[0]
        zone = (await self.get_state(Viewer)).zone
        asked = narrowing(filters.wanted(self.narrowed, zone)) | {"format": kind}
        return rx.download(url=f"/api/v1/audit/export?{urlencode(asked)}", filename=f"audit.{kind}")

    async def _narrow(self, wanted: Mapping[str, object], address_text: str | None = None) -> Any:
        self.narrowed = filters.cleaned(wanted)
        self.address_text = self.narrowed["address"] if address_text is None else address_text
        await self._load_first()
        return browser.address(filters.address_of(self.narrowed))

    async def _load_first(self) -> None:
        self._pages = []
        await self._load()

    async def _load(self) -> None:
        self.loading, self.error = True, ""
        zone = (await self.get_state(Viewer)).zone
        wanted = filters.wanted(self.narrowed, zone, self._page_after())
        try:
            async with acting(self) as (session, actor):
                found = await audit.search(session, actor, wanted, audit.PAGE + 1)
                self.cut = await audit.text_was_cut(session, actor, wanted)
                kinds = await audit.actions(session, actor)
                names = await called(session, actor, found, self.narrowed)
        except FaradayError as error:
            self.error = error.message
        else:
            self.kinds = sorted(((kind, action_words(kind)) for kind in kinds), key=lambda kind: kind[1])
            self._show(found, names, zone)
        self.loading = False

    def _show(self, found: list[AuditEvent], names: dict[UUID, str], zone: str) -> None:
        self.rows = [event_view(event, names, zone) for event in found[: audit.PAGE]]
        self._place(len(found), audit.PAGE)
        self.behind = self.behind and self.has_previous
        self.shown_filters = filter_views(self.narrowed, names, dict(self.kinds), found[:1], zone)
        self.hidden_count = sum(not each.beside for each in self.shown_filters)
        self.person = person_view(self.narrowed["actor_id"], names)
        self._choose_since()

    def _choose_since(self) -> None:
        by_days = filters.is_day(self.narrowed["since"]) or bool(self.narrowed["until"])
        self.since_choice = BY_DATES if by_days else self.narrowed["since"]

    async def _search_people(self, text: str) -> None:
        self.person_query = text
        async with acting(self) as (session, actor):
            self.people = await _members(session, actor, text)


async def _members(session: AsyncSession, actor: Actor, text: str) -> list[PersonView]:
    actor.must(Permission.audit_read)
    found = await directory.search(session, actor.organization, text)
    return [person_view(str(each.user_id), {each.user_id: each.name}, each.about) for each in found]

"""What one of one's GPTs gives to others, and gets from them."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.models import MemoryKind, SharePart
from faraday_app.contexts.service import gpts, shares
from faraday_app.contexts.service.shares import Offer
from faraday_app.contexts.share_views import EntryView, ShareView, entry_view, share_view
from faraday_app.core.errors import FaradayError, Invalid, NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, passing, zone_of

OFFERED = 90


@passing
class GptSharesState(rx.State):
    open: bool = False
    id: str = ""
    name: str = ""
    gives: list[ShareView] = []
    gets: list[ShareView] = []
    targets: list[tuple[str, str]] = []
    adding: bool = False
    problem: str = ""
    inside_of: str = ""
    inside: list[EntryView] = []

    @rx.event
    @allow(Permission.gpts_manage)
    async def show(self, gpt_id: str):
        """For a GPT of one's own."""
        self.reset()
        async with acting(self) as (session, actor):
            gpt = await gpts.get(session, actor, parse_id(gpt_id))
            found = await gpts.listed(session, actor, limit=OFFERED)
            await live.watch(self, "page.shares", {topic("shares", actor.user): GptSharesState.refresh}, actor.user)
        self.id, self.name = str(gpt.id), gpt.name
        self.targets = [(str(each.gpt.id), each.gpt.name) for each in found if each.gpt.id != gpt.id]
        await self._load()
        self.open = True

    @rx.event
    @allow(Permission.gpts_manage)
    async def refresh(self):
        if not self.open:
            return
        try:
            await self._load()
        except NotFound:
            self.reset()

    @rx.event
    @allow(Permission.gpts_manage)
    async def set_open(self, open: bool):
        if not open:
            self.reset()
            await live.leave(self, "page.shares")

    @rx.event
    @allow(Permission.gpts_manage)
    async def set_adding(self, adding: bool):
        self.adding, self.problem = bool(adding), ""

    @rx.event
    @allow(Permission.gpts_manage)
    async def offer(self, form: dict) -> Any:
        """On a refusal the form stays, with what was chosen in it."""
        try:
            wanted = _offer(form, (await self.get_state(Viewer)).zone)
            async with acting(self) as (session, actor):
                made = await shares.offer(session, actor, UUID(self.id), parse_id(form.get("target_id")), wanted)
        except FaradayError as refusal:
            self.problem = refusal.message
            return None
        self.adding, self.problem = False, ""
        await self._load()
        return ui.notify("Given." if made.decided_at else "Offered. Its owner has to accept it.")

    @rx.event
    @allow(Permission.gpts_manage)
    async def accept(self, share_id: str, version: int):
        async with acting(self) as (session, actor):
            await shares.accept(session, actor, parse_id(share_id), _number(version))
        await self._load()

    @rx.event
    @allow(Permission.gpts_manage)
    async def decline(self, share_id: str, version: int):
        async with acting(self) as (session, actor):
            await shares.decline(session, actor, parse_id(share_id), _number(version))
        await self._load()

    @rx.event
    @allow(Permission.gpts_manage)
    async def renew(self, share_id: str, version: int):
        async with acting(self) as (session, actor):
            await shares.renew(session, actor, parse_id(share_id), _number(version))
        await self._load()
        return ui.notify("It gives what it is now.")

    @rx.event
    @allow(Permission.gpts_manage)
    async def take_over(self, share_id: str, version: int):
        """Have the GPT that gets them use the parameters and tools; it can be taken back in its versions."""
        async with acting(self) as (session, actor):
            await shares.take_over(session, actor, parse_id(share_id), _number(version))
        await self._load()
        return ui.notify("Taken over. What it was is among its versions.")

    @rx.event
    @allow(Permission.gpts_manage)
    async def end(self, share_id: str):
        async with acting(self) as (session, actor):
            await shares.end(session, actor, parse_id(share_id))
        await self._load()
        return ui.notify("Ended. It is given no more.")

    @rx.event
    @allow(Permission.gpts_manage)
    async def look(self, share_id: str):
        """What is given, word for word; the same again closes it."""
        if self.inside_of == share_id:
            self.inside_of, self.inside = "", []
            return
        async with acting(self) as (session, actor):
            _, entries = await shares.read(session, actor, parse_id(share_id))
        self.inside_of, self.inside = str(parse_id(share_id)), [entry_view(entry) for entry in entries]

    async def _load(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            gives = await shares.gives(session, actor, parse_id(self.id))
            gets = await shares.gets(session, actor, parse_id(self.id))
        self.gives = [share_view(each, actor, zone, giving=True) for each in gives]
        self.gets = [share_view(each, actor, zone, giving=False) for each in gets]


def _offer(form: dict, zone: str) -> Offer:
    """Until the end of the day that was chosen, where the viewer is."""
    parts = frozenset(part for part in SharePart if form.get(f"part_{part}"))
    kinds = frozenset(kind for kind in MemoryKind if form.get(f"kind_{kind}"))
    until = str(form.get("until") or "")
    try:
        day = datetime.combine(datetime.fromisoformat(until).date(), time(), zone_of(zone)) if until else None
        return Offer(parts, kinds, day and day + timedelta(days=1))
    except (ValueError, OverflowError):
        raise Invalid("Choose the last day as a date.", field="until") from None


def _number(version: object) -> int:
    try:
        return int(str(version))
    except ValueError:
        raise Invalid from None

"""Terms and their grading periods, for those who keep them."""

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.classes.models import GradingPeriod, Term
from faraday_app.classes.service import periods, terms
from faraday_app.classes.service.periods import PeriodDraft
from faraday_app.classes.service.terms import TermDraft
from faraday_app.classes.views import PeriodView, TermView
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import short


class TermsState(Paged, rx.State):
    rows: list[TermView] = []
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.rosters_manage)
    async def enter(self) -> None:
        if actor := await viewer_of(self):
            here = {topic("terms", actor.organization): TermsState.refresh}
            await live.watch(self, "page.terms", here, actor.user, most_often=0.5)
        self._pages = []
        await self._load()

    @rx.event
    @allow(Permission.rosters_manage)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.rosters_manage)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.rosters_manage)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    @rx.event
    @allow(Permission.rosters_manage)
    async def close_period(self, period_id: str) -> Any:
        async with acting(self) as (session, actor):
            await periods.close(session, actor, parse_id(period_id))
        return ui.notify("Closed. No grade in it changes until you reopen it.")

    @rx.event
    @allow(Permission.rosters_manage)
    async def reopen_period(self, period_id: str) -> Any:
        async with acting(self) as (session, actor):
            await periods.reopen(session, actor, parse_id(period_id))
        return ui.notify("Open again. Grades in it can change.")

    async def _load(self) -> None:
        self.loading, self.error = True, ""
        try:
            async with acting(self) as (session, actor):
                after = self._page_after()
                place = await terms.place_of(session, actor, after) if after else None
                found = await terms.listed(session, actor, place, terms.PAGE + 1)
                parts = await periods.of_terms(session, actor, [each.id for each in found])
            zone = (await self.get_state(Viewer)).zone
            self.rows = [_term(each, parts[each.id], zone) for each in found[: terms.PAGE]]
            self._place(len(found), terms.PAGE)
        except FaradayError as error:
            self.error = error.message
        self.loading = False


@passing
class TermEditorState(rx.State):
    """One term or one grading period at a time, new or there already."""

    open: bool = False
    removing: bool = False
    is_period: bool = False
    is_new: bool = True
    name: str = ""
    starts: str = ""
    ends: str = ""
    weight: str = ""
    error: str = ""

    _id: str = ""
    _term_id: str = ""
    _version: int = 0

    @rx.event
    @allow(Permission.rosters_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.rosters_manage)
    async def set_removing(self, open: bool) -> None:
        self.removing = bool(open)

    @rx.event
    @allow(Permission.rosters_manage)
    async def new_term(self) -> None:
        self.reset()
        self.open = True

    @rx.event
    @allow(Permission.rosters_manage)
    async def new_period(self, term_id: str) -> None:
        """Beginning where the term, or its last period, leaves off."""
        self.reset()
        async with acting(self) as (session, actor):
            term = await terms.get(session, actor, parse_id(term_id))
            beside = (await periods.of_terms(session, actor, [term.id]))[term.id]
        self.starts = str(_after(beside) or term.starts_on)
        self.ends = str(term.ends_on)
        self.is_period, self._term_id, self.open = True, str(term.id), True

    @rx.event
    @allow(Permission.rosters_manage)
    async def edit(self, id: str) -> None:
        await self._hold(id)
        self.open = True

    @rx.event
    @allow(Permission.rosters_manage)
    async def ask_remove(self, id: str) -> None:
        await self._hold(id)
        self.removing = True

    async def _hold(self, id: str) -> None:
        """A term or a grading period by its id."""
        self.reset()
        async with acting(self) as (session, actor):
            found: Term | GradingPeriod = await periods.find(session, actor, parse_id(id)) or await terms.get(
                session, actor, parse_id(id)
            )
        self._id, self._version, self.is_new = str(found.id), found.version, False
        self.is_period = isinstance(found, GradingPeriod)
        self.name, self.starts, self.ends = found.name, str(found.starts_on), str(found.ends_on)
        if isinstance(found, GradingPeriod):
            self.weight = "" if found.weight is None else f"{found.weight.normalize():f}"

    @rx.event
    @allow(Permission.rosters_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        try:
            await (self._save_period(form) if self.is_period else self._save_term(form))
        except FaradayError as error:
            self.error = error.message
            return None
        self.open = False
        return TermsState.refresh

    @rx.event
    @allow(Permission.rosters_manage)
    async def remove(self) -> Any:
        self.removing = False
        async with acting(self) as (session, actor):
            if self.is_period:
                await periods.remove(session, actor, parse_id(self._id))
            else:
                await terms.remove(session, actor, parse_id(self._id))
        return [TermsState.refresh, ui.notify(f"“{self.name}” is removed.")]

    async def _save_term(self, form: dict[str, Any]) -> None:
        draft = TermDraft(str(form.get("term_name") or ""), *_days(form))
        async with acting(self) as (session, actor):
            if self.is_new:
                await terms.make(session, actor, draft)
            else:
                await terms.change(session, actor, parse_id(self._id), self._version, draft)

    async def _save_period(self, form: dict[str, Any]) -> None:
        draft = PeriodDraft(str(form.get("term_name") or ""), *_days(form), _weight(form.get("period_weight")))
        async with acting(self) as (session, actor):
            if self.is_new:
                await periods.add(session, actor, parse_id(self._term_id), draft)
            else:
                await periods.change(session, actor, parse_id(self._id), self._version, draft)


def _days(form: dict[str, Any]) -> tuple[date, date]:
    try:
        return date.fromisoformat(str(form.get("term_starts"))), date.fromisoformat(str(form.get("term_ends")))
    except ValueError:
        raise Invalid("Choose the first and the last day.", field="term_starts") from None


def _weight(text: object) -> Decimal | None:
    said = str(text or "").strip().rstrip("%").strip().replace(",", ".")
    try:
        return Decimal(said) if said else None
    except InvalidOperation:
        raise Invalid("Enter the weight as a number, or leave it empty.", field="period_weight") from None


def _after(beside: list[GradingPeriod]) -> date | None:
    """The day after the last of them."""
    return max(each.ends_on for each in beside) + timedelta(days=1) if beside else None


def spoken_days(starts_on: date, ends_on: date) -> str:
    """Such as 3 Sep – 20 Dec 2026."""
    year = f" {starts_on.year}" if starts_on.year != ends_on.year else ""
    return f"{starts_on.day} {starts_on:%b}{year} – {ends_on.day} {ends_on:%b} {ends_on.year}"


def _term(each: Term, parts: list[GradingPeriod], zone: str) -> TermView:
    today = now().date()
    if today < each.starts_on:
        said, tone = "To come", "neutral"
    elif today > each.ends_on:
        said, tone = "Over", "neutral"
    else:
        said, tone = "Now", "green"
    days = spoken_days(each.starts_on, each.ends_on)
    return TermView(str(each.id), each.name, days, said, tone, [_period(part, zone) for part in parts])


def _period(part: GradingPeriod, zone: str) -> PeriodView:
    return PeriodView(
        str(part.id),
        part.name,
        spoken_days(part.starts_on, part.ends_on),
        "" if part.weight is None else f"{part.weight.normalize():f} %",
        f"closed {short(part.closed_at, zone)}" if part.closed_at else "",
    )

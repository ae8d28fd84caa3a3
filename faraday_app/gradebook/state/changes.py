"""Why a total changed since a moment, below the receipt: for the staff, and for students and parents."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.service import differences, records
from faraday_app.gradebook.service.differences import Difference
from faraday_app.gradebook.state.wording import WordingState
from faraday_app.gradebook.views import NOTHING_CHANGED, ChangedView, LineView
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing, zone_of

DAYS = {"yesterday": 1, "week": 7}


@passing
class ChangesState(rx.State):
    changed: ChangedView = NOTHING_CHANGED

    _class_id: str = ""
    _since: str = ""  # one of DAYS, "period", or a day

    @rx.event
    @allow(Permission.gradebook_read)
    async def choose(self, class_id: str, student_id: str, since: str) -> None:
        """A moment that people ask about; a day of one's own is asked for first."""
        self._class_id, self._since = str(parse_id(class_id)), str(since)[:20]
        self.changed = ChangedView(str(parse_id(student_id)) if self._since else "")
        if self._since == "day":
            self.changed = replace(self.changed, asks_for_day=True)
        elif self._since:
            await self._load()

    @rx.event
    @allow(Permission.gradebook_read)
    async def choose_day(self, class_id: str, student_id: str, day: str) -> None:
        self._class_id, self._since = str(parse_id(class_id)), str(day)[:10]
        self.changed = ChangedView(str(parse_id(student_id)), asks_for_day=True)
        if self._since:
            await self._load()

    @rx.event
    @allow(Permission.gradebook_read)
    async def refresh(self) -> None:
        if self.changed.student_id and self._since not in ("", "day"):
            await self._load()

    async def _load(self) -> None:
        zone, student_id = (await self.get_state(Viewer)).zone, parse_id(self.changed.student_id)
        try:
            async with acting(self) as (session, actor):
                moment = await self._moment(session, actor, zone)
                found = await differences.since(session, actor, parse_id(self._class_id), student_id, moment)
        except FaradayError as error:
            self.changed = replace(self.changed, title="", lines=[], problem=error.message)
            return
        lines = [LineView(each.title, each.note, each.figure) for each in found.lines]
        title = f"{_words(moment, zone)}: {_told(found)}"
        self.changed = replace(self.changed, title=title, lines=lines, problem="")

    async def _moment(self, session: AsyncSession, actor: Actor, zone: str) -> datetime:
        """The beginning of a day where the viewer is, of a grading period where the school is."""
        if self._since == "period":
            ids = parse_id(self._class_id), parse_id(self.changed.student_id)
            record = await records.of_student(session, actor, *ids)
            period = differences.period_of(record, now())
            if period is None:
                raise Invalid("No grading period of this class is on now.")
            return differences.begins(period, record.structure.zone)
        return beginning(self._day(zone), zone)

    def _day(self, zone: str) -> date:
        if self._since in DAYS:
            return now().astimezone(zone_of(zone)).date() - timedelta(days=DAYS[self._since])
        try:
            return date.fromisoformat(self._since)
        except ValueError:
            raise Invalid("Choose a day.") from None


async def follow(state: rx.State) -> Any:
    """For whoever shows a receipt anew: what changed since is looked at again where somebody asked, and a sentence
    about figures that may be others now is gone."""
    asked = (await state.get_state(ChangesState)).changed.student_id
    said = (await state.get_state(WordingState)).said.student_id
    return [*([ChangesState.refresh] if asked else []), *([WordingState.forget] if said else [])]


def beginning(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, zone_of(zone))


def _words(moment: datetime, zone: str) -> str:
    here = moment.astimezone(zone_of(zone))
    return f"Since {here.day} {here:%b} {here.year}"


def _told(found: Difference) -> str:
    if not found.lines:
        return f"nothing is another, it is {found.after} %"
    return f"{found.before} → {found.after} %" if found.before != found.after else f"{found.after} % as before"

"""What became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx

from faraday_app.core.errors import Unavailable
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.credits import service as credits
from faraday_app.credits.models import TransferKind
from faraday_app.credits.service import Line
from faraday_app.credits.views import amount_text, balance_text
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, zone_of


@dataclass(frozen=True, slots=True)
class LineView:
    id: str
    at: str
    what: str
    note: str
    amount: str
    incoming: bool
    balance: str


class StatementState(rx.State):
    """One page of a statement: the viewer's own or, for administrators, the pool's."""

    lines: list[LineView] = []
    whose: str = ""
    range: str = ""
    error: str = ""
    loading: bool = True
    has_next: bool = False
    has_previous: bool = False

    _trail: list[str] = []  # the line before which each page after the first begins

    @rx.event
    @allow(Permission.credits_read)
    async def enter(self) -> Any:
        self._trail = []
        self.whose = ""
        return StatementState.load

    @rx.event
    @allow(Permission.credits_read)
    async def load(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        before = parse_id(self._trail[-1]) if self._trail else None
        self.error = ""
        try:
            async with acting(self) as (session, actor):
                found = await credits.statement(session, actor, before, credits.PAGE + 1, pool=self.whose == "pool")
        except Unavailable as error:
            self.error = error.message
        else:
            self._show(found, zone)
        self.loading = False

    @rx.event
    @allow(Permission.credits_grant)
    async def choose(self, whose: str) -> Any:
        """The viewer's own statement, or the pool's."""
        self.whose = "pool" if whose == "pool" else ""
        self._trail = []
        return StatementState.load

    @rx.event
    @allow(Permission.credits_read)
    async def next(self) -> Any:
        if self.has_next and self.lines:
            self._trail = [*self._trail, self.lines[-1].id]
        return StatementState.load

    @rx.event
    @allow(Permission.credits_read)
    async def previous(self) -> Any:
        self._trail = self._trail[:-1]
        return StatementState.load

    def _show(self, found: list[Line], zone: str) -> None:
        shown, first = found[: credits.PAGE], len(self._trail) * credits.PAGE + 1
        self.lines = [line_view(line, zone, pool=self.whose == "pool") for line in shown]
        self.range = f"{first:,}–{first + len(shown) - 1:,}" if shown else ""
        self.has_next, self.has_previous = len(found) > credits.PAGE, bool(self._trail)


def line_view(line: Line, zone: str, pool: bool) -> LineView:
    at = line.at.astimezone(zone_of(zone))
    what, note = _words(line, pool)
    return LineView(
        str(line.id), _when(at), what, note, amount_text(line.amount), line.amount > 0, balance_text(line.balance)
    )


def _words(line: Line, pool: bool) -> tuple[str, str]:
    """What happened, and what was noted about it."""
    if line.kind is TransferKind.usage:
        return line.memo or "Answer", ""
    if line.kind is TransferKind.issue:
        return "Credits for the organisation", line.memo
    given = f"{'Granted to' if pool else 'Granted by'} {line.person}" if line.person else "Granted"
    return given, line.memo


def _when(at: datetime) -> str:
    return f"{at.day} {at:%b %Y, %H:%M}"

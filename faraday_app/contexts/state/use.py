"""How the assistant was used, by oneself or in the whole organisation."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.quote_views import accuracy_text
from faraday_app.contexts.service import estimates
from faraday_app.contexts.service import usage as figures
from faraday_app.contexts.service.usage import By, Figures, Usage, Wanted
from faraday_app.core.errors import FaradayError
from faraday_app.core.permissions import Permission
from faraday_app.credits.views import credits_text
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, zone_of

RANGES = [("7", "Last 7 days"), ("30", "Last 30 days"), ("90", "Last 90 days"), ("365", "Last year")]


@dataclass(frozen=True, slots=True)
class RowView:
    id: str
    name: str
    questions: str
    answers: str
    failed: str
    tokens: str
    credits: str
    first: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure of the whole range and its course day by day; ``says`` is the course in words."""

    title: str
    value: str
    caption: str
    path: str
    area: str
    says: str


class UseState(rx.State):
    figures: list[FigureView] = []
    rows: list[RowView] = []
    range: str = "30"
    by: str = By.day.value
    everyone: bool = False
    accuracy: str = ""
    nothing: bool = False
    loading: bool = True
    error: str = ""
    has_next: bool = False
    has_previous: bool = False
    place: str = ""

    _pages: list[tuple[str, int]] = []
    _last: tuple[str, int] = ("", 0)

    @rx.event
    @allow(Permission.assistant_use)
    async def enter(self) -> None:
        self._pages = []
        await self._load()

    @rx.event
    @allow(Permission.assistant_use)
    async def choose_range(self, days: str) -> None:
        self.range = days if days in dict(RANGES) else self.range
        await self._from_the_start()

    @rx.event
    @allow(Permission.assistant_use)
    async def choose_by(self, by: str) -> None:
        self.by = by if by in set(By) else self.by
        await self._from_the_start()

    @rx.event
    @allow(Permission.credits_grant)
    async def choose_whose(self, whose: str) -> None:
        self.everyone = whose == "everyone"
        await self._from_the_start()

    @rx.event
    @allow(Permission.assistant_use)
    async def next_page(self) -> None:
        if self.has_next:
            self._pages = [*self._pages, self._last]
            await self._load()

    @rx.event
    @allow(Permission.assistant_use)
    async def previous_page(self) -> None:
        self._pages = self._pages[:-1]
        await self._load()

    @rx.event
    @allow(Permission.assistant_use)
    async def export(self) -> Any:
        async with acting(self) as (session, actor):
            wanted = await self._wanted(actor.may(Permission.credits_grant))
            data = await figures.exported(session, actor, wanted, By(self.by))
        return rx.download(data=data, filename=f"assistant-{self.by}-{self.range}-days.csv")

    async def _from_the_start(self) -> None:
        self._pages = []
        await self._load()

    async def _wanted(self, may_see_all: bool) -> Wanted:
        self.everyone = self.everyone and may_see_all
        zone = zone_of((await self.get_state(Viewer)).zone)
        return Wanted(int(self.range), zone, self.everyone)

    async def _load(self) -> None:
        self.loading, self.error = True, ""
        try:
            async with acting(self) as (session, actor):
                wanted = await self._wanted(actor.may(Permission.credits_grant))
                whole = await figures.usage(session, actor, wanted)
                before = self._pages[-1] if self._pages else None
                found = await figures.listed(session, actor, wanted, By(self.by), before, figures.PAGE + 1)
                judged = await estimates.accuracy(session, actor)
        except FaradayError as error:
            self.error, self.loading = error.message, False
            return
        self._show(whole, found)
        self.accuracy, self.loading = accuracy_text(judged), False

    def _show(self, whole: Usage, found: list[Figures]) -> None:
        shown = found[: figures.PAGE]
        self.figures, self.rows = figure_views(whole), [row_view(each) for each in shown]
        self.nothing = not (whole.whole.answers or whole.whole.failed or whole.whole.questions)
        self.has_previous, self.has_next = bool(self._pages), len(found) > figures.PAGE
        if shown:
            self._last = (shown[-1].key, shown[-1].cost)
        begin = len(self._pages) * figures.PAGE
        self.place = f"{begin + 1:,}–{begin + len(shown):,}" if shown else ""


def row_view(row: Figures) -> RowView:
    tokens = f"{row.prompt_tokens:,} in, {row.answer_tokens:,} out"
    return RowView(
        row.key or "plain",
        row.name or "Nobody",
        f"{row.questions:,}",
        f"{row.answers:,}",
        f"{row.failed:,}",
        tokens,
        credits_text(row.cost),
        time_text(row.first_token_ms),
    )


def time_text(milliseconds: int | None) -> str:
    if milliseconds is None:
        return "–"
    return f"{milliseconds} ms" if milliseconds < 1_000 else f"{milliseconds / 1_000:.1f} s"


def figure_views(found: Usage) -> list[FigureView]:
    whole, days = found.whole, found.days
    failed = f"{whole.failed:,} failed" if whole.failed else "None failed"
    tokens = f"{whole.prompt_tokens:,} in, {whole.answer_tokens:,} out"
    firsts = [day.first_token_ms or 0 for day in days]
    return [
        _figure("Questions", f"{whole.questions:,}", "Asked", [day.questions for day in days]),
        _figure("Answers", f"{whole.answers:,}", failed, [day.answers for day in days]),
        _figure("Credits", credits_text(whole.cost), tokens, [day.cost for day in days]),
        _figure("First token after", time_text(whole.first_token_ms), "At the median", firsts),
    ]


def _figure(title: str, value: str, caption: str, points: list[int]) -> FigureView:
    line = ui.sparkline_paths(points)
    busy = sum(1 for point in points if point)
    says = f"{title} day by day: something on {busy} of {len(points)} days"
    return FigureView(title, value, caption, line.path, line.area, says)

"""The pairs of an assignment with passages in common, two of them side by side, and what its authors are asked."""

from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.classes.service.heading import heading
from faraday_app.classes.views import NO_CLASS, ClassHead
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Outcome
from faraday_app.coursework.service.similarity import beside, handouts, hearing, listing, reviews
from faraday_app.coursework.similarity_views import (
    NO_SIDE,
    HandoutRow,
    PairRow,
    PartView,
    QuestionRow,
    SideView,
    WorkRow,
    pair_row,
    part_view,
    question_rows,
    side_view,
)
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live


class SimilarityState(rx.State):
    """Without an assignment the work of the class stands here; with one, its pairs."""

    head: ClassHead = NO_CLASS
    works: list[WorkRow] = []
    assignment_id: str = ""
    title: str = ""
    summary: str = ""
    problems: str = ""
    share: int = 30
    handouts: list[HandoutRow] = []
    rows: list[PairRow] = []
    questions: list[QuestionRow] = []
    has_next: bool = False
    has_previous: bool = False
    loading: bool = True
    error: str = ""
    open: bool = False
    about: str = ""
    evidence: str = ""
    left: SideView = NO_SIDE
    right: SideView = NO_SIDE
    left_parts: list[PartView] = []
    right_parts: list[PartView] = []

    _pair_id: str = ""
    _pages: list[tuple[float, str]] = []
    _last: tuple[float, str] = (0.0, "")

    @rx.event
    @allow(Permission.coursework_manage)
    async def enter(self) -> None:
        query = self.router.url.query_parameters
        self.reset()
        self.assignment_id = str(query.get("assignment", ""))[:40]
        if actor := await viewer_of(self):
            kind, id = ("similarity", self.assignment_id) if self.assignment_id else ("coursework", query.get("id", ""))
            await live.watch(self, "page.similarity", {topic(kind, str(id)[:40]): SimilarityState.refresh}, actor.user)
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def next_page(self) -> None:
        if self.has_next:
            self._pages = [*self._pages, self._last]
            await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def previous_page(self) -> None:
        self._pages = self._pages[:-1]
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def look(self, pair_id: str) -> None:
        """Two texts side by side."""
        async with acting(self) as (session, actor):
            found = await beside.look(session, actor, parse_id(pair_id))
            sides = (found.pair.left, found.pair.right)
            may = [bool(await hearing.unasked(session, each.text)) for each in sides]
        self._pair_id, self.open = str(found.pair.row.id), True
        self.about = found.comparison.description
        self.evidence = found.evidence.description if found.evidence else ""
        self.left, self.right = side_view(found.left, may_ask=may[0]), side_view(found.right, may_ask=may[1])
        self.left_parts = [part_view(part) for part in found.left.parts]
        self.right_parts = [part_view(part) for part in found.right.parts]

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)
        if not self.open:
            self.left_parts, self.right_parts, self.left, self.right = [], [], NO_SIDE, NO_SIDE

    @rx.event
    @allow(Permission.coursework_manage)
    async def ask(self, text_id: str, form: dict[str, Any]) -> Any:
        """The author of one side, about their own text."""
        async with acting(self) as (session, actor):
            question = str(form.get("question") or "")
            asked = await reviews.ask(session, actor, parse_id(self._pair_id), parse_id(text_id), question)
        self.open = False
        await self._load()
        whom = f"All {len(asked)} authors are asked" if len(asked) > 1 else "Asked"
        return ui.notify(f"{whom}. You are told when there is an answer.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def decide(self, review_id: str, version: int, form: dict[str, Any]) -> Any:
        async with acting(self) as (session, actor):
            outcome = str(form.get("outcome") or "")
            if outcome not in set(Outcome):
                raise Invalid("Choose what you make of it.", field="outcome")
            note = str(form.get("note") or "")
            await reviews.decide(session, actor, parse_id(review_id), int(version), Outcome(outcome), note)
        await self._load()
        return ui.notify("Kept. It holds once a second adult has confirmed it.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def confirm(self, review_id: str, version: int) -> Any:
        async with acting(self) as (session, actor):
            await reviews.confirm(session, actor, parse_id(review_id), int(version))
        await self._load()
        return ui.notify("Confirmed. The author is told.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def send_back(self, review_id: str, version: int) -> None:
        async with acting(self) as (session, actor):
            await reviews.send_back(session, actor, parse_id(review_id), int(version))
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def withdraw(self, review_id: str, version: int) -> Any:
        async with acting(self) as (session, actor):
            await reviews.withdraw(session, actor, parse_id(review_id), int(version))
        await self._load()
        return ui.notify("Taken back. Nothing of it is recorded.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def add_handout(self, form: dict[str, Any]) -> Any:
        async with acting(self) as (session, actor):
            name, text = str(form.get("handout_name") or ""), str(form.get("handout_text") or "")
            await handouts.add(session, actor, parse_id(self.assignment_id), name, text)
        await self._load()
        return ui.notify("Added. All is compared anew within a minute.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def remove_handout(self, handout_id: str) -> None:
        async with acting(self) as (session, actor):
            await handouts.remove(session, actor, parse_id(self.assignment_id), parse_id(handout_id))
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_share(self, form: dict[str, Any]) -> Any:
        typed = str(form.get("share") or "").strip()
        async with acting(self) as (session, actor):
            if not (typed.isascii() and typed.isdigit() and len(typed) <= 3):
                raise Invalid("Give the share as a whole number of percent.", field="share")
            await handouts.set_share(session, actor, parse_id(self.assignment_id), int(typed))
        await self._load()
        return ui.notify("Kept. All is compared anew within a minute.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def compare_again(self) -> Any:
        async with acting(self) as (session, actor):
            await handouts.compare_again(session, actor, parse_id(self.assignment_id))
        await self._load()
        return ui.notify("It is compared anew within a minute.")

    async def _load(self) -> None:
        self.error = ""
        try:
            async with acting(self) as (session, actor):
                if self.assignment_id:
                    await self._load_work(session, actor, parse_id(self.assignment_id))
                else:
                    await self._load_class(session, actor, parse_id(self.router.url.query_parameters.get("id", "")))
        except FaradayError as error:
            self.head, self.rows, self.works, self.questions, self.error = NO_CLASS, [], [], [], error.message
        self.loading = False

    async def _load_class(self, session: AsyncSession, actor: Actor, class_id: UUID) -> None:
        self.head = await heading(session, actor, class_id, Permission.coursework_manage)
        found = await listing.works(session, actor, class_id)
        self.works = [WorkRow(str(work.id), work.title, f"{count:,}") for work, count in found]

    async def _load_work(self, session: AsyncSession, actor: Actor, assignment_id: UUID) -> None:
        after = (self._pages[-1][0], parse_id(self._pages[-1][1])) if self._pages else None
        found = await listing.overview(session, actor, assignment_id)
        pairs = await listing.listed(session, actor, assignment_id, after=after, limit=listing.PAGE + 1)
        self.head = await heading(session, actor, found.seen.work.class_id, Permission.coursework_manage)
        self.title, self.share = found.seen.work.title, found.share
        waiting = " · something is still being compared" if found.waiting else ""
        pairs_found = f"{found.pairs:,} pair{'s' * (found.pairs != 1)} with passages in common"
        self.summary = f"{found.texts:,} text{'s' * (found.texts != 1)} compared · {pairs_found}{waiting}"
        self.problems = " ".join(found.problems)
        self.handouts = [HandoutRow(str(each.id), each.name, f"{each.words:,} words") for each in found.handouts]
        self.has_next, self.has_previous = len(pairs) > listing.PAGE, bool(self._pages)
        self.rows = [pair_row(each) for each in pairs[: listing.PAGE]]
        if self.has_next:
            last = pairs[listing.PAGE - 1].row
            self._last = (last.similarity, str(last.id))
        told = await hearing.of_assignment(session, actor, assignment_id)
        self.questions = question_rows(told, actor.user_id)

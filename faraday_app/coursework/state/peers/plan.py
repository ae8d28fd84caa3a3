"""How students review each other, who does, and what they wrote: for the staff of the class."""

from typing import Any

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.peer_views import GivenView, PeerCriterionView, criteria_view, given_view, release_words
from faraday_app.coursework.service import peers
from faraday_app.coursework.service.peers import Draft, State
from faraday_app.coursework.words import joined
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer
from faraday_app.ui.times import field_text, moment_of, short

MOST = 100


class PeerPlanState(rx.State):
    """``given``: who reviews whom. ``reading``: the review that is looked at."""

    id: str = ""
    each: int = 0
    anonymous: bool = True
    by_lot: bool = True
    due_at: str = ""
    opens_when_due: bool = False
    started: bool = False
    released: bool = False
    sent: int = 0
    summary: str = ""
    given: list[GivenView] = []
    more: str = ""
    students: list[tuple[str, str]] = []
    unreviewed: str = ""
    edition: int = 0
    problem: str = ""
    reading: str = ""
    criteria: list[PeerCriterionView] = []
    comment: str = ""
    releasing: bool = False
    consequences: str = ""

    _number: int = 0

    @rx.event
    @allow(Permission.coursework_read)
    async def show_for(self, assignment_id: str) -> None:
        self.reset()
        self.id = str(parse_id(assignment_id))
        await self._load(anew=True)

    @rx.event
    @allow(Permission.coursework_read)
    async def refresh(self) -> None:
        if self.id:
            await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        zone = (await self.get_state(Viewer)).zone
        try:
            draft = Draft(
                bool(form.get("peer_anonymous")),
                form.get("peer_by") != "teacher",
                moment_of(form.get("peer_due_at"), zone, "peer_due_at"),
                bool(form.get("peer_opens")),
            )
            async with acting(self) as (session, actor):
                await peers.set_plan(session, actor, parse_id(self.id), self._number, draft)
        except FaradayError as error:
            self.problem = error.message
            return None
        await self._load(anew=True)
        return ui.notify("Saved.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def begin(self) -> Any:
        """Give them out by lot, now."""
        async with acting(self) as (session, actor):
            count = await peers.begin(session, actor, parse_id(self.id))
        await self._load(anew=True)
        return ui.notify(f"{count} review{'s' * (count != 1)} given out." if count else "Everybody has theirs already.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def give(self, form: dict[str, Any]) -> Any:
        reviewer, author = str(form.get("peer_reviewer", "")), str(form.get("peer_author", ""))
        try:
            async with acting(self) as (session, actor):
                await peers.give(session, actor, parse_id(self.id), parse_id(reviewer), parse_id(author))
        except FaradayError as error:
            self.problem = error.message
            return None
        await self._load()
        return ui.notify("Given. They are told.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def take_back(self, review_id: str) -> Any:
        async with acting(self) as (session, actor):
            await peers.take_back(session, actor, parse_id(review_id))
        await self._load()
        return ui.notify("Taken back.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_releasing(self, open: bool) -> None:
        """Ask first, with the figures of the moment; they follow what is sent meanwhile."""
        if open:
            await self._load()
        self.releasing = bool(open)

    @rx.event
    @allow(Permission.coursework_manage)
    async def release(self) -> Any:
        async with acting(self) as (session, actor):
            await peers.release(session, actor, parse_id(self.id))
        self.releasing = False
        await self._load(anew=True)
        return ui.notify("Released. Those whose work was reviewed are told.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def withhold(self) -> Any:
        async with acting(self) as (session, actor):
            await peers.withhold(session, actor, parse_id(self.id))
        await self._load(anew=True)
        return ui.notify("They are not shown any more.")

    @rx.event
    @allow(Permission.coursework_read)
    async def read(self, review_id: str) -> None:
        async with acting(self) as (session, actor):
            _, criteria, words = await peers.look(session, actor, parse_id(review_id))
        shown = next((each.whole for each in self.given if each.id == str(review_id)), "Review")
        self.reading, self.criteria, self.comment = shown, criteria_view(criteria, words), words.comment

    @rx.event
    @allow(Permission.coursework_read)
    async def set_reading(self, open: bool) -> None:
        if not open:
            self.reading, self.criteria, self.comment = "", [], ""

    async def _load(self, *, anew: bool = False) -> None:
        """``anew``: the form, too; what somebody is writing in it is left alone else."""
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                await self._show(session, actor, zone, anew=anew)
            self.problem = ""
        except FaradayError:  # the page says itself why there is nothing to see
            self.each, self.given = 0, []

    async def _show(self, session: AsyncSession, actor: Actor, zone: str, *, anew: bool) -> None:
        found = await peers.overview(session, actor, parse_id(self.id))
        plan = found.plan
        self.each = plan.each
        self.started, self.released = plan.started_at is not None, plan.released_at is not None
        if anew:
            self.anonymous, self.by_lot = plan.draft.anonymous, plan.draft.by_lot
            self.due_at, self.opens_when_due = field_text(plan.draft.due_at, zone), plan.draft.opens_when_due
            self._number, self.edition = plan.number, self.edition + 1
        self.sent = sent = sum(each.state is State.sent for each in found.given)
        self.summary = joined(
            f"{sent} of {len(found.given)} reviews sent" if found.given else "No reviews are given out yet",
            f"due {short(plan.draft.due_at, zone)}" if plan.draft.due_at else "",
            f"shown since {short(plan.released_at, zone)}" if plan.released_at else "",
        )
        self.consequences = release_words(found.given) if sent else ""
        waiting = sorted(found.given, key=lambda each: each.state is State.sent)
        self.given = [given_view(each, zone) for each in waiting[:MOST]]
        self.more = f"And {len(waiting) - MOST} more." if len(waiting) > MOST else ""
        self.students = [(str(id), name) for id, name in found.students[:MOST]]
        self.unreviewed = ", ".join(found.unreviewed[:20]) if found.given else ""

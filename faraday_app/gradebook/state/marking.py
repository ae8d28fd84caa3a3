"""The grading screen: the pile, one student's work, and what is written about it.

Each event from the page says which work it is about, by the ``key`` that was on the screen when it was written: what
is typed for one student is never kept for another, whoever is on the screen by the time it arrives.
"""

from dataclasses import replace
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.errors import NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.service import drafting
from faraday_app.coursework.service.assessing import Meant, Moved
from faraday_app.coursework.service.rubrics import Plan, using
from faraday_app.gradebook import marking_views as views
from faraday_app.gradebook.marking_views import Shown, StudentRow
from faraday_app.gradebook.service.marking import Sheaf, Stage, find, pile, screen
from faraday_app.gradebook.state.writing import GONE, Writing
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, zone_of

MOST_ROWS = 100


class MarkingState(Writing, rx.State):
    """``on`` is the work on the screen. ``students`` are those of the pile around it."""

    assignment_id: str = ""
    class_id: str = ""
    title: str = ""
    points: str = ""
    grades: bool = False
    anonymous: bool = False
    moderated: bool = False
    moderates: bool = False
    has_rubric: bool = False
    fits: bool = True
    problem: str = ""

    students: list[StudentRow] = []
    left: int = 0
    place: str = ""

    _students: dict[str, UUID] = {}
    _order: list[str] = []
    _ahead: Shown | None = None

    @rx.event
    @allow(Permission.gradebook_read)
    async def enter(self):
        """Open the pile of the assignment in the address, at the student it names or at the first to mark.

        Whoever opens a pane of the same page, or comes back to it, finds the student they were at.
        """
        query = self.router.url.query_parameters
        before = self.on.code if self.assignment_id == query.get("assignment", "") else ""
        self.reset()
        try:
            self.assignment_id = str(parse_id(query.get("assignment", "")))
            async with acting(self) as (session, actor):
                plan = await self._plan(session, actor)
                sheaves = await pile(session, actor, plan)
                topics = {
                    topic("marking", plan.work.id): MarkingState.refresh,
                    topic("grades", plan.work.class_id): MarkingState.refresh,
                    topic("coursework", plan.work.class_id): MarkingState.refresh,
                }
                await live.watch(self, "page.marking", topics, actor.user)
                self._head(actor, plan)
                again = next((each for each in sheaves if each.code == before), None)
                first = again or _asked_for(sheaves, str(query.get("student", ""))) or _first(sheaves)
                if first:
                    await self._put(session, actor, plan, sheaves, first.code)
        except NotFound as refusal:
            self.problem = refusal.message

    @rx.event
    @allow(Permission.gradebook_read)
    async def refresh(self):
        """Something was marked, remarked or handed in: the list anew, and what is beside the marker's own fields.

        What was handed in again, or graded by a colleague, comes to the screen when the marker saves or turns to it.
        """
        if not self.assignment_id or self.problem:
            return
        try:
            async with acting(self) as (session, actor):
                plan = await self._plan(session, actor)
                sheaves = await pile(session, actor, plan)
                await self._list(sheaves)
                if self.on.code in self._students:
                    fresh = await self._screen(session, actor, plan, find(sheaves, self.on.code))
                    if fresh.key == self.on.key:
                        own = {"grade": self.on.grade, "grade_version": self.on.grade_version}
                        self.on = replace(fresh, **own)
        except NotFound as refusal:
            self.problem = refusal.message

    @rx.event
    @allow(Permission.gradebook_read)
    async def open(self, code: str):
        """Put a student's work on the screen: at once where it was made ready, and then as it is now."""
        if self._ahead and self._ahead.code == str(code):
            self.on, self._ahead = self._ahead, None
            yield
        async with acting(self) as (session, actor):
            plan = await self._plan(session, actor)
            await self._put(session, actor, plan, await pile(session, actor, plan), str(code))
        yield

    @rx.event
    @allow(Permission.gradebook_read)
    async def step(self, by: int):
        """To the next or the previous student of the list, around its end."""
        if not self._order:
            return None
        at = self._order.index(self.on.code) if self.on.code in self._order else -1
        forward = isinstance(by, int) and by > 0
        return MarkingState.open(self._order[(at + (1 if forward else -1)) % len(self._order)])

    async def _put(self, session: AsyncSession, actor: Actor, plan: Plan, sheaves: list[Sheaf], code: str) -> None:
        """On the screen, and the one after it made ready."""
        sheaf = find(sheaves, code)
        self.clash, self.needs_reason = "", False
        self._head(actor, plan)
        self.on = await self._screen(session, actor, plan, sheaf)
        await self._list(sheaves)
        following = sheaves[(sheaves.index(sheaf) + 1) % len(sheaves)]
        self._ahead = await self._screen(session, actor, plan, following) if following is not sheaf else None

    async def _screen(self, session: AsyncSession, actor: Actor, plan: Plan, sheaf: Sheaf) -> Shown:
        found = await screen(session, actor, plan, sheaf)
        draft = (
            await drafting.newest(session, actor, plan, found.held.meant) if found.held.meant.submission_id else None
        )
        return views.shown(plan, found, draft, await self._zone(), self.on.turn)

    async def _plan(self, session: AsyncSession, actor: Actor) -> Plan:
        plan = await using.plan_of(session, actor, parse_id(self.assignment_id), Permission.gradebook_read)
        if not plan.standing.is_staff:
            raise NotFound("This assignment does not exist, or you cannot see it.")
        return plan

    def _meant(self, key: str) -> Meant:
        """The work that a key names: whose it is, only the server knows."""
        code, _, rest = str(key).partition(".")
        submission, _, attempt = rest.partition(".")
        if code not in self._students or not attempt.isdecimal():
            raise Moved(GONE)
        return Meant(self._students[code], parse_id(submission) if submission else None, int(attempt[:6]))

    def _head(self, actor: Actor, plan: Plan) -> None:
        self.title, self.class_id = plan.work.title, str(plan.work.class_id)
        self.points, self.fits = views.number(plan.work.points), plan.fits_points
        self.grades, self.anonymous = plan.standing.grades, plan.work.anonymous
        self.moderated, self.moderates = plan.moderated, plan.moderates(actor)
        self.has_rubric = plan.rubric is not None

    async def _list(self, sheaves: list[Sheaf]) -> None:
        zone = await self._zone()
        self._students = {each.code: each.student_id for each in sheaves}
        self._order = [each.code for each in sheaves]
        at = self._order.index(self.on.code) if self.on.code in self._order else 0
        begin = at // MOST_ROWS * MOST_ROWS
        self.students = [views.student_row(each, zone) for each in sheaves[begin : begin + MOST_ROWS]]
        self.left = sum(each.stage in (Stage.to_mark, Stage.begun) for each in sheaves)
        self.place = f"{at + 1} of {len(sheaves)}" if sheaves else ""

    async def _zone(self):
        return zone_of((await self.get_state(Viewer)).zone)


def _first(sheaves: list[Sheaf]) -> Sheaf | None:
    waiting = (each for each in sheaves if each.stage in (Stage.to_mark, Stage.begun))
    return next(waiting, sheaves[0] if sheaves else None)


def _asked_for(sheaves: list[Sheaf], wanted: str) -> Sheaf | None:
    """A student named in the address, by id; not where names are hidden."""
    return next((each for each in sheaves if str(each.student_id) == wanted and not each.is_hidden), None)

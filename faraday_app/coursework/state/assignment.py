"""A piece of work: what it says for whoever looks, and for its teachers how it stands."""

from typing import Any

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.core.rendering import to_html
from faraday_app.coursework.service import assignments, graded, publishing, reading
from faraday_app.coursework.service.submissions import reading as handed
from faraday_app.coursework.service.submissions.standing import timeliness
from faraday_app.coursework.state.desk import DeskState
from faraday_app.coursework.state.materials import AttachedState
from faraday_app.coursework.state.peers import PeerPlanState, PeerTasksState
from faraday_app.coursework.state.settings import SettingsState
from faraday_app.coursework.words import due_words, joined, worth
from faraday_app.coursework.work_views import STATE_TONES, STATE_WORDS, STATUS_TONES, HandedInView
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, initials_of, tone_of
from faraday_app.ui.times import moment_of, short


class AssignmentState(rx.State):
    """``roll``: for the staff everybody whom it is for, for parents their children."""

    id: str = ""
    title: str = ""
    class_id: str = ""
    class_name: str = ""
    about: str = ""
    html: str = ""
    status: str = ""
    tone: str = "neutral"
    external_url: str = ""
    is_staff: bool = False
    may_change: bool = False
    learns: bool = False
    roll: list[HandedInView] = []
    summary: str = ""
    scheduling: bool = False
    problem: str = ""
    loaded: bool = False
    error: str = ""

    @rx.event
    @allow(Permission.coursework_read)
    async def enter(self) -> Any:
        self.reset()
        self.id = str(self.router.url.query_parameters.get("id", ""))[:40]
        await self._load()
        if not self.class_id:
            return None
        async with acting(self) as (_, actor):
            topics = {topic("coursework", self.class_id): AssignmentState.refresh}
            await live.watch(self, "page.assignment", topics, actor.user, most_often=0.5)
        peers = PeerPlanState if self.is_staff else PeerTasksState
        shown: list[Any] = [AttachedState.show_for(self.id), peers.show_for(self.id)]
        if self.learns:
            return [*shown, DeskState.sit_down(self.id)]
        return [*shown, SettingsState.open_for(self.id, True)] if self.may_change else shown

    @rx.event
    @allow(Permission.coursework_read)
    async def refresh(self) -> Any:
        await self._load()
        shown = [AttachedState.refresh, (PeerPlanState if self.is_staff else PeerTasksState).refresh]
        return [*shown, DeskState.refresh] if self.learns else shown

    @rx.event
    @allow(Permission.coursework_manage)
    async def act(self, what: str) -> Any:
        """Publish, take back, close, open again, or copy it."""
        acts = {
            "publish": (publishing.publish, "Published. Students see it now."),
            "withdraw": (publishing.withdraw, "A draft again. Students do not see it."),
            "close": (publishing.close, "Closed. Nothing can be handed in any more."),
            "reopen": (publishing.reopen, "Open again, with no end."),
        }
        if what not in acts:
            raise Invalid("This cannot be done with an assignment.")
        act, told = acts[what]
        async with acting(self) as (session, actor):
            await act(session, actor, parse_id(self.id))
        await self._load()
        return [SettingsState.open_for(self.id), ui.notify(told)]

    @rx.event
    @allow(Permission.coursework_manage)
    async def duplicate(self) -> Any:
        async with acting(self) as (session, actor):
            copy = await assignments.duplicate(session, actor, parse_id(self.id))
        return rx.redirect(f"/assignment?id={copy.id}")

    @rx.event
    @allow(Permission.coursework_manage)
    async def remove(self) -> Any:
        """It can be brought back where its class's work stands."""
        async with acting(self) as (session, actor):
            await assignments.delete(session, actor, parse_id(self.id))
        return [rx.redirect(f"/class/assignments?id={self.class_id}"), ui.notify(f"“{self.title}” is removed.")]

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_scheduling(self, open: bool) -> None:
        self.scheduling, self.problem = bool(open), ""

    @rx.event
    @allow(Permission.coursework_manage)
    async def schedule(self, form: dict[str, Any]) -> Any:
        zone = (await self.get_state(Viewer)).zone
        try:
            at = moment_of(form.get("publish_at"), zone, "publish_at")
            if at is None:
                raise Invalid("Choose when it is published.", field="publish_at")
            async with acting(self) as (session, actor):
                await publishing.schedule(session, actor, parse_id(self.id), at)
        except FaradayError as error:
            self.problem = error.message
            return None
        self.scheduling = False
        await self._load()
        return [SettingsState.open_for(self.id), ui.notify(f"It is published {short(at, zone)}.")]

    async def _load(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                seen = await reading.get(session, actor, parse_id(self.id))
                await self._show(session, actor, seen, zone)
        except FaradayError as error:
            self.error, self.loaded, self.class_id = error.message, True, ""
            return
        self.error, self.loaded = "", True

    async def _show(self, session: AsyncSession, actor: Any, seen: reading.Seen, zone: str) -> None:
        work, found = seen.work, seen.standing
        self.id, self.title = str(work.id), work.title
        self.class_id, self.class_name = str(work.class_id), found.school_class.name
        self.is_staff, self.learns = found.is_staff, actor.user in seen.dates and not found.is_staff
        self.may_change = found.grades and actor.could(Permission.coursework_manage)
        self.html = to_html(seen.description) if seen.description else ""
        self.external_url, self.status, self.tone = (
            seen.external_url,
            work.status.capitalize(),
            STATUS_TONES[work.status],
        )
        theirs = next(iter(seen.dates.values()), None)
        due = work.due_at if found.is_staff or theirs is None else theirs.due_at
        publishes = f"Published {short(work.publish_at, zone)}" if work.status == "scheduled" else ""
        self.about = joined(due_words(due, zone), worth(work), publishes)
        if found.is_staff:
            rows = await handed.roll(session, actor, work.id)
        else:
            rows = await handed.of_children(session, actor, work.id)
        marks = await graded.marks(session, [work.id])
        waiting = [
            each
            for each in rows
            if each.latest
            and graded.is_waiting(each.latest.attempt, marks.get((work.id, each.student_id), graded.NONE))
        ]
        count = sum(each.latest is not None for each in rows)
        self.summary = joined(f"{count} of {len(rows)} handed in", f"{len(waiting)} to grade" if waiting else "")
        self.roll = [_row(each, work, marks, zone) for each in rows]


def _row(each: handed.HandedIn, work: Any, marks: dict[graded.Key, graded.Mark], zone: str) -> HandedInView:
    excused = marks.get((work.id, each.student_id), graded.NONE).excused
    at = each.latest.submitted_at if each.latest else None
    state = timeliness(at, each.dates.due_at, now(), excused=excused, types=work.submission_types)
    attempt = f"Attempt {each.latest.attempt}" if each.latest and each.latest.attempt > 1 else ""
    other = due_words(each.dates.due_at, zone) if each.dates.due_at != work.due_at else ""
    return HandedInView(
        str(each.student_id),
        each.name,
        initials_of(each.name),
        tone_of(each.student_id),
        joined(short(at, zone), attempt, other, each.team),
        STATE_WORDS[state],
        STATE_TONES[state],
        each.team,
    )

"""What several GPTs say to one question, live, in a state of its own."""

from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.gpt_views import LaneView, lane_views
from faraday_app.contexts.models import Mode, Status
from faraday_app.contexts.orchestration import asking
from faraday_app.contexts.orchestration.telling import choice
from faraday_app.contexts.service import lanes
from faraday_app.contexts.service.streams import followers
from faraday_app.core.errors import NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.core.rendering import split_finished, to_html
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live

STEP = 0.1  # seconds between two steps of one tab


class LanesState(rx.State):
    id: str = ""
    mode: str = ""
    lanes: list[LaneView] = []
    running: bool = False
    problem: str = ""
    choice: str = ""
    finished_html: dict[str, str] = {}
    growing_html: dict[str, str] = {}

    _runs: dict[str, str] = {}
    _context_id: str = ""
    _chosen: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def step(self):
        """Show what this worker has heard of the runs. Which they are was decided under the viewer's rights."""
        finished, growing = {}, {}
        for part_id, run_id in self._runs.items():
            done, grows = split_finished(followers.text(UUID(run_id)))
            finished[part_id], growing[part_id] = to_html(done), to_html(grows)
        if finished != self.finished_html:
            self.finished_html = finished
        if growing != self.growing_html:
            self.growing_html = growing

    @rx.event
    @allow(Permission.assistant_use)
    async def open(self, orchestration_id: str):
        """Show the answers to an earlier question, in the place of those shown now."""
        self._chosen = str(parse_id(orchestration_id))
        await self._read(UUID(self._chosen))

    @rx.event
    @allow(Permission.assistant_use)
    async def keep(self, message_id: str):
        async with acting(self) as (session, actor):
            await asking.keep(session, actor, parse_id(self._context_id), parse_id(message_id))
        return ui.notify("Kept. The conversation goes on from this answer.")

    async def _follow(self, context_id: str, newest: str, all_shown: set[str]) -> None:
        """Show the newest answers of a thread, or those that were opened. Called after the rights were checked."""
        if self._chosen not in all_shown:
            self._chosen = ""
        wanted = self._chosen or newest
        self._context_id = context_id
        if not wanted:
            await self._clear()
        else:
            await self._read(UUID(wanted))

    async def _read(self, orchestration_id: UUID) -> None:
        try:
            async with acting(self) as (session, actor):
                found = await lanes.read(session, actor, orchestration_id)
        except NotFound:
            await self._clear()
            return
        orchestration = found.orchestration
        self.id, self.mode = str(orchestration.id), Mode(orchestration.mode).label
        self.running = orchestration.finished_at is None
        self.problem = orchestration.error or ("Stopped." if orchestration.status == Status.stopped else "")
        self.lanes, self.choice = lane_views(found), choice(found)
        self._runs = {str(message_id): str(run_id) for message_id, run_id in found.runs.items()}
        topics = {topic("run", run_id): LanesState.step for run_id in self._runs.values()}
        await live.watch(self, "page.lanes", topics, actor.user, most_often=STEP)
        for run_id in found.runs.values():
            followers.follow(run_id, _tell, _is_watched)
        await LanesState.step.fn(self)

    async def _clear(self) -> None:
        if self.id:
            self.reset()
        await live.leave(self, "page.lanes")


def _tell(run_id: UUID) -> None:
    live.signal(topic("run", run_id))


def _is_watched(run_id: UUID) -> bool:
    return live.watched(topic("run", run_id))

"""The answer that is being written, in a state of its own so that each step is a small delta."""

from uuid import UUID

import reflex as rx

from faraday_app.contexts.service.streams import followers
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.core.rendering import split_finished, to_html
from faraday_app.ui.guard import allow
from faraday_app.ui.live import live

STEP = 0.05  # seconds between two steps of one tab


class RunningState(rx.State):
    finished_html: str = ""
    growing_html: str = ""
    waiting: bool = False
    stopping: bool = False

    _run_id: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def step(self):
        """Show what this worker has heard of the run. Which run was decided under the viewer's rights."""
        if not self._run_id:
            return
        finished, growing = split_finished(followers.text(UUID(self._run_id)))
        if finished or growing:
            self.waiting = False
            self.finished_html, self.growing_html = to_html(finished), to_html(growing)

    async def _follow(self, run_id: UUID | None, user_id: UUID) -> None:
        """Watch this run, or none. Called by the thread after it has checked the viewer's rights."""
        if run_id is None:
            await self._clear()
            return
        if str(run_id) != self._run_id:
            self._run_id, self.waiting, self.stopping = str(run_id), True, False
            self.finished_html = self.growing_html = ""
        watched = topic("run", run_id)
        await live.watch(self, "page.run", {watched: RunningState.step}, user_id, most_often=STEP)
        followers.follow(run_id, _tell, _is_watched)
        live.signal(watched)

    async def _clear(self) -> None:
        self._run_id = self.finished_html = self.growing_html = ""
        self.waiting = self.stopping = False
        await live.leave(self, "page.run")


def _tell(run_id: UUID) -> None:
    live.signal(topic("run", run_id))


def _is_watched(run_id: UUID) -> bool:
    return live.watched(topic("run", run_id))

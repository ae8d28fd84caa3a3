"""What the viewer thinks of the answers of the open conversation."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.service import judging
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.ui.guard import acting, allow


class JudgeState(rx.State):
    """``mine`` by message: good or bad. ``asking``: of which answer a reason is asked."""

    mine: dict[str, str] = {}
    asking: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def judge(self, message_id: str, word: str) -> None:
        id = parse_id(message_id)
        word = "good" if word == "good" else "bad"
        again = self.mine.get(str(id)) == word
        async with acting(self) as (session, actor):
            await judging.judge(session, actor, id, None if again else word == "good")
        others = {each: said for each, said in self.mine.items() if each != str(id)}
        self.mine = others if again else {**others, str(id): word}
        self.asking = "" if again else str(id)

    @rx.event
    @allow(Permission.assistant_use)
    async def explain(self, form: dict[str, Any]) -> Any:
        """Why it was good or bad, in a few words."""
        good = self.mine.get(self.asking) == "good"
        reason = str(form.get("reason") or "")[:300].replace("\x00", "")
        async with acting(self) as (session, actor):
            await judging.judge(session, actor, parse_id(self.asking), good, reason)
        self.asking = ""
        return ui.notify("Thank you. Whoever sees to the models can read it, without your name.")

    @rx.event
    @allow(Permission.assistant_use)
    async def leave_out(self) -> None:
        self.asking = ""

    def _follow(self, mine: dict[UUID, bool]) -> None:
        """Show what is known; a form that is open stays, while its answer is judged."""
        self.mine = {str(id): "good" if good else "bad" for id, good in mine.items()}
        if self.asking not in self.mine:
            self.asking = ""

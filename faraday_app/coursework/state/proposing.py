"""A teacher has a model draft what the form then shows, to be edited."""

from typing import Any

import reflex as rx

from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.coursework.service.proposing import LONGEST_WISH, Kind
from faraday_app.coursework.state.assignment import AssignmentState
from faraday_app.coursework.state.settings import SettingsState
from faraday_app.ui import browser
from faraday_app.ui.guard import allow
from faraday_app.ui.session import passing


@passing
class ProposingState(rx.State):
    open: bool = False
    busy: bool = False
    problem: str = ""
    answers: str = ""

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_open(self, open: bool) -> None:
        self.open, self.problem = bool(open), ""

    @rx.event
    @allow(Permission.coursework_manage)
    async def ask(self, form: dict[str, Any]) -> Any:
        """Have the browser ask over HTTP: a model takes its time, and nothing of the page waits for it."""
        class_id = parse_id((await self.get_state(AssignmentState)).class_id)
        kind = Kind.quiz if form.get("kind") == Kind.quiz else Kind.assignment
        wish = {"kind": kind.value, "wish": str(form.get("wish", ""))[:LONGEST_WISH]}
        self.busy, self.problem = True, ""
        return browser.asked(
            "ask", f"/api/v1/classes/{class_id}/assignment-proposals", wish, then=ProposingState.answered
        )

    @rx.event
    @allow(Permission.coursework_manage)
    async def answered(self, found: dict[str, Any]) -> Any:
        """It goes into the form; nothing is saved before its teacher saves it."""
        self.busy = False
        if not isinstance(found, dict) or found.get("problem") or not found.get("title"):
            told = found.get("problem") if isinstance(found, dict) else ""
            self.problem = str(told or "The model gave nothing that can be used.")[:400]
            return None
        answers = found.get("answers")
        self.answers = "Answers: " + ", ".join(str(each)[:20] for each in answers[:20]) if answers else ""
        self.open = False
        texts = (str(found.get(name, "")) for name in ("title", "description", "points"))
        return SettingsState.propose(*texts)

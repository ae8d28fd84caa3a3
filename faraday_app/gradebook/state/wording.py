"""A receipt in words: asked for over HTTP, shown beside the figures it is of, and gone when they change."""

from typing import Any

import reflex as rx

from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.gradebook.service.wording import LONGEST, By
from faraday_app.gradebook.views import NOTHING_SAID, SaidView
from faraday_app.ui import browser
from faraday_app.ui.guard import allow
from faraday_app.ui.session import passing

UNUSABLE = "There is no sentence now. Try again in a moment."
ORIGINS = {
    By.model: "Written by a model around the figures of this receipt, which were put in and checked afterwards.",
    By.refused: "Written from this receipt without a model: what the model wrote did not keep to it.",
    By.silent: "Written from this receipt without a model: the model did not answer.",
}


@passing
class WordingState(rx.State):
    said: SaidView = NOTHING_SAID

    @rx.event
    @allow(Permission.assistant_use)
    async def ask(self, class_id: str, student_id: str, question: str, final: bool) -> Any:
        """``question`` is the receipt's heading: the sentence belongs to no other total."""
        ids = str(parse_id(class_id)), str(parse_id(student_id))
        self.said = SaidView(ids[1], str(question)[:80], busy=True)
        path = f"/api/v1/gradebook/classes/{ids[0]}/students/{ids[1]}/receipt/words"
        return browser.asked("ask", path, {"final": bool(final)}, then=WordingState.answered)

    @rx.event
    @allow(Permission.assistant_use)
    async def answered(self, found: dict[str, Any]) -> None:
        """Nothing where the figures changed meanwhile."""
        if not self.said.busy:
            return
        told = found if isinstance(found, dict) else {}
        sentence, problem = str(told.get("sentence") or "")[:LONGEST], str(told.get("problem") or "")[:300]
        origin = {by.value: words for by, words in ORIGINS.items()}.get(str(told.get("by")), "")
        if not sentence or not origin:
            sentence, origin, problem = "", "", problem or UNUSABLE
        self.said = SaidView(self.said.student_id, self.said.question, sentence, origin, problem)

    @rx.event
    @allow(Permission.gradebook_read)
    async def forget(self) -> None:
        self.said = NOTHING_SAID

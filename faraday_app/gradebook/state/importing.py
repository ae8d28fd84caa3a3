"""Grades from a spreadsheet: what the file would change is shown first, and then exactly that is entered.

The file goes over HTTP to the API and nowhere else; what the API answers is what this dialog shows.
"""

from typing import Any
from urllib.parse import urlencode

import reflex as rx
from pydantic import ValidationError

from faraday_app import ui
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.gradebook.import_views import Answer, PlannedView, RejectedView, planned_view, rejected_view
from faraday_app.gradebook.service import undoing
from faraday_app.gradebook.service.ledger import MOST_REASON
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing

FIELD = "grades-file"
MOST_ROWS = 100
LOST = "The answer could not be read. Please look at the file again."


@passing
class ImportState(rx.State):
    open: bool = False
    step: str = "choose"  # then "look", then "done"
    busy: bool = False
    problem: str = ""
    rows: list[PlannedView] = []
    rejected: list[RejectedView] = []
    summary: str = ""
    count: int = 0
    needs_reason: bool = False
    batch: str = ""

    _class_id: str = ""
    _since: str = ""

    @rx.event
    @allow(Permission.gradebook_manage)
    async def begin(self, class_id: str) -> None:
        self._class_id = str(parse_id(class_id))
        self._forget()
        self.batch, self.open = "", True

    @rx.event
    @allow(Permission.gradebook_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.gradebook_manage)
    async def look(self) -> Any:
        """What would the chosen file change? Nothing is entered yet."""
        self.busy, self.problem = True, ""
        return browser.asked("file_answer", FIELD, self._path(), then=ImportState.looked_at)

    @rx.event
    @allow(Permission.gradebook_manage)
    async def looked_at(self, answer: dict[str, Any]) -> None:
        found = self._heard(answer)
        if found is None:
            return
        self.rows = [planned_view(each) for each in found.changes[:MOST_ROWS]]
        self.rejected = [rejected_view(words) for words in found.problems[:MOST_ROWS]]
        self.count, self._since = found.count, found.since or ""
        self.needs_reason = any(each.posted for each in found.changes)
        self.summary = _summary(found.count, len(found.problems), len(self.rows))
        self.step = "look"

    @rx.event
    @allow(Permission.gradebook_manage)
    async def other_file(self) -> None:
        self._forget()

    @rx.event
    @allow(Permission.gradebook_manage)
    async def apply(self, form: dict[str, Any]) -> Any:
        """Exactly what was shown: what a colleague changed meanwhile is refused."""
        if self.step != "look":
            return None
        reason = " ".join(str(form.get("reason", "")).split())[:MOST_REASON]
        if self.needs_reason and not reason:
            self.problem = "Some of these grades are posted: say why they change."
            return None
        self.busy, self.problem = True, ""
        path = self._path(apply="true", reason=reason, **({"since": self._since} if self._since else {}))
        return browser.asked("file_answer", FIELD, path, then=ImportState.applied)

    @rx.event
    @allow(Permission.gradebook_manage)
    async def applied(self, answer: dict[str, Any]) -> None:
        found = self._heard(answer)
        if found is None:
            return
        kept = found.count - len(found.refused)
        self.rows, self.batch = [], found.batch or ""
        self.rejected = [RejectedView("Kept as it was", words) for words in found.refused[:MOST_ROWS]]
        self.summary = f"{kept} grade{'s' * (kept != 1)} entered, as one change."
        self.step = "done"

    @rx.event
    @allow(Permission.gradebook_manage)
    async def take_back(self) -> Any:
        """All that the file changed, except what somebody changed since."""
        try:
            async with acting(self) as (session, actor):
                undone = await undoing.undo(session, actor, parse_id(self._class_id), parse_id(self.batch))
        except FaradayError as error:
            self.problem = error.message
            return None
        self.batch, self.open = "", False
        stay = f" {len(undone.kept)} stay: they were changed since." if undone.kept else ""
        return ui.notify(f"The file's grades are taken back.{stay}")

    def _path(self, **query: str) -> str:
        address = f"/api/v1/gradebook/classes/{self._class_id}/import"
        return f"{address}?{urlencode(query)}" if query else address

    def _heard(self, answer: object) -> Answer | None:
        self.busy = False
        try:
            found = Answer.model_validate(answer)
        except ValidationError:
            found = Answer(problem=LOST)
        self.problem = found.problem[:300]
        return None if self.problem else found

    def _forget(self) -> None:
        self.step, self.problem, self.summary, self.busy, self.needs_reason = "choose", "", "", False, False
        self.rows, self.rejected, self.count, self._since = [], [], 0, ""


def _summary(changes: int, problems: int, shown: int) -> str:
    if not changes:
        return "Nothing to change: every grade in this file is as it stands here."
    more = f", the first {shown} below" if changes > shown else ""
    left = f" {problems} thing{'s' * (problems != 1)} in the file cannot be taken." if problems else ""
    return f"{changes} grade{'s' * (changes != 1)} would change{more}.{left}"

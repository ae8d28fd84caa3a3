"""The receipt beside the grid: how the chosen student's total came about, and what last happened to the cell."""

from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.accounts.models import User
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.calculation import Kind
from faraday_app.gradebook.service import differences, history, ledger, receipts, records
from faraday_app.gradebook.service.records import Record
from faraday_app.gradebook.state.changes import follow
from faraday_app.gradebook.views import NO_RECEIPT, LineView, ReceiptView
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import ago


@passing
class ReceiptState(rx.State):
    receipt: ReceiptView = NO_RECEIPT
    last: str = ""
    final: bool = False

    _class_id: str = ""
    _student_id: str = ""
    _work_id: str = ""

    @rx.event
    @allow(Permission.gradebook_read)
    async def leave(self) -> None:
        """Nobody is chosen."""
        self.receipt, self.last, self._student_id, self._work_id = NO_RECEIPT, "", "", ""

    @rx.event
    @allow(Permission.gradebook_read)
    async def choose(self, class_id: str, student_id: str, work_id: str) -> None:
        ids = (parse_id(class_id), parse_id(student_id), parse_id(work_id))
        self._class_id, self._student_id, self._work_id = map(str, ids)
        await self._load()

    @rx.event
    @allow(Permission.gradebook_read)
    async def refresh(self) -> Any:
        if self._student_id:
            await self._load()
        return await follow(self)

    @rx.event
    @allow(Permission.gradebook_read)
    async def set_final(self, final: bool) -> None:
        """Explain the final total, in which ungraded work counts 0, instead of the current one."""
        self.final = bool(final)
        await self._load()

    async def _load(self) -> None:
        if not self._student_id:
            return
        zone = (await self.get_state(Viewer)).zone
        class_id, student_id = UUID(self._class_id), UUID(self._student_id)
        try:
            async with acting(self) as (session, actor):
                record = await records.of_student(session, actor, class_id, student_id)
                person = await session.get_one(User, student_id)
                self.last = await _last(session, actor, class_id, UUID(self._work_id), student_id, zone)
        except FaradayError:
            self.receipt, self.last = NO_RECEIPT, ""
            return
        self.receipt = receipt_view(record, person.name, Kind.final if self.final else Kind.current)


async def _last(session: AsyncSession, actor: Actor, class_id: UUID, work_id: UUID, student_id: UUID, zone: str) -> str:
    found = await history.of_cell(session, actor, class_id, (work_id, student_id), limit=1)
    if not found:
        return ""
    entry = found[0]
    who = entry.by or "the rules of the class"
    words = f"Changed {ago(entry.at, now(), zone)} by {who}: {ledger.said(entry.before)} → {ledger.said(entry.after)}"
    return f"{words}, “{entry.reason}”" if entry.reason else words


def receipt_view(record: Record, name: str, kind: Kind = Kind.current) -> ReceiptView:
    current, final = record.grades.current, record.grades.final
    total = receipts.percent(current if kind is Kind.current else final)
    reach = receipts.reach(record)
    return ReceiptView(
        str(record.student_id),
        name,
        "Nothing can be said yet" if total == receipts.DASH else f"Why {total} %?",
        [LineView(each.title, each.note, each.figure) for each in receipts.lines(record, kind)],
        receipts.percent(current),
        current.letter or "",
        receipts.percent(final),
        f"To reach {reach.letter} ({ledger.number(reach.percent)} %)" if reach else "",
        reach.words if reach else "",
        period.name if (period := differences.period_of(record, now())) else "",
    )

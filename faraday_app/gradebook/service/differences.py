"""Why a total changed since a moment: two derivations beside each other, and what in them is another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor
from faraday_app.gradebook.calculation import GroupLine, Standing, WorkLine
from faraday_app.gradebook.service import ledger, policies, receipts, records
from faraday_app.gradebook.service.receipts import Line
from faraday_app.gradebook.service.records import Record
from faraday_app.gradebook.service.structure import PeriodOf

RULES = {
    "scheme": "How the total is made",
    "weighted_periods": "Weighted periods",
    "letters": "Letters",
    "cap": "Highest percent",
    "late": "Late policy",
    "missing_percent": "Missing work",
}
_STANDINGS = {
    Standing.kept: "counts",
    Standing.dropped_lowest: "dropped",
    Standing.dropped_highest: "dropped",
    Standing.left_out: "does not count",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """``lines`` say what is another, each figure as "before → after"; none: nothing changed."""

    before: str
    after: str
    lines: list[Line]


async def since(session: AsyncSession, actor: Actor, class_id: UUID, student_id: UUID, moment: datetime) -> Difference:
    """Of the current total, for whoever may see the student's record, and as far as they could see it then and may now.

    Invalid for a moment to come; where nothing was kept by then, everything is new.
    """
    if moment > now():
        raise Invalid("Choose a moment that has passed.", "since")
    after = await records.of_student(session, actor, class_id, student_id)
    try:
        before = await records.of_student(session, actor, class_id, student_id, moment)
    except NotFound:
        return Difference(receipts.DASH, receipts.percent(after.grades.current), [Line("Everything", "is newer", "")])
    return between(before, after)


def period_of(record: Record, moment: datetime) -> PeriodOf | None:
    """The grading period of that moment, by the calendar of the school; its start is a moment people ask about."""
    return record.structure.period(moment)


def begins(period: PeriodOf, zone: str) -> datetime:
    return datetime.combine(period.starts_on, time.min, ZoneInfo(zone))


def between(before: Record, after: Record) -> Difference:
    found = [*_rules(before, after), *_groups(before, after), *_work(before, after)]
    return Difference(receipts.percent(before.grades.current), receipts.percent(after.grades.current), found)


def _rules(before: Record, after: Record) -> Iterable[Line]:
    old, new = policies.as_json(before.structure.policy), policies.as_json(after.structure.policy)
    for name, title in RULES.items():
        if old[name] != new[name]:
            plain = all(isinstance(each, str | bool | None) for each in (old[name], new[name]))
            yield Line(title, "another rule", f"{_word(old[name])} → {_word(new[name])}" if plain else "")


def _word(value: object) -> str:
    return receipts.DASH if value is None else "yes" if value is True else "no" if value is False else str(value)


def _groups(before: Record, after: Record) -> Iterable[Line]:
    old = {group.id: group for group in before.structure.groups}
    for group in after.structure.groups:
        was = old.get(group.id)
        if was is None:
            yield Line(group.name, "a new group", "")
            continue
        if was.weight != group.weight:
            figure = f"{_number(was.weight)} → {_number(group.weight)}"
            yield Line(group.name, "another weight", figure)
        if (was.rules, was.aggregate) != (group.rules, group.aggregate):
            yield Line(group.name, "other drops", f"{was.rules.lowest} → {group.rules.lowest} lowest")


def _number(value: object) -> str:
    return receipts.DASH if value is None else str(value)


def _work(before: Record, after: Record) -> Iterable[Line]:
    old, new = _lines(before), _lines(after)
    for work in after.work:
        was, now_ = old.get(str(work.id)), new.get(str(work.id))
        if now_ is None:
            continue
        marks = [each.marks.get(work.id) for each in (before, after)]
        said = [ledger.said(mark) if mark else receipts.DASH for mark in marks]
        stood = [_STANDINGS[each.standing] if each else "not there" for each in (was, now_)]
        cost = [ledger.number(mark.deducted) if mark else "0" for mark in marks]
        if said[0] == said[1] and stood[0] == stood[1] and cost[0] == cost[1]:
            continue
        notes = [] if stood[0] == stood[1] else [f"{stood[0]} → {stood[1]}"]
        if cost[0] != cost[1]:
            notes.append(f"late penalty {cost[0]} → {cost[1]}")
        note = ", ".join(notes)
        yield Line(work.title, note, f"{said[0]} → {said[1]}" if said[0] != said[1] else said[1])
    gone = {str(work.id) for work in after.structure.work}
    for work in before.work:
        if str(work.id) not in gone:
            yield Line(work.title, "was removed", "")


def _lines(record: Record) -> dict[str, WorkLine]:
    told = record.grades.current.derivation
    groups: list[GroupLine] = [*told.groups, *(group for period in told.periods for group in period.groups)]
    return {str(work.id): work for group in groups for work in group.work}

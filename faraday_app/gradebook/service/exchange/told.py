"""Categories, line items and results as rows of a package: the same for what is exported and what a package meets."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from faraday_app.classes.service.rosters.records import Category, LineItem, Result
from faraday_app.core.clock import now
from faraday_app.coursework.models import Assignment, AssignmentGroup
from faraday_app.gradebook.models import ExchangeItem
from faraday_app.gradebook.service.exchange.results import EXEMPT, status_of
from faraday_app.gradebook.service.exchange.words import flat
from faraday_app.gradebook.service.marks import Mark, plain

LAST_MINUTE = time(23, 59)


def category(sourced_id: str, item: ExchangeItem | None, group: AssignmentGroup | None) -> Category:
    """One of the school's as it was sent, whatever a class has made of it; else the group itself."""
    if item is not None:
        kept = item.fields.get("weight")
        weight = None if kept is None else Decimal(str(kept))
        return Category(sourced_id=sourced_id, title=str(item.fields["title"]), weight=weight)
    assert group is not None
    return Category(
        sourced_id=sourced_id, title=group.name, weight=None if group.weight is None else plain(group.weight)
    )


def line_item(sourced_id: str, work: Assignment, item: ExchangeItem | None, zone: ZoneInfo, **named: Any) -> LineItem:
    """``named`` are the ids of its class, category, session and school."""
    fields = item.fields if item else {}
    assigned = assigned_on(work, item, zone)
    return LineItem(
        sourced_id=sourced_id,
        title=work.title,
        description=flat(work.description),
        assigned=assigned,
        due=work.due_at.astimezone(zone).date() if work.due_at else assigned,
        minimum=Decimal(str(fields.get("resultValueMin", "0"))),
        maximum=plain(work.points) if work.points is not None else Decimal(0),
        **named,
    )


def assigned_on(work: Assignment, item: ExchangeItem | None, zone: ZoneInfo) -> date:
    if item is not None and (said := item.fields.get("assignDate")):
        return datetime.fromisoformat(str(said)).date()
    return (work.publish_at or work.created_at).astimezone(zone).date()


def session_said(item: ExchangeItem | None) -> str:
    """The grading period or term that another system has named for it."""
    fields = item.fields if item else {}
    return str(fields.get("gradingPeriod") or fields.get("academicSession") or "")


def due_at(day: date, zone: ZoneInfo) -> datetime:
    """A day without an hour is over when it is over where the school is."""
    return datetime.combine(day, LAST_MINUTE, zone)


def result(
    sourced_id: str, mark: Mark, item: ExchangeItem | None, comment: str, zone: ZoneInfo, **named: Any
) -> Result:
    """``named`` are the ids of its line item, student and class."""
    fields = item.fields if item else {}
    return Result(
        sourced_id=sourced_id,
        score_status=status_of(mark, str(fields.get("scoreStatus", ""))),
        scored=_scored(mark, item, zone),
        score=mark.score,
        comment=comment,
        text_score=str(fields.get("textScore", "")),
        in_progress=_flag(fields.get("inProgress")),
        incomplete=_flag(fields.get("incomplete")),
        late=_flag(fields.get("late")),
        missing=_flag(fields.get("missing")),
        **named,
    )


def still_as_sent(mark: Mark, item: ExchangeItem | None) -> bool:
    """Whether the grade is what the other system has sent, and nobody here has said anything else since."""
    if item is None or "score" not in item.fields:
        return False
    sent = item.fields["score"]
    score = None if sent is None else Decimal(str(sent))
    raw = None if mark.by_policy else mark.raw
    return raw == score and mark.excused == (item.fields.get("scoreStatus") == EXEMPT)


def _scored(mark: Mark, item: ExchangeItem | None, zone: ZoneInfo) -> date:
    if item is not None and (said := item.fields.get("scoreDate")):
        return date.fromisoformat(str(said))
    return (mark.graded_at or mark.posted_at or now()).astimezone(zone).date()


def modified_of(item: ExchangeItem | None) -> datetime | None:
    """What the file said of when it was changed where it came from."""
    said = item.fields.get("modified") if item else None
    return datetime.fromisoformat(str(said)) if said else None


def _flag(said: object) -> bool | None:
    return None if said is None else said is True or said == "true"

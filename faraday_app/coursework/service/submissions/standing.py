"""Whether work was handed in on time, and whether it can be handed in at all. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from faraday_app.classes.models import Enrolled
from faraday_app.coursework.models import Assignment, AssignmentStatus, SubmissionType
from faraday_app.coursework.service.dates import Dates


class Timeliness(StrEnum):
    """``todo``: nothing is handed in, and nothing has to be yet."""

    todo = "todo"
    on_time = "on_time"
    late = "late"
    missing = "missing"
    excused = "excused"


def timeliness(
    submitted_at: datetime | None,
    due_at: datetime | None,
    at: datetime,
    *,
    excused: bool = False,
    types: Sequence[str] = (SubmissionType.text,),
) -> Timeliness:
    """By the due date that applies now: it may have moved since. What is handed in elsewhere is not missing by time."""
    if excused:
        return Timeliness.excused
    if submitted_at is not None:
        return Timeliness.late if due_at is not None and submitted_at > due_at else Timeliness.on_time
    here = any(each not in (SubmissionType.paper, SubmissionType.external) for each in types)
    return Timeliness.missing if here and due_at is not None and at > due_at else Timeliness.todo


class Why(StrEnum):
    """Why nothing can be handed in."""

    withdrawn = "withdrawn"
    closed = "closed"
    not_open = "not_open"
    over = "over"
    used_up = "used_up"
    on_paper = "on_paper"
    elsewhere = "elsewhere"
    left = "left"
    archived = "archived"


@dataclass(frozen=True, slots=True)
class Refusal:
    """``moment``: from when, or since when, where there is one. ``count``: the attempts there were."""

    why: Why
    moment: datetime | None = None
    count: int = 0

    def sentence(self, zone: tzinfo = UTC) -> str:
        """For the student, in their zone."""
        match self.why:
            case Why.not_open:
                return f"This can be handed in from {_said(self.moment, zone)}."
            case Why.over:
                return f"This could be handed in until {_said(self.moment, zone)}. Ask your teacher for more time."
            case Why.used_up:
                tries = "the one attempt" if self.count == 1 else f"all {self.count} attempts"
                return f"You have used {tries} that you had. Ask your teacher for another."
            case other:
                return _SENTENCES[other]


_SENTENCES = {
    Why.withdrawn: "Your teacher has taken this back for now. What you wrote is kept.",
    Why.closed: "This is closed: nothing can be handed in any more. Ask your teacher if you need more time.",
    Why.on_paper: "This is handed in on paper, to your teacher.",
    Why.elsewhere: "This is done in another tool. Open it by the link of the assignment.",
    Why.left: "You are no longer in this class, so nothing can be handed in.",
    Why.archived: "This class is over and can only be read.",
}


def refusal(
    work: Assignment,
    dates: Dates,
    handed_in: int,
    at: datetime,
    *,
    enrolled: str = Enrolled.active,
    archived: bool = False,
) -> Refusal | None:
    """None: it can be handed in. ``handed_in`` is how many attempts there were."""
    for found in (
        Refusal(Why.archived) if archived else None,
        Refusal(Why.left) if enrolled != Enrolled.active else None,
        _by_state(work),
        _by_time(dates, at),
        _by_type(work),
        Refusal(Why.used_up, count=handed_in) if work.attempts is not None and handed_in >= work.attempts else None,
    ):
        if found:
            return found
    return None


def receipt_of(text: str, link: str, digests: Sequence[str], at: datetime) -> str:
    """SHA-256, in hexadecimal, over these lines in UTF-8, each ended by a line feed: ``faraday receipt 1``, the SHA-256
    of the text, the link, the SHA-256 of each file in ascending order, and the time in UTC as ISO 8601 to the
    microsecond. Anybody who has what was handed in can find it again."""
    lines = [
        "faraday receipt 1",
        f"text {hashlib.sha256(text.encode()).hexdigest()}",
        f"link {link}",
        *(f"file {each}" for each in sorted(digests)),
        f"at {at.astimezone(UTC).isoformat(timespec='microseconds')}",
    ]
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _by_state(work: Assignment) -> Refusal | None:
    if work.status == AssignmentStatus.closed:
        return Refusal(Why.closed)
    return None if work.status == AssignmentStatus.published else Refusal(Why.withdrawn)


def _by_time(dates: Dates, at: datetime) -> Refusal | None:
    if dates.available_from and at < dates.available_from:
        return Refusal(Why.not_open, dates.available_from)
    if dates.available_until and at >= dates.available_until:
        return Refusal(Why.over, dates.available_until)
    return None


def _by_type(work: Assignment) -> Refusal | None:
    if SubmissionType.paper in work.submission_types:
        return Refusal(Why.on_paper)
    return Refusal(Why.elsewhere) if SubmissionType.external in work.submission_types else None


def _said(moment: datetime | None, zone: tzinfo) -> str:
    if moment is None:
        return "another day"
    here = moment.astimezone(zone)
    return f"{here.day} {here:%b %Y, %H:%M} ({here:%Z})"

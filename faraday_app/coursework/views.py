"""Work in lists, in words: what other domains show of it too."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from faraday_app.core.clock import now
from faraday_app.coursework.peer_views import TONES, WORDS, title_of
from faraday_app.coursework.service.overview import Due, Taught
from faraday_app.coursework.service.peers import State, Task
from faraday_app.coursework.service.submissions.standing import Timeliness
from faraday_app.coursework.words import due_words, end_of_week, joined, worth
from faraday_app.coursework.work_views import STATE_TONES, STATE_WORDS, STATUS_TONES, WorkRow, WorkSection

__all__ = ["DONE", "WorkRow", "WorkSection", "joined", "sections_of", "taught_of", "taught_row"]

DONE = "Done"
SECTIONS = ("Overdue", "This week", "Later", "No due date", DONE)


def sections_of(found: list[Due], zone: str, owed: Sequence[Task] = ()) -> list[WorkSection]:
    """What is still to do by when it is due, then what is done, the newest first: work, and reviews of others'."""
    parts: dict[str, list[tuple[datetime | None, WorkRow]]] = {title: [] for title in SECTIONS}
    week = end_of_week(now(), zone)
    for each in found:
        parts[_section(each, week)].append((each.dates.due_at, _due_row(each, zone)))
    for task in owed:
        parts[_section_of_review(task, week)].append((task.due_at, _review_row(task, zone)))
    for rows in parts.values():
        rows.sort(key=lambda row: (row[0] is None, row[0]))
    parts[DONE] = parts[DONE][::-1][:30]
    return [WorkSection(title, [row for _, row in rows]) for title, rows in parts.items() if rows]


def _section_of_review(task: Task, week: datetime) -> str:
    if task.state in (State.sent, State.missing):
        return DONE if task.state is State.sent else "Overdue"
    return "No due date" if task.due_at is None else "This week" if task.due_at < week else "Later"


def _review_row(task: Task, zone: str) -> WorkRow:
    return WorkRow(
        str(task.work.id),
        f"{title_of(task.of)}: {task.work.title}",
        task.class_name,
        joined(task.class_name, due_words(task.due_at, zone)),
        WORDS[task.state],
        TONES[task.state],
    )


def _section(each: Due, week: Any) -> str:
    due = each.dates.due_at
    if each.state not in (Timeliness.todo, Timeliness.missing):
        return DONE
    if each.state is Timeliness.missing:
        return "Overdue"
    if due is None:
        return "No due date"
    if due < now():  # on paper or elsewhere: its time has passed, and nobody here knows more
        return DONE
    return "This week" if due < week else "Later"


def _due_row(each: Due, zone: str) -> WorkRow:
    return WorkRow(
        str(each.work.id),
        each.work.title,
        each.class_name,
        joined(each.class_name, due_words(each.dates.due_at, zone), worth(each.work)),
        STATE_WORDS[each.state],
        STATE_TONES[each.state],
    )


def taught_of(found: list[Taught], zone: str) -> list[WorkSection]:
    """By class; in each, what waits to be graded first."""
    classes: dict[str, list[Taught]] = {}
    for each in sorted(found, key=lambda each: -each.to_grade):
        classes.setdefault(each.class_name, []).append(each)
    return [
        WorkSection(name, [taught_row(each.work, each.handed_in, each.to_grade, each.whole, zone) for each in rows])
        for name, rows in sorted(classes.items())
    ]


def taught_row(work: Any, handed_in: int, to_grade: int, whole: int, zone: str) -> WorkRow:
    shown = work.status in ("published", "closed")
    return WorkRow(
        str(work.id),
        work.title,
        "",
        joined(due_words(work.due_at, zone), worth(work)),
        work.status.capitalize(),
        STATUS_TONES[work.status],
        f"{handed_in} of {whole} handed in" if shown else "",
        f"{to_grade} to grade" if to_grade else "",
        work.status,
    )

"""How work is said on its pages, in the viewer's zone."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid
from faraday_app.coursework.models import Assignment, AssignmentGroup, SubmissionFile
from faraday_app.coursework.work_views import FileView
from faraday_app.ui.session import zone_of
from faraday_app.ui.times import short


def number_words(number: Decimal | None) -> str:
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def worth(work: Assignment) -> str:
    """What it is worth: 20 points, 1 point; nothing to say of what has no points or is not graded."""
    if work.points is None or work.grading_type == "not_graded":
        return "Not graded" if work.grading_type == "not_graded" else ""
    return f"{number_words(work.points)} point{'s' * (work.points != 1)}"


def due_words(due_at: datetime | None, zone: str, at: datetime | None = None) -> str:
    """Due today 14:00, due tomorrow, due Tuesday, due 12 Nov; with no date: no due date."""
    if due_at is None:
        return "No due date"
    here, today = due_at.astimezone(zone_of(zone)), (at or now()).astimezone(zone_of(zone)).date()
    days, time = (here.date() - today).days, f"{here:%H:%M}"
    if days in (-1, 0, 1):
        return f"Due {('yesterday', 'today', 'tomorrow')[days + 1]} {time}"
    return f"Due {here:%A} {time}" if 1 < days < 7 else f"Due {short(due_at, zone)}"


def joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def group_words(group: AssignmentGroup) -> str:
    drops = [
        f"{'lowest' if kind == 'drop_lowest' else 'highest'} {count if count > 1 else ''}".strip() + " dropped"
        for kind in ("drop_lowest", "drop_highest")
        if (count := getattr(group, kind))
    ]
    return joined(f"{number_words(group.weight)} %" if group.weight is not None else "", *drops)


def file_view(file: SubmissionFile) -> FileView:
    size = f"{file.size / 1024**2:.1f} MB" if file.size >= 100_000 else f"{max(1, file.size // 1024)} kB"
    href = "" if file.problem else f"/api/v1/submissions/{file.submission_id}/files/{file.id}"
    return FileView(str(file.id), file.name, joined(file.kind, size), file.problem, href)


def number_of(text: object, field: str, what: str) -> Decimal | None:
    """A number as people write it, 12,5 too; nothing for an empty field."""
    plain = str(text or "").strip().replace(",", ".")
    if not plain:
        return None
    try:
        return Decimal(plain[:40])
    except InvalidOperation:
        raise Invalid(f"Enter {what} as a number.", field=field) from None


def whole_of(text: object, field: str, what: str) -> int | None:
    plain = str(text or "").strip()
    if not plain:
        return None
    if not plain.isdecimal() or len(plain) > 6:
        raise Invalid(f"Enter {what} as a whole number.", field=field)
    return int(plain)


def end_of_week(at: datetime, zone: str) -> datetime:
    """Midnight at the end of Sunday, there."""
    here = at.astimezone(zone_of(zone))
    monday = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=7 - here.weekday())
    return monday.astimezone(UTC)

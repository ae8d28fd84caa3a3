"""What a teacher says of a piece of work, checked before it is kept."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from faraday_app.core.errors import Invalid
from faraday_app.coursework.models import Assignment, SubmissionType
from faraday_app.coursework.service.dates import Dates
from faraday_app.coursework.service.numbers import at_least_nothing

LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 50_000
MOST_POINTS = Decimal(1_000_000)
MOST_ATTEMPTS = 100
MOST_REVIEWS = 10
# The words of the gradebook's calculator.
GRADING_TYPES = ("points", "percent", "letter", "gpa", "pass_fail", "not_graded")
FILE_KIND = re.compile("[a-z0-9]{1,16}")
_LINK = re.compile(r"https?://[^\s/]+\.?[^\s]*", re.IGNORECASE)
_ALONE = (SubmissionType.paper, SubmissionType.external)


@dataclass(frozen=True, slots=True)
class AssignmentDraft:
    """``points`` None: nothing can be said in percent. ``attempts`` None: as often as they like."""

    title: str
    group_id: UUID
    description: str = ""
    points: Decimal | None = Decimal(100)
    grading_type: str = "points"
    submission_types: tuple[str, ...] = (SubmissionType.text,)
    file_kinds: tuple[str, ...] = ()
    external_url: str = ""
    for_everyone: bool = True
    due_at: datetime | None = None
    available_from: datetime | None = None
    available_until: datetime | None = None
    attempts: int | None = None
    group_work: bool = False
    peer_reviews: int = 0
    anonymous: bool = False
    omitted: bool = False

    @property
    def dates(self) -> Dates:
        return Dates(self.due_at, self.available_from, self.available_until)


FIELDS = tuple(AssignmentDraft.__dataclass_fields__)
# What of it decides grades.
COUNTS = frozenset(
    {"group_id", "points", "grading_type", "for_everyone", "due_at", "available_from", "available_until", "omitted"}
)


def draft_of(work: Assignment) -> AssignmentDraft:
    """What it says now, to be changed."""
    values = {name: getattr(work, name) for name in FIELDS}
    lists = {name: tuple(values[name]) for name in ("submission_types", "file_kinds")}
    return AssignmentDraft(**{**values, **lists})


def columns(draft: AssignmentDraft) -> dict[str, Any]:
    values = {name: getattr(draft, name) for name in FIELDS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def cleaned(draft: AssignmentDraft) -> AssignmentDraft:
    """Invalid with the field to mend."""
    title = " ".join(draft.title.split())
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise Invalid(f"Give it a title of up to {LONGEST_TITLE} letters.", field="title")
    if len(draft.description) > LONGEST_DESCRIPTION:
        raise Invalid(f"A description can have {LONGEST_DESCRIPTION:,} letters.", field="description")
    if draft.grading_type not in GRADING_TYPES:
        raise Invalid(f"Grade it by one of: {', '.join(GRADING_TYPES)}.", field="grading_type")
    if draft.attempts is not None and not 1 <= draft.attempts <= MOST_ATTEMPTS:
        raise Invalid(f"Allow between 1 and {MOST_ATTEMPTS} attempts, or leave it open.", field="attempts")
    if not 0 <= draft.peer_reviews <= MOST_REVIEWS:
        raise Invalid(f"Ask for 0 to {MOST_REVIEWS} reviews of each student.", field="peer_reviews")
    in_order(draft.dates)
    return replace(
        draft,
        title=title,
        description=draft.description.strip(),
        points=at_least_nothing(draft.points, MOST_POINTS, "points", "Points"),
        submission_types=_types(draft),
        file_kinds=_kinds(draft),
        external_url=_address(draft),
    )


def in_order(dates: Dates) -> None:
    """Open, due, closed: in this order, as far as they are said."""
    begins, due, until = dates.available_from, dates.due_at, dates.available_until
    if begins and due and due < begins:
        raise Invalid("It would be due before it can be handed in.", field="due_at")
    if due and until and until < due:
        raise Invalid("It would be closed before it is due.", field="available_until")
    if begins and until and until <= begins:
        raise Invalid("It would be closed before it can be handed in.", field="available_until")


def link_of(text: str, field: str = "link") -> str:
    """An address on the web, or nothing."""
    link = text.strip()
    if link and (len(link) > 2_000 or not _LINK.fullmatch(link)):
        raise Invalid("Enter a whole address that begins with https://.", field=field)
    return link


def _types(draft: AssignmentDraft) -> tuple[str, ...]:
    wanted = tuple(each for each in SubmissionType if each in draft.submission_types)
    if len(wanted) != len(set(draft.submission_types)) or not wanted:
        raise Invalid(f"Choose how it is handed in: {', '.join(SubmissionType)}.", field="submission_types")
    if len(wanted) > 1 and any(each in wanted for each in _ALONE):
        raise Invalid("On paper and an external tool each go alone.", field="submission_types")
    return tuple(str(each) for each in wanted)


def _kinds(draft: AssignmentDraft) -> tuple[str, ...]:
    kinds = tuple(dict.fromkeys(each.strip().lower().lstrip(".") for each in draft.file_kinds if each.strip()))
    if len(kinds) > 20 or not all(FILE_KIND.fullmatch(each) for each in kinds):
        raise Invalid("Name kinds of files as their endings: pdf, docx, png.", field="file_kinds")
    return kinds if SubmissionType.file in draft.submission_types else ()


def _address(draft: AssignmentDraft) -> str:
    if SubmissionType.external not in draft.submission_types:
        return ""
    if not (link := link_of(draft.external_url, "external_url")):
        raise Invalid("Enter the address of the external tool.", field="external_url")
    return link

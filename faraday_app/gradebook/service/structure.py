"""All that decides how a class is counted, as plain data: of this moment, or as it was kept of an earlier one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from faraday_app.gradebook.calculation import Aggregate, Grading, Rules
from faraday_app.gradebook.models import Posting
from faraday_app.gradebook.service.policies import Policy


@dataclass(frozen=True, slots=True)
class GroupOf:
    id: UUID
    name: str
    weight: Decimal | None
    rules: Rules
    aggregate: Aggregate


@dataclass(frozen=True, slots=True)
class WorkOf:
    """``handed_in`` here, so that missing can be known by the clock; on paper it cannot. ``shown`` to students."""

    id: UUID
    group_id: UUID
    title: str
    points: Decimal | None
    grading: Grading
    shown: bool
    omitted: bool
    handed_in: bool
    due_at: datetime | None
    for_everyone: bool
    by_section: Mapping[UUID, datetime | None] = field(default_factory=dict)
    by_student: Mapping[UUID, datetime | None] = field(default_factory=dict)
    posting: Posting | None = None  # None: as the class does

    @property
    def same_for_all(self) -> bool:
        return self.for_everyone and not self.by_section and not self.by_student


@dataclass(frozen=True, slots=True)
class PeriodOf:
    id: UUID
    name: str
    starts_on: date
    ends_on: date
    weight: Decimal | None
    closed_at: datetime | None

    @property
    def closed(self) -> bool:
        return self.closed_at is not None


@dataclass(frozen=True, slots=True)
class Due:
    """Work is for a student, until then; ``at`` None: without a date."""

    at: datetime | None


@dataclass(frozen=True, eq=False)
class Structure:
    """Equal to itself alone: what is worked out of one is remembered by it.

    ``sections`` has every student who is or was in the class and was not withdrawn. ``releases`` are by work and
    audience; None there: hidden until further notice."""

    class_id: UUID
    organization_id: UUID
    zone: str
    policy: Policy
    groups: tuple[GroupOf, ...]
    work: tuple[WorkOf, ...]
    periods: tuple[PeriodOf, ...]
    sections: Mapping[UUID, UUID | None]
    releases: Mapping[UUID, Mapping[str, datetime | None]]

    @cached_property
    def by_id(self) -> dict[UUID, WorkOf]:
        return {work.id: work for work in self.work}

    @cached_property
    def by_group(self) -> dict[UUID, list[WorkOf]]:
        found: dict[UUID, list[WorkOf]] = {group.id: [] for group in self.groups}
        for work in self.work:
            found.setdefault(work.group_id, []).append(work)
        return found

    def due(self, work: WorkOf, student_id: UUID) -> Due | None:
        """A student's own date goes before the section's, and both before the class's. None: it is not for them."""
        if student_id in work.by_student:
            return Due(work.by_student[student_id])
        section = self.sections.get(student_id)
        if section is not None and section in work.by_section:
            return Due(work.by_section[section])
        return Due(work.due_at) if work.for_everyone else None

    def posts_at_once(self, work_id: UUID) -> bool:
        """Whether a grade of this work is posted as soon as it is there."""
        work = self.by_id.get(work_id)
        return ((work and work.posting) or self.policy.posting) is Posting.automatic

    def period(self, due_at: datetime | None) -> PeriodOf | None:
        """Where a date falls, by the calendar of the school. Work without a date falls into none."""
        if due_at is None:
            return None
        day = due_at.astimezone(self._zone).date()
        return next((each for each in self.periods if each.starts_on <= day <= each.ends_on), None)

    def closed(self, work: WorkOf, student_id: UUID) -> PeriodOf | None:
        """The closed grading period in which the work is for this student: then its grade no longer changes."""
        if not any(each.closed for each in self.periods):
            return None
        due = self.due(work, student_id)
        found = self.period(due.at) if due else None
        return found if found and found.closed else None

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

"""What a OneRoster package holds: one frozen record per row, named as we speak, not as the columns are called.

Optional texts are "" where nothing was given; references, dates, numbers and booleans are None.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Version(StrEnum):
    """Of the format. Files of 1.0 are read as 1.1."""

    v1_1 = "1.1"
    v1_2 = "1.2"


class Mode(StrEnum):
    """What the manifest says of a file: all there is, only what changed, or not part of the package."""

    bulk = "bulk"
    delta = "delta"
    absent = "absent"


class Status(StrEnum):
    active = "active"
    tobedeleted = "tobedeleted"


class File(StrEnum):
    """The files that are read, in the order of what refers to what. The name is the attribute of ``Package``."""

    orgs = "orgs"
    academic_sessions = "academicSessions"
    courses = "courses"
    classes = "classes"
    users = "users"
    user_profiles = "userProfiles"
    roles = "roles"
    enrollments = "enrollments"
    demographics = "demographics"
    categories = "categories"
    line_items = "lineItems"
    results = "results"
    score_scales = "scoreScales"

    @property
    def csv(self) -> str:
        return f"{self.value}.csv"


GRADEBOOK = (File.categories, File.line_items, File.results)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """``row`` is where it stood, as a spreadsheet numbers rows; 0: it came from elsewhere."""

    sourced_id: str
    status: Status = Status.active
    modified: datetime | None = None
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Org(Record):
    name: str
    type: str
    identifier: str = ""
    parent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcademicSession(Record):
    """``ends`` is the first day after it, as the format has it."""

    title: str
    type: str
    begins: date
    ends: date
    school_year: int
    parent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course(Record):
    title: str
    org_id: str
    school_year_id: str | None = None
    code: str = ""
    grades: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    subject_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterClass(Record):
    title: str
    type: str
    course_id: str
    school_id: str
    term_ids: tuple[str, ...]
    code: str = ""
    location: str = ""
    grades: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    subject_codes: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """``role`` and ``org_ids`` are of 1.1, where 1.2 has roles.csv; see ``roles_held``.

    Preferred names, ``master_identifier``, ``primary_org_id`` and ``pronouns`` are of 1.2.
    """

    enabled: bool
    username: str
    given_name: str
    family_name: str
    role: str = ""
    org_ids: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()
    middle_name: str = ""
    identifier: str = ""
    email: str = ""
    sms: str = ""
    phone: str = ""
    agent_ids: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    master_identifier: str = ""
    preferred_given_name: str = ""
    preferred_middle_name: str = ""
    preferred_family_name: str = ""
    primary_org_id: str | None = None
    pronouns: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserProfile(Record):
    """An account elsewhere. Read to check what refers to it; nothing of it is kept."""

    user_id: str
    type: str
    vendor_id: str
    credential_type: str
    username: str
    application_id: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Record):
    user_id: str
    role: str
    role_type: str
    org_id: str
    begins: date | None = None
    ends: date | None = None
    profile_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrollment(Record):
    class_id: str
    school_id: str
    user_id: str
    role: str
    primary: bool | None = None
    begins: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demographics(Record):
    """Read only where the organisation turned it on. ``sourced_id`` is the person's."""

    birth_date: date | None = None
    sex: str = ""
    american_indian_or_alaska_native: bool | None = None
    asian: bool | None = None
    black_or_african_american: bool | None = None
    native_hawaiian_or_other_pacific_islander: bool | None = None
    white: bool | None = None
    two_or_more_races: bool | None = None
    hispanic_or_latino: bool | None = None
    country_of_birth: str = ""
    state_of_birth: str = ""
    city_of_birth: str = ""
    residence_status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Record):
    """``weight`` is of 1.2, in percent."""

    title: str
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem(Record):
    """``session_id`` is the grading period; ``school_id`` is of 1.2."""

    title: str
    class_id: str
    category_id: str
    session_id: str
    assigned: date
    due: date
    description: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    school_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Record):
    """A score as it is: also above the maximum. From ``text_score`` on, the fields are of 1.2."""

    line_item_id: str
    student_id: str
    score_status: str
    scored: date
    score: Decimal | None = None
    comment: str = ""
    text_score: str = ""
    class_id: str | None = None
    in_progress: bool | None = None
    incomplete: bool | None = None
    late: bool | None = None
    missing: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreScale(Record):
    """``values`` are pairs as they are written: ``{90-100:A}``."""

    title: str
    type: str
    class_id: str
    values: tuple[str, ...]
    org_id: str | None = None
    course_id: str | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """All files of one zip. A file that ``modes`` does not name is absent."""

    version: Version
    modes: Mapping[File, Mode] = field(default_factory=dict)
    source_name: str = ""
    source_code: str = ""
    orgs: tuple[Org, ...] = ()
    academic_sessions: tuple[AcademicSession, ...] = ()
    courses: tuple[Course, ...] = ()
    classes: tuple[RosterClass, ...] = ()
    users: tuple[Person, ...] = ()
    user_profiles: tuple[UserProfile, ...] = ()
    roles: tuple[Role, ...] = ()
    enrollments: tuple[Enrollment, ...] = ()
    demographics: tuple[Demographics, ...] = ()
    categories: tuple[Category, ...] = ()
    line_items: tuple[LineItem, ...] = ()
    results: tuple[Result, ...] = ()
    score_scales: tuple[ScoreScale, ...] = ()

    def mode(self, file: File) -> Mode:
        return self.modes.get(file, Mode.absent)

    def records(self, file: File) -> tuple[Any, ...]:
        found: tuple[Any, ...] = getattr(self, file.name)
        return found

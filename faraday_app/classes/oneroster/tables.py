"""Which columns each file has, in which version, what stands in them and what they refer to."""

from collections.abc import Mapping
from dataclasses import dataclass

from faraday_app.classes.oneroster import records
from faraday_app.classes.oneroster.cells import (
    BOOLEAN,
    DATE,
    GUID,
    MOMENT,
    NUMBER,
    REFERENCE,
    REFERENCES,
    TEXT,
    TEXTS,
    YEAR,
    Kind,
)
from faraday_app.classes.oneroster.records import File, Record, Version
from faraday_app.classes.oneroster.words import (
    CLASS_ROLE,
    CLASS_TYPE,
    ORG_ROLE,
    ORG_TYPE,
    ROLE_TYPE,
    SCORE_STATUS,
    SESSION_TYPE,
    SEX,
    STATUS,
    USER_ROLE,
)

V1_1, V1_2 = (Version.v1_1,), (Version.v1_2,)
BOTH = (*V1_1, *V1_2)

# Part of the format, and nothing that is used here.
OTHERS: Mapping[str, tuple[Version, ...]] = {
    "classResources": BOTH,
    "courseResources": BOTH,
    "lineItemLearningObjectiveIds": V1_2,
    "lineItemScoreScales": V1_2,
    "resources": BOTH,
    "resultLearningObjectiveIds": V1_2,
    "resultScoreScales": V1_2,
    "userResources": V1_2,
}


@dataclass(frozen=True, slots=True)
class Column:
    """``to`` is the file whose sourcedIds stand here. ``needed`` in these versions: the column, and a value in it."""

    name: str
    field: str
    kind: Kind = TEXT
    needed: tuple[Version, ...] = ()
    to: File | None = None
    versions: tuple[Version, ...] = BOTH


@dataclass(frozen=True, slots=True)
class Table:
    file: File
    record: type[Record]
    own: tuple[Column, ...]
    versions: tuple[Version, ...] = BOTH

    def columns(self, version: Version) -> tuple[Column, ...]:
        return (*COMMON, *(column for column in self.own if version in column.versions))


COMMON = (
    Column("sourcedId", "sourced_id", GUID, BOTH),
    Column("status", "status", STATUS),
    Column("dateLastModified", "modified", MOMENT),
)


def _required(name: str, field: str, kind: Kind = TEXT, to: File | None = None) -> Column:
    return Column(name, field, kind, BOTH, to)


def _optional(name: str, field: str, kind: Kind = TEXT, to: File | None = None) -> Column:
    return Column(name, field, kind, (), to)


def _of(versions: tuple[Version, ...], column: Column) -> Column:
    needed = versions if column.needed else ()
    return Column(column.name, column.field, column.kind, needed, column.to, versions)


_ROSTER = (
    Table(
        File.orgs,
        records.Org,
        (
            _required("name", "name"),
            _required("type", "type", ORG_TYPE),
            _optional("identifier", "identifier"),
            _optional("parentSourcedId", "parent_id", REFERENCE, File.orgs),
        ),
    ),
    Table(
        File.academic_sessions,
        records.AcademicSession,
        (
            _required("title", "title"),
            _required("type", "type", SESSION_TYPE),
            _required("startDate", "begins", DATE),
            _required("endDate", "ends", DATE),
            _optional("parentSourcedId", "parent_id", REFERENCE, File.academic_sessions),
            _required("schoolYear", "school_year", YEAR),
        ),
    ),
    Table(
        File.courses,
        records.Course,
        (
            _optional("schoolYearSourcedId", "school_year_id", REFERENCE, File.academic_sessions),
            _required("title", "title"),
            _optional("courseCode", "code"),
            _optional("grades", "grades", TEXTS),
            _required("orgSourcedId", "org_id", REFERENCE, File.orgs),
            _optional("subjects", "subjects", TEXTS),
            _optional("subjectCodes", "subject_codes", TEXTS),
        ),
    ),
    Table(
        File.classes,
        records.RosterClass,
        (
            _required("title", "title"),
            _optional("grades", "grades", TEXTS),
            _required("courseSourcedId", "course_id", REFERENCE, File.courses),
            _optional("classCode", "code"),
            _required("classType", "type", CLASS_TYPE),
            _optional("location", "location"),
            _required("schoolSourcedId", "school_id", REFERENCE, File.orgs),
            _required("termSourcedIds", "term_ids", REFERENCES, File.academic_sessions),
            _optional("subjects", "subjects", TEXTS),
            _optional("subjectCodes", "subject_codes", TEXTS),
            _optional("periods", "periods", TEXTS),
        ),
    ),
    Table(
        File.users,
        records.Person,
        (
            _required("enabledUser", "enabled", BOOLEAN),
            _of(V1_1, _required("orgSourcedIds", "org_ids", REFERENCES, File.orgs)),
            _of(V1_1, _required("role", "role", USER_ROLE)),
            _required("username", "username"),
            _optional("userIds", "user_ids", TEXTS),
            _required("givenName", "given_name"),
            _required("familyName", "family_name"),
            _optional("middleName", "middle_name"),
            _optional("identifier", "identifier"),
            _optional("email", "email"),
            _optional("sms", "sms"),
            _optional("phone", "phone"),
            _optional("agentSourcedIds", "agent_ids", REFERENCES, File.users),
            _optional("grades", "grades", TEXTS),
            _of(V1_2, _optional("userMasterIdentifier", "master_identifier")),
            _of(V1_2, _optional("preferredGivenName", "preferred_given_name")),
            _of(V1_2, _optional("preferredMiddleName", "preferred_middle_name")),
            _of(V1_2, _optional("preferredFamilyName", "preferred_family_name")),
            _of(V1_2, _optional("primaryOrgSourcedId", "primary_org_id", REFERENCE, File.orgs)),
            _of(V1_2, _optional("pronouns", "pronouns")),
        ),
    ),
    Table(
        File.user_profiles,
        records.UserProfile,
        (
            _required("userSourcedId", "user_id", REFERENCE, File.users),
            _required("profileType", "type"),
            _required("vendorId", "vendor_id"),
            _optional("applicationId", "application_id"),
            _optional("description", "description"),
            _required("credentialType", "credential_type"),
            _required("username", "username"),
        ),
        V1_2,
    ),
    Table(
        File.roles,
        records.Role,
        (
            _required("userSourcedId", "user_id", REFERENCE, File.users),
            _required("roleType", "role_type", ROLE_TYPE),
            _required("role", "role", ORG_ROLE),
            _optional("beginDate", "begins", DATE),
            _optional("endDate", "ends", DATE),
            _required("orgSourcedId", "org_id", REFERENCE, File.orgs),
            _optional("userProfileSourcedId", "profile_id", REFERENCE, File.user_profiles),
        ),
        V1_2,
    ),
    Table(
        File.enrollments,
        records.Enrollment,
        (
            _required("classSourcedId", "class_id", REFERENCE, File.classes),
            _required("schoolSourcedId", "school_id", REFERENCE, File.orgs),
            _required("userSourcedId", "user_id", REFERENCE, File.users),
            _required("role", "role", CLASS_ROLE),
            _optional("primary", "primary", BOOLEAN),
            _optional("beginDate", "begins", DATE),
            _optional("endDate", "ends", DATE),
        ),
    ),
    Table(
        File.demographics,
        records.Demographics,
        (
            _optional("birthDate", "birth_date", DATE),
            _optional("sex", "sex", SEX),
            _optional("americanIndianOrAlaskaNative", "american_indian_or_alaska_native", BOOLEAN),
            _optional("asian", "asian", BOOLEAN),
            _optional("blackOrAfricanAmerican", "black_or_african_american", BOOLEAN),
            _optional("nativeHawaiianOrOtherPacificIslander", "native_hawaiian_or_other_pacific_islander", BOOLEAN),
            _optional("white", "white", BOOLEAN),
            _optional("demographicRaceTwoOrMoreRaces", "two_or_more_races", BOOLEAN),
            _optional("hispanicOrLatinoEthnicity", "hispanic_or_latino", BOOLEAN),
            _optional("countryOfBirthCode", "country_of_birth"),
            _optional("stateOfBirthAbbreviation", "state_of_birth"),
            _optional("cityOfBirth", "city_of_birth"),
            _optional("publicSchoolResidenceStatus", "residence_status"),
        ),
    ),
)

_GRADEBOOK = (
    Table(
        File.categories,
        records.Category,
        (_required("title", "title"), _of(V1_2, _optional("weight", "weight", NUMBER))),
    ),
    Table(
        File.line_items,
        records.LineItem,
        (
            _required("title", "title"),
            _optional("description", "description"),
            _required("assignDate", "assigned", DATE),
            _required("dueDate", "due", DATE),
            _required("classSourcedId", "class_id", REFERENCE, File.classes),
            _required("categorySourcedId", "category_id", REFERENCE, File.categories),
            _of(V1_1, _required("gradingPeriodSourcedId", "session_id", REFERENCE, File.academic_sessions)),
            _of(V1_2, _required("academicSessionSourcedId", "session_id", REFERENCE, File.academic_sessions)),
            Column("resultValueMin", "minimum", NUMBER, V1_1),
            Column("resultValueMax", "maximum", NUMBER, V1_1),
            _of(V1_2, _required("schoolSourcedId", "school_id", REFERENCE, File.orgs)),
        ),
    ),
    Table(
        File.results,
        records.Result,
        (
            _required("lineItemSourcedId", "line_item_id", REFERENCE, File.line_items),
            _required("studentSourcedId", "student_id", REFERENCE, File.users),
            _required("scoreStatus", "score_status", SCORE_STATUS),
            # An exempt result has no score, whatever 1.1 asks for.
            _optional("score", "score", NUMBER),
            _required("scoreDate", "scored", DATE),
            _optional("comment", "comment"),
            _of(V1_2, _optional("textScore", "text_score")),
            _of(V1_2, _optional("classSourcedId", "class_id", REFERENCE, File.classes)),
            _of(V1_2, _optional("inProgress", "in_progress", BOOLEAN)),
            _of(V1_2, _optional("incomplete", "incomplete", BOOLEAN)),
            _of(V1_2, _optional("late", "late", BOOLEAN)),
            _of(V1_2, _optional("missing", "missing", BOOLEAN)),
        ),
    ),
    Table(
        File.score_scales,
        records.ScoreScale,
        (
            _required("title", "title"),
            _required("type", "type"),
            _optional("orgSourcedId", "org_id", REFERENCE, File.orgs),
            _optional("courseSourcedId", "course_id", REFERENCE, File.courses),
            _required("classSourcedId", "class_id", REFERENCE, File.classes),
            _required("scoreScaleValue", "values", TEXTS),
        ),
        V1_2,
    ),
)

TABLES: Mapping[File, Table] = {table.file: table for table in (*_ROSTER, *_GRADEBOOK)}
assert tuple(TABLES) == tuple(File)


def files(version: Version) -> tuple[str, ...]:
    """What a manifest of this version speaks of, in its order."""
    known = [file.value for file, table in TABLES.items() if version in table.versions]
    return tuple(sorted([*known, *(name for name, versions in OTHERS.items() if version in versions)], key=str.lower))

"""What things of a roster are called here."""

from collections.abc import Sequence

from faraday_app.classes.oneroster import AcademicSession, Enrollment, File, Held, Person, Record, RosterClass
from faraday_app.core.permissions import Role

ROLES = {
    "administrator": Role.administrator,
    "districtAdministrator": Role.administrator,
    "principal": Role.administrator,
    "siteAdministrator": Role.administrator,
    "systemAdministrator": Role.administrator,
    "teacher": Role.teacher,
    "aide": Role.aide,
    "counselor": Role.aide,
    "proctor": Role.aide,
    "student": Role.student,
    "guardian": Role.parent,
    "parent": Role.parent,
    "relative": Role.parent,
}
# Of several at once, and of several main ones.
_STRONGEST = (Role.administrator, Role.teacher, Role.aide, Role.student, Role.parent)
STUDENT, STAFF = "student", "staff"
# An enrolment of an administrator opens nothing here: whoever oversees classes does so by their role.
IN_CLASS = {"student": STUDENT, "teacher": STAFF, "aide": STAFF, "proctor": STAFF}
AS_STAFF = {"teacher": "teacher", "aide": "aide", "proctor": "aide"}
# Reserved by RFC 2606: no mail can ever be delivered there.
NO_ADDRESS = "@no-address.invalid"

FILES = {
    File.orgs: "Organisations",
    File.academic_sessions: "Terms and grading periods",
    File.courses: "Courses",
    File.classes: "Classes",
    File.users: "People",
    File.user_profiles: "Accounts elsewhere",
    File.roles: "Roles",
    File.enrollments: "Enrolments",
    File.demographics: "Demographics",
    File.categories: "Categories",
    File.line_items: "Line items",
    File.results: "Results",
    File.score_scales: "Score scales",
}


def name_of(person: Person) -> str:
    """As people call them: preferred names first."""
    given = person.preferred_given_name or person.given_name
    family = person.preferred_family_name or person.family_name
    return " ".join(f"{given} {family}".split())[:120] or person.username[:120] or person.sourced_id[:120]


def role_of(held: Sequence[Held]) -> Role | None:
    """The one role that a member has here, of those that they have there. None where none of them is known."""
    main = [each for each in held if each.primary] or list(held)
    found = {ROLES[each.role] for each in main if each.role in ROLES}
    return next((role for role in _STRONGEST if role in found), None)


def cut(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def title_of(record: Record) -> str:
    """What a row is called, in a list of rows."""
    match record:
        case Person():
            return name_of(record)
        case RosterClass() | AcademicSession():
            return record.title
        case Enrollment():
            return f"{record.user_id} in {record.class_id}"
    return str(getattr(record, "title", "") or getattr(record, "name", "") or "")

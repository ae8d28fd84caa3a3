"""The words that the format has for kinds and roles."""

from faraday_app.classes.oneroster.cells import Kind, one_of
from faraday_app.classes.oneroster.records import Status

_STATUSES = one_of(*Status, extensible=False)
STATUS = Kind(lambda cell: Status(_STATUSES.read(cell)), str, Status.active)
ORG_TYPE = one_of("department", "school", "district", "local", "state", "national")
SESSION_TYPE = one_of("gradingPeriod", "semester", "schoolYear", "term")
CLASS_TYPE = one_of("homeroom", "scheduled")
USER_ROLE = one_of("administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher")
ORG_ROLE = one_of(
    "aide",
    "counselor",
    "districtAdministrator",
    "guardian",
    "parent",
    "principal",
    "proctor",
    "relative",
    "siteAdministrator",
    "student",
    "systemAdministrator",
    "teacher",
)
# The format has four; many systems send aides too, and a class here has them.
CLASS_ROLE = one_of("administrator", "aide", "proctor", "student", "teacher")
ROLE_TYPE = one_of("primary", "secondary", extensible=False)
SEX = one_of("male", "female", "other", "unspecified")
SCORE_STATUS = one_of("exempt", "fully graded", "not submitted", "partially graded", "submitted")

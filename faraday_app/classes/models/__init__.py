"""The tables of classes."""

from faraday_app.classes.models import personal as personal
from faraday_app.classes.models.classes import (
    ClassStaff,
    Enrolled,
    Enrolment,
    Guardianship,
    SchoolClass,
    Section,
    StaffRole,
)
from faraday_app.classes.models.rosters import (
    RosterChange,
    RosterExport,
    RosterImport,
    RosterRecord,
    RosterSettings,
    RosterState,
)
from faraday_app.classes.models.terms import GradingPeriod, Term

__all__ = [
    "ClassStaff",
    "Enrolled",
    "Enrolment",
    "GradingPeriod",
    "Guardianship",
    "RosterChange",
    "RosterExport",
    "RosterImport",
    "RosterRecord",
    "RosterSettings",
    "RosterState",
    "SchoolClass",
    "Section",
    "StaffRole",
    "Term",
]

"""Rosters from a school's own system: look at a package, apply it, export what is here."""

from faraday_app.classes.service.rosters.applying import apply, can_take_back, discard, get_import, take_grades_back
from faraday_app.classes.service.rosters.checking import LARGEST, check, receive, roster_topic
from faraday_app.classes.service.rosters.exporting import export
from faraday_app.classes.service.rosters.history import PAGE, Narrowing, changes_of, imports, senders, waiting
from faraday_app.classes.service.rosters.settings import read_settings, set_demographics
from faraday_app.classes.service.rosters.work import Confirmed

__all__ = [
    "LARGEST",
    "PAGE",
    "Confirmed",
    "Narrowing",
    "apply",
    "can_take_back",
    "changes_of",
    "check",
    "discard",
    "export",
    "get_import",
    "imports",
    "read_settings",
    "receive",
    "roster_topic",
    "senders",
    "set_demographics",
    "take_grades_back",
    "waiting",
]

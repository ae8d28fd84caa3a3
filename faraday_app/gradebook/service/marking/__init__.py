"""Grading: the pile, one student's work on the screen, marks that become a grade, and what is read of it after."""

from faraday_app.gradebook.service.marking.feedback import Feedback, feedback, recording, whose
from faraday_app.gradebook.service.marking.pile import Sheaf, Stage, find, pile
from faraday_app.gradebook.service.marking.saving import (
    NewerAttempt,
    Regraded,
    Saved,
    Saving,
    choose,
    parsed_score,
    save,
)
from faraday_app.gradebook.service.marking.screen import Screen, screen

__all__ = [
    "Feedback",
    "NewerAttempt",
    "Regraded",
    "Saved",
    "Saving",
    "Screen",
    "Sheaf",
    "Stage",
    "choose",
    "feedback",
    "find",
    "parsed_score",
    "pile",
    "recording",
    "save",
    "screen",
    "whose",
]

"""Rubrics: kept by teachers, used by assignments, and what marks by them come to."""

from faraday_app.coursework.service.rubrics import keeping, using
from faraday_app.coursework.service.rubrics.criteria import (
    Criterion,
    Mark,
    Marks,
    Rating,
    highest,
    plain,
    settled,
    total,
    unmarked,
)
from faraday_app.coursework.service.rubrics.keeping import RubricDraft, Version
from faraday_app.coursework.service.rubrics.using import Plan, PlanDraft

__all__ = [
    "Criterion",
    "Mark",
    "Marks",
    "Plan",
    "PlanDraft",
    "Rating",
    "RubricDraft",
    "Version",
    "highest",
    "keeping",
    "plain",
    "settled",
    "total",
    "unmarked",
    "using",
]

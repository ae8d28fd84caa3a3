"""Who may do what to which thing: pure functions over facts. No database, and no clock of its own."""

from faraday_app.core.authorization.decisions import Decision, Step, decide
from faraday_app.core.authorization.extents import (
    Extent,
    Rights,
    asks_for_address,
    asks_for_things,
    extent,
    lasting,
    next_change,
    rights,
)
from faraday_app.core.authorization.rules import (
    ALWAYS,
    DAYS,
    PLATFORM,
    Conditions,
    Effect,
    Holding,
    Hours,
    Resource,
    RoleRules,
    Rule,
    Subject,
    covers,
)

__all__ = [
    "ALWAYS",
    "DAYS",
    "PLATFORM",
    "Conditions",
    "Decision",
    "Effect",
    "Extent",
    "Holding",
    "Hours",
    "Resource",
    "Rights",
    "RoleRules",
    "Rule",
    "Step",
    "Subject",
    "asks_for_address",
    "asks_for_things",
    "covers",
    "decide",
    "extent",
    "lasting",
    "next_change",
    "rights",
]

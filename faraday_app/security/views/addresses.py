"""What the browser may know of rules about addresses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleView:
    id: str
    what: str
    kind: str
    allows: bool
    shadow: bool
    note: str
    hits: str
    last: str
    until: str


@dataclass(frozen=True, slots=True)
class BlockView:
    id: str
    reason: str
    since: str
    until: str
    level: str

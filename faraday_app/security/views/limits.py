"""What the browser may know of limits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A kind of call: the limits on it, and its use by the viewer's organisation."""

    id: str
    name: str
    limits: list[str]
    lately: str
    day: str
    refused: str
    some_refused: bool


@dataclass(frozen=True, slots=True)
class OverrideView:
    id: str
    name: str
    who: str
    rate: str
    until: str
    note: str


@dataclass(frozen=True, slots=True)
class AdaptationView:
    id: str
    when: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class RefusedView:
    id: str
    name: str
    refused: str

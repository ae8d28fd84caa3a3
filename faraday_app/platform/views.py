"""What a platform administrator's browser may know of organisations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrganizationView:
    id: str
    name: str
    people: str
    created: str
    active: str
    issued: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure with its name."""

    id: str
    value: str

"""What a browser may know of its own person's factors."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PasskeyView:
    id: str
    name: str
    terms: str

"""What the browser may know of the keys that data is encrypted with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataKeyView:
    id: str
    made: str
    state: str
    tone: str
    until: str
    sealed: str
    master: str

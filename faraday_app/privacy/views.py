"""What the browser may know of records and their end."""

from dataclasses import dataclass

from faraday_app.core.permissions import Role
from faraday_app.privacy.models import Erasure, ErasureState
from faraday_app.privacy.service.looks import Look


@dataclass(frozen=True, slots=True)
class SubjectView:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class LookView:
    id: str
    when: str
    who: str
    role: str
    what: str


@dataclass(frozen=True, slots=True)
class ErasureView:
    id: str
    person: str
    state: str
    tone: str
    about: str
    reason: str
    can_be_cancelled: bool


_STATES = {
    ErasureState.waiting: ("Will be erased", "amber"),
    ErasureState.records: ("Records kept", "iris"),
    ErasureState.done: ("Erased", "slate"),
    ErasureState.cancelled: ("Taken back", "slate"),
}


def look_view(look: Look, when: str) -> LookView:
    role = Role(look.role).label if look.role in set(Role) else look.role.capitalize()
    what = "Took out everything that is kept" if look.exported else f"Looked at {look.what}" if look.what else "Looked"
    return LookView(str(look.id), when, look.name or "Somebody", role, what)


def erasure_view(erasure: Erasure, name: str, due: str, finished: str) -> ErasureView:
    state = ErasureState(erasure.state)
    words, tone = _STATES[state]
    rows = sum(erasure.erased.values())
    about = {
        ErasureState.waiting: f"Begins {due}",
        ErasureState.records: f"{rows:,} rows erased; the rest waits for the end of its retention",
        ErasureState.done: f"{rows:,} rows, {finished}",
        ErasureState.cancelled: finished,
    }[state]
    waiting = state is ErasureState.waiting
    return ErasureView(str(erasure.id), name, words, tone, about, erasure.reason, waiting)

"""What detectors look at: the facts of a stretch of time in one organisation, and what they conclude from them."""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

MOST_EVIDENCE = 50


class Thresholds(Protocol):
    """When an organisation wants to be told; its row of settings is one."""

    accounts_per_address: int
    addresses_per_account: int
    window_minutes: int
    travel_speed: int
    exports_minimum: int
    exports_factor: int
    refusals: int


@dataclass(frozen=True, slots=True)
class SignIn:
    id: UUID
    user_id: UUID
    at: datetime
    address: str
    country: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the trail. The target of a failed sign-in is the account that was tried."""

    id: UUID
    at: datetime
    action: str
    actor_id: UUID | None = None
    actor_name: str = ""
    target_id: UUID | None = None
    address: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Window:
    """What is new since ``since``, with as much from before as the detectors compare it to, oldest first.

    ``familiar`` are the accounts that had signed in from an address before; ``founded`` is when the organisation
    was made, whose first administrator is no news.
    """

    since: datetime
    sign_ins: Sequence[SignIn] = ()
    failures: Sequence[Event] = ()
    exports: Sequence[Event] = ()
    changes: Sequence[Event] = ()
    refusals: Sequence[Event] = ()
    sightings: Sequence[Event] = ()
    familiar: frozenset[tuple[UUID, str]] = frozenset()
    guardians: frozenset[UUID] = frozenset()
    founded: datetime | None = None
    names: Mapping[UUID, str] = field(default_factory=dict)

    def name(self, user_id: UUID | None) -> str:
        return self.names.get(user_id, "Somebody") if user_id else "Somebody"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why somebody is to be told. The same key is the same cause: it alerts once."""

    key: str
    kind: str
    severity: str
    title: str
    text: str
    happened_at: datetime
    evidence: tuple[UUID, ...] = ()
    subject_id: UUID | None = None
    address: str = ""


Item = TypeVar("Item", SignIn, Event)
Group = TypeVar("Group", bound=Hashable)


def grouped(events: Sequence[Item], by: Callable[[Item], Group]) -> dict[Group, list[Item]]:
    """In their order, by whatever they have in common."""
    found: dict[Group, list[Item]] = {}
    for event in events:
        found.setdefault(by(event), []).append(event)
    return found


def crossings(
    events: Sequence[Event], span: timedelta, limit: int, counted: Callable[[Event], Hashable] | None = None
) -> Iterator[list[Event]]:
    """The events of a span, each time the distinct values of ``counted`` in it (or they themselves) reach the limit.

    While they stay there nothing more is said; when they fell below and rise again, it is.
    """
    inside: deque[tuple[Event, Hashable]] = deque()
    seen: Counter[Hashable] = Counter()
    above = False
    for number, event in enumerate(events):
        value = counted(event) if counted else number
        inside.append((event, value))
        seen[value] += 1
        while event.at - inside[0][0].at > span:
            _, gone = inside.popleft()
            seen[gone] -= 1
            if not seen[gone]:
                del seen[gone]
        reached = len(seen) >= limit
        if reached and not above:
            yield [each for each, _ in inside]
        above = reached


def bucket(moment: datetime, span: timedelta) -> int:
    """The number of the span in which a moment falls: what goes on alerts at most once in each."""
    return int(moment.timestamp() // max(span.total_seconds(), 1))


def ids_of(events: Sequence[Item]) -> tuple[UUID, ...]:
    """The newest of them, as evidence."""
    return tuple(event.id for event in events[-MOST_EVIDENCE:])

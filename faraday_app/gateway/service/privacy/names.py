"""The names, e-mail addresses and ids of an organisation's people, and where they occur in a text."""

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core.database import transaction
from faraday_app.core.facts import Fact, listener
from faraday_app.core.permissions import Actor
from faraday_app.organizations.models import Membership

REMEMBERED_FOR = 60.0  # seconds; a fact ends it sooner
MOST_ORGANIZATIONS = 100
MOST_PEOPLE = 200_000
SHORTEST = 2  # letters of a part of a name that is hidden when it stands alone

# Parts of names that are words of their own: hidden only within a whole name.
_PARTICLES = {"al", "an", "and", "bin", "da", "de", "del", "den", "der", "di", "dos", "du", "el", "ibn", "la", "le"}
_PARTICLES |= {"los", "of", "san", "st", "the", "van", "ver", "von", "y", "zu"}
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]{2,})*")
_EMAIL = re.compile(r"[\w.!#$%&*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody's name, or a part of it, address or id, from ``start`` to ``end`` of a text."""

    start: int
    end: int
    kind: str  # "name", "mail" or "id"


class Names:
    """What to look for. A part of a name alone counts where it is written like a name, a whole name however written."""

    def __init__(self, people: Iterable[tuple[UUID, str, str]]) -> None:
        self._parts: set[str] = set()
        self._whole: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._mails: set[str] = set()
        self._ids: set[str] = set()
        for id, name, mail in people:
            self._ids.add(str(id))
            self._mails.add(mail.casefold())
            parts = tuple(word.group().casefold() for word in _WORD.finditer(name))
            self._parts.update(part for part in parts if len(part) >= SHORTEST and part not in _PARTICLES)
            if len(parts) > 1:
                self._whole[parts[0]].add(parts)

    def within(self, text: str) -> list[Found]:
        """Every occurrence, in order; none overlaps another."""
        found = [Found(*match.span(), "mail") for match in _EMAIL.finditer(text) if self._is_ours(match.group())]
        found += [Found(*match.span(), "id") for match in _ID.finditer(text) if match.group().casefold() in self._ids]
        taken = [(each.start, each.end) for each in found]
        found += [each for each in self._names(text) if not any(a < each.end and each.start < b for a, b in taken)]
        return sorted(found, key=lambda each: each.start)

    def _is_ours(self, mail: str) -> bool:
        return mail.casefold().rstrip(".") in self._mails

    def _names(self, text: str) -> Iterator[Found]:
        words = list(_WORD.finditer(text))
        folded = [word.group().casefold() for word in words]
        at = 0
        while at < len(words):
            length = self._whole_name_at(folded, at)
            if length:
                yield from (Found(*words[place].span(), "name") for place in range(at, at + length))
            elif folded[at] in self._parts and words[at].group()[0].isupper():
                yield Found(*words[at].span(), "name")
            at += length or 1

    def _whole_name_at(self, folded: list[str], at: int) -> int:
        """How many words of a whole name begin here; its order may be turned, as in lists of a class."""
        longest = max(
            (len(parts) for parts in self._whole.get(folded[at], ()) if tuple(folded[at : at + len(parts)]) == parts),
            default=0,
        )
        if longest or at + 1 >= len(folded):
            return longest
        turned = (folded[at + 1], folded[at])
        return 2 if turned in self._whole.get(folded[at + 1], ()) else 0


class _Known:
    """The newest organisations' names."""

    def __init__(self) -> None:
        self._names: OrderedDict[UUID, tuple[float, Names]] = OrderedDict()
        self._listens = False

    async def of(self, organization_id: UUID) -> Names:
        if not self._listens:
            self._listens = True
            listener.on_fact(self._hear)
            listener.on_gap(self._names.clear)
        kept = self._names.get(organization_id)
        if kept and kept[0] > monotonic():
            return kept[1]
        names = Names(await _people(organization_id))
        self._names[organization_id] = monotonic() + REMEMBERED_FOR, names
        self._names.move_to_end(organization_id)
        while len(self._names) > MOST_ORGANIZATIONS:
            self._names.popitem(last=False)
        return names

    def _hear(self, fact: Fact) -> None:
        kind, _, id = str(fact["topic"]).partition(":")
        if kind == "people":
            self._names = OrderedDict((known, kept) for known, kept in self._names.items() if str(known) != id)


async def _people(organization_id: UUID) -> list[tuple[UUID, str, str]]:
    query = (
        select(col(User.id), col(User.name), col(User.email))
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(col(Membership.organization_id) == organization_id)
        .limit(MOST_PEOPLE)
    )
    async with transaction(Actor.system(organization_id)) as session:
        return [(row[0], row[1], row[2]) for row in await session.execute(query)]


_known = _Known()


async def names_of(organization_id: UUID) -> Names:
    """Of everybody who is or was a member."""
    return await _known.of(organization_id)

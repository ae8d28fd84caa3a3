"""Whether an address may call: the rules for all, those of an organisation, and what was blocked automatically."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from faraday_app.core.addresses.client import place_of
from faraday_app.core.addresses.rules import Book, Verdict
from faraday_app.core.errors import NotPermitted
from faraday_app.core.kept import Kept

REFUSAL = "Your organisation does not allow this from where you are. Ask an administrator."


class Only(NamedTuple):
    """Who may call from allowed addresses only."""

    staff: bool = False
    api: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    everyone: Book = field(default_factory=Book)
    books: dict[UUID, Book] = field(default_factory=dict)
    only: dict[UUID, Only] = field(default_factory=dict)


rules: Kept[Rules] = Kept("addresses", Rules())
# Place -> when its automatic block ends, in seconds since the epoch.
blocks: Kept[dict[str, float]] = Kept("address_blocks", {}, patience=0.25)


class Hits:
    """How often each rule applied since it was last written down."""

    def __init__(self) -> None:
        self._counts: Counter[UUID] = Counter()

    def count(self, verdict: Verdict) -> None:
        if verdict.by:
            self._counts[verdict.by] += 1
        self._counts.update(verdict.shadows)

    def taken(self) -> dict[UUID, int]:
        counts, self._counts = self._counts, Counter()
        return dict(counts)

    def give_back(self, counts: dict[UUID, int]) -> None:
        self._counts.update(counts)


hits = Hits()


async def admits_anybody(address: str) -> bool:
    """Before it is known who calls: Faraday's own rules, then automatic blocks."""
    now = time.time()
    verdict = (await rules.fresh()).everyone.verdict(address, now)
    hits.count(verdict)
    if verdict.decided:
        return verdict.allowed
    return (await blocks.fresh()).get(place_of(address), 0.0) <= now


async def admits(address: str, organization_id: UUID | None, *, staff: bool, api: bool) -> bool:
    """Whether the rules of the caller's organisation let it call from there."""
    known = await rules.fresh()
    if organization_id is None:
        return True
    verdict = known.books.get(organization_id, Book()).verdict(address, time.time())
    hits.count(verdict)
    if verdict.decided:
        return verdict.allowed
    only = known.only.get(organization_id, Only())
    return not ((only.staff and staff) or (only.api and api))


async def must_be_admitted(address: str, organization_id: UUID | None, *, staff: bool, api: bool) -> None:
    if not await admits(address, organization_id, staff=staff, api=api):
        raise NotPermitted(REFUSAL)

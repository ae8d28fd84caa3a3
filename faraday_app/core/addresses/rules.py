"""Which rule an address falls under: looked up by prefix length, however many rules there are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from faraday_app.core.addresses.client import IP, parsed
from faraday_app.core.geo import country_at_hand

# From the narrowest to the widest: how far an address is shifted, and what is then found by number.
Shelf = list[tuple[int, dict[int, "Entry"]]]


class Kind(StrEnum):
    allow = "allow"
    block = "block"


class Entry(NamedTuple):
    """A rule: a CIDR or the two letters of a country. In shadow it is counted and does nothing."""

    id: UUID
    kind: Kind
    what: str
    shadow: bool = False
    until: float = 0.0  # seconds since the epoch; 0: for good


class Verdict(NamedTuple):
    """``by`` and ``shadows`` are rules to count. ``decided``: by a rule for addresses or countries, not by default."""

    allowed: bool
    by: UUID | None = None
    shadows: tuple[UUID, ...] = ()
    decided: bool = False


def network_of(text: str) -> IPv4Network | IPv6Network | None:
    """A CIDR in any spelling; an IPv4 one within IPv6 as what it is."""
    address, slash, length = text.strip().partition("/")
    found = parsed(address)
    if found is None:
        return None
    bits = int(length) if length.isdecimal() and length.isascii() and len(length) <= 3 else -1
    if not slash:
        bits = found.max_prefixlen
    elif found.version == 4 and ":" in address:
        bits -= 96
    try:
        return ip_network((found, bits), strict=False) if bits >= 0 else None
    except ValueError:
        return None


@dataclass(slots=True)
class Book:
    """The rules of one organisation, or those for all. Explicit allow, explicit block, then countries."""

    _shelves: dict[tuple[Kind, int], Shelf] = field(default_factory=dict)
    _countries: dict[str, list[Entry]] = field(default_factory=dict)
    has_allowed: bool = False

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Book":
        book = cls()
        for entry in entries:
            book._add(entry)
        for shelf in book._shelves.values():
            shelf.sort(key=itemgetter(0))
        return book

    def _add(self, entry: Entry) -> None:
        network = network_of(entry.what)
        if network is None:
            self._countries.setdefault(entry.what.upper(), []).append(entry)
        else:
            shift = network.max_prefixlen - network.prefixlen
            shelf = self._shelves.setdefault((entry.kind, network.version), [])
            found = next((table for width, table in shelf if width == shift), None)
            if found is None:
                shelf.append((shift, found := {}))
            found[int(network.network_address) >> shift] = entry
        self.has_allowed = self.has_allowed or (entry.kind is Kind.allow and not entry.shadow)

    def verdict(self, address: str, now: float) -> Verdict:
        """What the rules say of an address at this moment. Nothing of what is no address."""
        found = parsed(address)
        if found is None or not (self._shelves or self._countries):
            return Verdict(True)
        shadows: list[UUID] = []
        for kind in (Kind.allow, Kind.block):
            if entry := self._match(kind, found, now, shadows):
                return Verdict(kind is Kind.allow, entry.id, tuple(shadows), True)
        if self._countries:
            entries = sorted(self._countries.get(country_at_hand(str(found)), []), key=lambda entry: entry.kind)
            live = [entry for entry in entries if not entry.until or entry.until > now]
            shadows += [entry.id for entry in live if entry.shadow]
            for entry in (entry for entry in live if not entry.shadow):
                return Verdict(entry.kind is Kind.allow, entry.id, tuple(shadows), True)
        return Verdict(True, None, tuple(shadows))

    def _match(self, kind: Kind, address: IP, now: float, shadows: list[UUID]) -> Entry | None:
        """The narrowest live rule of a kind around an address."""
        number = int(address)
        for shift, table in self._shelves.get((kind, address.version), ()):
            entry = table.get(number >> shift)
            if entry is None or (entry.until and entry.until <= now):
                continue
            if not entry.shadow:
                return entry
            shadows.append(entry.id)
        return None

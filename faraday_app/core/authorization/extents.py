"""All that somebody may, for a moment and an address: worked out once, so that a click asks a set."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import lru_cache

from faraday_app.core.authorization.conditions import Truth, boundaries, judge
from faraday_app.core.authorization.rules import PLATFORM, Effect, Rule, Subject, covers


class Extent(IntEnum):
    """How far a permission goes: not at all, under conditions, or without any."""

    none = 0
    limited = 1
    full = 2


@dataclass(frozen=True, slots=True)
class Rights:
    """``granted`` holds what is allowed at all; of it ``depending`` is decided for each thing."""

    granted: frozenset[str]
    depending: frozenset[str]


def rights(subject: Subject, permissions: Iterable[str], moment: datetime, address: str = "") -> Rights:
    """What the subject may without looking at any thing. Denials about things are left to the thing."""
    wanted = frozenset(permissions)
    found: dict[str, Extent] = {}
    denied: set[str] = set()
    for rule in _lasting(subject, moment):
        truth = judge(rule.conditions, subject, None, moment, address).truth
        if rule.effect is Effect.deny:
            denied |= _about(rule.pattern, wanted) if truth in (Truth.yes, Truth.unknown_address) else frozenset()
        elif truth in (Truth.yes, Truth.needs_thing):
            extent = Extent.full if truth is Truth.yes else Extent.limited
            for permission in _about(rule.pattern, wanted):
                found[permission] = max(extent, found.get(permission, extent))
    for permission in denied:
        found.pop(permission, None)
    if subject.platform_admin:
        found |= dict.fromkeys(wanted & PLATFORM, Extent.full)
    return Rights(frozenset(found), frozenset(each for each, extent in found.items() if extent is Extent.limited))


@lru_cache(maxsize=2_048)
def _about(pattern: str, permissions: frozenset[str]) -> frozenset[str]:
    """Which of the permissions a rule for the pattern is about; those of the platform no rule decides."""
    return frozenset(each for each in permissions - PLATFORM if covers(pattern, each))


def extent(subject: Subject, permission: str, moment: datetime) -> Extent:
    """How far the permission goes at this moment, whatever the time of day, the address or the thing."""
    if permission in PLATFORM:
        return Extent.full if subject.platform_admin else Extent.none
    about = [rule for rule in _lasting(subject, moment) if covers(rule.pattern, permission)]
    if any(rule.effect is Effect.deny and not rule.conditions for rule in about):
        return Extent.none
    allowing = [rule for rule in about if rule.effect is Effect.allow]
    if not allowing:
        return Extent.none
    limited = len(allowing) < len(about) or all(rule.conditions for rule in allowing)
    return Extent.limited if limited else Extent.full


def lasting(subject: Subject, permission: str, moment: datetime) -> bool:
    """Whether nothing that is foreseen can take the permission away: no expiry, no condition, no denial."""
    about = [rule for rule in _lasting(subject, moment) if covers(rule.pattern, permission)]
    if any(rule.effect is Effect.deny for rule in about):
        return False
    roles = [role for each in subject.holdings if each.expires_at is None for role in each.role.line()]
    steady = [rule for role in roles for rule in role.rules] + list(subject.rules)
    return any(
        rule.effect is Effect.allow
        and rule.expires_at is None
        and not rule.conditions
        and covers(rule.pattern, permission)
        for rule in steady
    )


def next_change(subject: Subject, moment: datetime) -> datetime | None:
    """When time alone may next change what the subject may; None: never."""
    expiries = [each.expires_at for each in subject.holdings]
    found: list[datetime] = []
    for rule in _all(subject):
        expiries.append(rule.expires_at)
        if rule.conditions.hours:
            found += boundaries(rule.conditions.hours, subject.zone, moment)
    found += [expiry for expiry in expiries if expiry]
    return min((each for each in found if each > moment), default=None)


def asks_for_address(subject: Subject) -> bool:
    return any(rule.conditions.addresses for rule in _all(subject))


def asks_for_things(subject: Subject) -> bool:
    return any(rule.conditions.about_things for rule in _all(subject))


def asks_for_relations(subject: Subject) -> bool:
    """Whether any rule goes by their classes or their children."""
    return any(rule.conditions.own_class or rule.conditions.own_child for rule in _all(subject))


def _all(subject: Subject) -> list[Rule]:
    held = [rule for each in subject.holdings for role in each.role.line() for rule in role.rules]
    return [*held, *subject.rules]


def _lasting(subject: Subject, moment: datetime) -> Iterator[Rule]:
    for holding in subject.holdings:
        if holding.lasts(moment):
            for role in holding.role.line():
                yield from (rule for rule in role.rules if rule.lasts(moment))
    yield from (rule for rule in subject.rules if rule.lasts(moment))

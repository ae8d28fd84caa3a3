"""What is decided about: rules, the roles that hold them, the person and the thing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from functools import cached_property, lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

PLATFORM = frozenset({"organizations:manage", "platform:read"})
"""Rights over the installation, which no role of an organisation can give."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_ADDRESSES = 20


class Effect(StrEnum):
    allow = "allow"
    deny = "deny"


class Hours(BaseModel):
    """A time of the week in the organisation's zone. The end is not part of it; an end before the start is after
    midnight, and such a night belongs to the day on which it begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: tuple[int, ...] = Field((0, 1, 2, 3, 4, 5, 6), min_length=1, max_length=7, description="0 is Monday.")
    start: str = Field("00:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["08:00"])
    end: str = Field("00:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["16:30"])

    @field_validator("days")
    @classmethod
    def _of_the_week(cls, days: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 0 <= day <= 6 for day in days):
            raise ValueError("days are 0 (Monday) to 6 (Sunday)")
        return tuple(sorted(set(days)))

    @cached_property
    def words(self) -> str:
        days = "every day" if len(self.days) == 7 else ", ".join(DAYS[day][:3] for day in self.days)
        return days if self.start == self.end else f"{days} {self.start}–{self.end}"


class Conditions(BaseModel):
    """All of them must hold. Empty ones always do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    own_class: bool = False
    own_child: bool = False
    own_department: bool = False
    hours: Hours | None = None
    addresses: tuple[str, ...] = Field((), max_length=MOST_ADDRESSES, examples=[["192.0.2.0/24"]])

    @field_validator("addresses")
    @classmethod
    def _networks(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(ip_network(address.strip(), strict=False)) for address in addresses)

    @cached_property
    def about_things(self) -> bool:
        return self.own_class or self.own_child or self.own_department

    @cached_property
    def any(self) -> bool:
        return self.about_things or self.hours is not None or bool(self.addresses)

    def __bool__(self) -> bool:
        return self.any

    @cached_property
    def words(self) -> str:
        """In a few words: "own department · Mon, Tue 08:00–16:00"; empty when there are none."""
        things = [("own class", self.own_class), ("own child", self.own_child), ("own department", self.own_department)]
        said = [words for words, asked in things if asked]
        return " · ".join([*said, *([self.hours.words] if self.hours else []), *self.addresses])


ALWAYS = Conditions()


@dataclass(frozen=True, slots=True)
class Rule:
    """Allows or denies a permission, or all of a resource (`people:*`), or all (`*`)."""

    effect: Effect
    pattern: str
    conditions: Conditions = ALWAYS
    expires_at: datetime | None = None

    def lasts(self, moment: datetime) -> bool:
        return self.expires_at is None or moment < self.expires_at


@dataclass(frozen=True, slots=True)
class RoleRules:
    """A role: its own rules, and the role it inherits from."""

    key: str
    name: str
    rules: tuple[Rule, ...] = ()
    parent: "RoleRules | None" = None

    def line(self) -> Iterator["RoleRules"]:
        """The role and those above it. A circle, which the services refuse, ends where it began."""
        seen: set[str] = set()
        role: RoleRules | None = self
        while role is not None and role.key not in seen:
            seen.add(role.key)
            yield role
            role = role.parent


@dataclass(frozen=True, slots=True)
class Holding:
    """A role that somebody holds, for good or until a moment."""

    role: RoleRules
    expires_at: datetime | None = None

    def lasts(self, moment: datetime) -> bool:
        return self.expires_at is None or moment < self.expires_at


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks, with everything that decides what they may."""

    user_id: UUID
    organization_id: UUID
    name: str = ""
    holdings: tuple[Holding, ...] = ()
    rules: tuple[Rule, ...] = ()
    department_id: UUID | None = None
    class_ids: frozenset[UUID] = frozenset()
    child_ids: frozenset[UUID] = frozenset()
    zone: str = "UTC"
    platform_admin: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """The thing it is about, and whose it is. What nobody knows stays empty, and then no condition on it holds."""

    kind: str
    id: UUID | None = None
    organization_id: UUID | None = None
    owner_id: UUID | None = None
    department_id: UUID | None = None
    class_ids: frozenset[UUID] = field(default_factory=frozenset)
    student_ids: frozenset[UUID] = field(default_factory=frozenset)


def covers(pattern: str, permission: str) -> bool:
    """Whether a rule for the pattern is about the permission. Nothing but its own name covers one of the platform."""
    if pattern == permission:
        return True
    if permission in PLATFORM or not pattern.endswith("*"):
        return False
    return pattern == "*" or (pattern.endswith(":*") and permission.startswith(pattern[:-1]))


@lru_cache(maxsize=2_048)
def network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text, strict=False)


@lru_cache(maxsize=2_048)
def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """The address, one of IPv4 that was wrapped into IPv6 as what it is; None for what is no address."""
    try:
        found = ip_address(text.strip().split("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


@lru_cache(maxsize=2_048)
def clock(text: str) -> time:
    return time.fromisoformat(text)

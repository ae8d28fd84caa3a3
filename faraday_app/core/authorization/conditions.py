"""Whether the conditions of a rule hold, and why, in words."""

from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from faraday_app.core.authorization.rules import Conditions, Hours, Resource, Subject, address_of, clock, network


class Truth(Enum):
    """``needs_thing``: it depends on a thing that was not named."""

    yes = "yes"
    no = "no"
    unknown_address = "unknown address"
    needs_thing = "needs a thing"


class Found(NamedTuple):
    truth: Truth
    why: str


HOLDS = Found(Truth.yes, "")


@lru_cache(maxsize=512)
def zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def judge(conditions: Conditions, subject: Subject, resource: Resource | None, moment: datetime, address: str) -> Found:
    """The first condition that does not hold; what is certainly wrong comes before what is only unknown."""
    if not conditions.any:
        return HOLDS
    worst = HOLDS
    if conditions.hours is not None:
        worst = _hours(conditions.hours, subject.zone, moment)
        if worst.truth is Truth.no:
            return worst
    if conditions.addresses:
        found = _address(conditions.addresses, address)
        if found.truth is Truth.no:
            return found
        worst = found
    if not conditions.about_things:
        return worst
    found = _thing(conditions, subject, resource)
    return found if found.truth in (Truth.no, Truth.needs_thing) or worst.truth is Truth.yes else worst


@lru_cache(maxsize=256)
def _local(moment: datetime, zone: str) -> tuple[datetime, str]:
    """The moment on the organisation's clock, and how it is said: worked out once for all rules of a decision."""
    here = moment.astimezone(zone_named(zone))
    return here, f"{here:%a %H:%M} in {zone}"


def in_hours(hours: Hours, zone: str, moment: datetime) -> bool:
    here, _ = _local(moment, zone)
    start, end, now = clock(hours.start), clock(hours.end), here.time().replace(tzinfo=None)
    today, yesterday = here.weekday() in hours.days, (here.weekday() - 1) % 7 in hours.days
    if start == end:
        return today
    if start < end:
        return today and start <= now < end
    return (today and now >= start) or (yesterday and now < end)


def boundaries(hours: Hours, zone: str, moment: datetime) -> list[datetime]:
    """The moments of the next two days at which it may begin or end."""
    here = moment.astimezone(zone_named(zone))
    days = [(here + timedelta(days=ahead)).date() for ahead in range(3)]
    times = {clock(hours.start), clock(hours.end), clock("00:00")}
    return [datetime.combine(day, each, here.tzinfo).astimezone(moment.tzinfo) for day in days for each in times]


def _hours(hours: Hours, zone: str, moment: datetime) -> Found:
    _, said = _local(moment, zone)
    if in_hours(hours, zone, moment):
        return Found(Truth.yes, f"{said} is within {hours.words}")
    return Found(Truth.no, f"{said} is outside {hours.words}")


@lru_cache(maxsize=4_096)
def _address(addresses: tuple[str, ...], address: str) -> Found:
    found = address_of(address)
    if found is None:
        return Found(Truth.unknown_address, "the address is not known")
    if any(found in network(each) for each in addresses if network(each).version == found.version):
        return Found(Truth.yes, f"{found} is in {', '.join(addresses)}")
    return Found(Truth.no, f"{found} is not in {', '.join(addresses)}")


def _thing(conditions: Conditions, subject: Subject, resource: Resource | None) -> Found:
    if resource is None:
        return Found(Truth.needs_thing, f"it depends on what it is done to ({conditions.words}), and nothing was named")
    if conditions.own_department and (subject.department_id is None or subject.department_id != resource.department_id):
        return Found(Truth.no, "it is not of the person's own department")
    if conditions.own_class and not subject.class_ids & resource.class_ids:
        return Found(Truth.no, "it is not of a class of theirs")
    if conditions.own_child and not subject.child_ids & resource.student_ids:
        return Found(Truth.no, "it is not of a child of theirs")
    return Found(Truth.yes, f"it is theirs: {conditions.words}")

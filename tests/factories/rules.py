"""Made-up rules, roles, people and moments for the resolver, and the same question answered as plainly as can be."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from faraday_app.core.authorization import (
    ALWAYS,
    Conditions,
    Effect,
    Holding,
    Hours,
    Resource,
    RoleRules,
    Rule,
    Subject,
    decide,
)
from faraday_app.core.permissions import Permission

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday
SCHOOL, ELSEWHERE, SCIENCE, ARTS, CLASS, CHILD = (UUID(int=number) for number in range(1, 7))
PERMISSIONS = [Permission.people_read, Permission.people_manage, Permission.audit_read]
PATTERNS = [*PERMISSIONS, "people:*", "audit:*", "*"]
ADDRESSES = ["192.0.2.7", "198.51.100.9", "2001:db8::1", ""]

moments = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
clocks = st.times().map(lambda time: f"{time:%H:%M}")
hours = st.builds(Hours, days=st.sets(st.integers(0, 6), min_size=1).map(tuple), start=clocks, end=clocks)
conditions = st.builds(
    Conditions,
    own_class=st.booleans(),
    own_child=st.booleans(),
    own_department=st.booleans(),
    hours=st.none() | hours,
    addresses=st.sampled_from([(), ("192.0.2.0/24",), ("2001:db8::/32", "198.51.100.9")]),
)
rules = st.builds(
    Rule,
    st.sampled_from(Effect),
    st.sampled_from(PATTERNS),
    st.just(ALWAYS) | conditions,
    st.none() | moments,
)
roles = st.recursive(
    st.builds(RoleRules, st.uuids().map(str), st.just("Role"), st.lists(rules, max_size=4).map(tuple)),
    lambda parent: st.builds(
        RoleRules, st.uuids().map(str), st.just("Heir"), st.lists(rules, max_size=4).map(tuple), parent
    ),
    max_leaves=4,
)
subjects = st.builds(
    Subject,
    st.just(CHILD),
    st.just(SCHOOL),
    holdings=st.lists(st.builds(Holding, roles, st.none() | moments), max_size=3).map(tuple),
    rules=st.lists(rules, max_size=4).map(tuple),
    department_id=st.sampled_from([None, SCIENCE]),
    class_ids=st.sampled_from([frozenset(), frozenset({CLASS})]),
    child_ids=st.sampled_from([frozenset(), frozenset({CHILD})]),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]),
)
resources = st.none() | st.builds(
    Resource,
    st.just("person"),
    organization_id=st.sampled_from([None, SCHOOL, ELSEWHERE]),
    department_id=st.sampled_from([None, SCIENCE, ARTS]),
    class_ids=st.sampled_from([frozenset(), frozenset({CLASS})]),
    student_ids=st.sampled_from([frozenset(), frozenset({CHILD})]),
)
questions = st.tuples(subjects, st.sampled_from(PERMISSIONS), resources, moments, st.sampled_from(ADDRESSES))


def person(*own: Rule, roles: tuple[Holding, ...] = (), **facts: object) -> Subject:
    return Subject(CHILD, SCHOOL, holdings=roles, rules=own, **facts)


def allow(pattern: str = "people:read", **limits: object) -> Rule:
    return Rule(Effect.allow, pattern, Conditions(**limits))


def deny(pattern: str = "people:read", **limits: object) -> Rule:
    return Rule(Effect.deny, pattern, Conditions(**limits))


def allowed(subject: Subject, resource: Resource | None = None, moment: datetime = NOON, address: str = "") -> bool:
    return decide(subject, Permission.people_read, resource, moment, address).allowed


def naive(subject: Subject, permission: str, resource: Resource | None, moment: datetime, address: str) -> bool:
    """The same question answered as plainly as it can be said."""
    if resource and resource.organization_id not in (None, SCHOOL):
        return False
    found = list(subject.rules)
    for holding in subject.holdings:
        role = holding.role if holding.expires_at is None or holding.expires_at > moment else None
        while role:
            found += role.rules
            role = role.parent
    applying = {
        rule.effect
        for rule in found
        if rule.pattern in ("*", permission, permission.split(":", maxsplit=1)[0] + ":*")
        and (rule.expires_at is None or rule.expires_at > moment)
        and _holds(rule, subject, resource, moment, address)
    }
    return applying == {Effect.allow}


def _holds(rule: Rule, subject: Subject, resource: Resource | None, moment: datetime, address: str) -> bool:
    asked = rule.conditions
    if asked.hours:
        here = moment.astimezone(ZoneInfo(subject.zone))
        minute = here.hour * 60 + here.minute
        start, end = (int(text[:2]) * 60 + int(text[3:]) for text in (asked.hours.start, asked.hours.end))
        today, before = here.weekday() in asked.hours.days, (here.weekday() + 6) % 7 in asked.hours.days
        if start < end:
            within = today and start <= minute < end
        else:
            within = (today and minute >= start) or (before and minute < end)
        if not (today if start == end else within):
            return False
    if asked.addresses and (address or rule.effect is Effect.allow):
        inside = address and any(ip_address(address) in ip_network(each) for each in asked.addresses)
        if not inside:
            return False
    thing = resource or Resource("none")
    near = subject.department_id is not None and subject.department_id == thing.department_id
    return (
        (not asked.own_department or near)
        and (not asked.own_class or bool(subject.class_ids & thing.class_ids))
        and (not asked.own_child or bool(subject.child_ids & thing.student_ids))
    )

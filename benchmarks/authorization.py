"""A decision: what it costs to say whether somebody may do something, and why."""

import time
from datetime import UTC, datetime, timedelta

from benchmarks.figures import Figure, milliseconds, percentile, spread
from benchmarks.served import Served
from faraday_app.core.authorization import (
    Conditions,
    Effect,
    Holding,
    Hours,
    Resource,
    RoleRules,
    Rule,
    Subject,
    decide,
    rights,
)
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Permission

RULES = 200
MOST_WANTED = 1.0  # ms, at p99


async def measure(app: Served, quick: bool) -> list[Figure]:
    """In this process: the resolver is pure, and asks no service."""
    times = 2_000 if quick else 20_000
    subject, moment = _subject(), datetime(2026, 11, 24, 12, tzinfo=UTC)
    thing = Resource("person", new_id(), subject.organization_id, department_id=subject.department_id)
    decided, granted = [], []
    for _ in range(times):
        begun = time.perf_counter()
        decide(subject, Permission.people_read, thing, moment, "192.0.2.7")
        decided.append(time.perf_counter() - begun)
    for _ in range(times // 20):
        begun = time.perf_counter()
        rights(subject, Permission, moment, "192.0.2.7")
        granted.append(time.perf_counter() - begun)
    note = f"{RULES} rules about the permission, each looked at"
    slow = percentile(milliseconds(decided), 99)
    return [
        spread("decision", "ms", milliseconds(decided), target=MOST_WANTED, note=note),
        Figure("decision, p99", "ms", slow, target=MOST_WANTED, note=note),
        spread("all rights of a person", "ms", milliseconds(granted), note=f"{RULES} rules, once for each actor"),
    ]


def _subject() -> Subject:
    """Of ten roles in a line, with every kind of condition; all rules are about what is asked."""
    kinds = [
        Conditions(),
        Conditions(own_department=True),
        Conditions(hours=Hours(days=(0, 1, 2, 3, 4), start="08:00", end="16:00")),
        Conditions(addresses=("198.51.100.0/24", "2001:db8::/32")),
    ]
    until = datetime(2030, 1, 1, tzinfo=UTC) + timedelta(days=1)
    role = None
    for depth in range(10):
        rules = tuple(
            Rule(Effect.allow, ("people:read", "people:*", "*")[number % 3], kinds[number % 4], until)
            for number in range(RULES // 10)
        )
        role = RoleRules(str(depth), f"Role {depth}", rules, role)
    assert role
    return Subject(new_id(), new_id(), "Maya", (Holding(role),), (), new_id(), zone="Europe/Berlin")

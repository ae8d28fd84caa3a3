"""The calculator of the gradebook: one student, a whole class, and drops where there are many to choose from."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from benchmarks.figures import Figure, milliseconds, spread
from benchmarks.served import Served
from faraday_app.gradebook.calculation import DropBy, Group, Rules, Scheme, Sheet, Work, calculate, goal

STUDENTS, WORK, GROUPS, MANY = 200, 100, 5, 200
MOST_OF_ONE = 1.0  # ms


async def measure(app: Served, quick: bool) -> list[Figure]:
    """In this process: the calculator is pure, and asks no service. Scores in hundredths, a tenth missing."""
    times = 100 if quick else 1_000
    chance = random.Random(200)
    one = _sheet(chance, Scheme.weighted)
    school = [_sheet(chance, Scheme.weighted) for _ in range(STUDENTS)]
    calm = [_calm(sheet) for sheet in school]
    rules = Rules(lowest=60, highest=40)
    many, by_percent = (Sheet((_group(chance, 1, MANY, Rules(rules.lowest, rules.highest, by=by)),)) for by in DropBy)
    about = f"{WORK} assignments in {GROUPS} groups, each drops 2 low and 1 high; both results"
    return [
        _figure("grades of a student", lambda: calculate(one), times, about, target=MOST_OF_ONE),
        _figure(
            "  with their derivation", lambda: calculate(one).final.derivation, times, "what a receipt is drawn from"
        ),
        _figure(f"grades of {STUDENTS} students", lambda: list(map(calculate, school)), times // 50, about),
        _figure("  where one group drops one", lambda: list(map(calculate, calm)), times // 50, "the others keep all"),
        _figure(f"drops among {MANY}", lambda: calculate(many), times // 4, "60 low, 40 high, for the best total"),
        _figure(f"drops among {MANY}, by percent", lambda: calculate(by_percent), times // 4, "60 low, 40 high"),
        _figure("what is needed for a B+", lambda: goal(one, 3, 87), times // 10, about),
    ]


def _figure(name: str, work: Callable[[], object], times: int, note: str, *, target: float | None = None) -> Figure:
    work()
    samples = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        samples.append(time.perf_counter() - begun)
    return spread(name, "ms", milliseconds(samples), target=target, note=note)


def _sheet(chance: random.Random, scheme: Scheme) -> Sheet:
    rules = Rules(lowest=2, highest=1)
    return Sheet(tuple(_group(chance, each, WORK // GROUPS, rules) for each in range(GROUPS)), scheme)


def _calm(sheet: Sheet) -> Sheet:
    first, *others = sheet.groups
    kept = (replace(group, rules=Rules()) for group in others)
    return replace(sheet, groups=(replace(first, rules=Rules(lowest=1)), *kept))


def _group(chance: random.Random, number: int, count: int, rules: Rules) -> Group:
    first = number * 1_000
    work = []
    for place in range(count):
        possible = chance.choice([10, 20, 25, 50, 100])
        score = None if chance.random() < 0.1 else Decimal(chance.randrange(possible * 100)) / 100
        work.append(Work(first + place, possible, score))
    protected = Rules(rules.lowest, rules.highest, frozenset({first}), rules.by)
    return Group(number, tuple(work), 100 // GROUPS, protected)

"""Sheets of one student in few words."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from faraday_app.gradebook.calculation import Aggregate, DropBy, Group, Rules, Scheme, Sheet, Work


def works(*pairs: tuple[Any, Any], first: int = 1, **more: Any) -> tuple[Work, ...]:
    """Of (score, possible), with ids that count up; numbers may be written as text."""
    return tuple(
        Work(first + place, number(possible), number(score), **more) for place, (score, possible) in enumerate(pairs)
    )


def group(
    *pairs: tuple[Any, Any],
    id: int = 1,
    weight: Any = None,
    lowest: int = 0,
    highest: int = 0,
    never: Iterable[int] = (),
    by: DropBy = DropBy.best_total,
    aggregate: Aggregate = Aggregate.sum,
) -> Group:
    """Its work has the ids 100 × its own + 1, + 2 …; `never` counts them from 1."""
    first = id * 100
    rules = Rules(lowest, highest, frozenset(first + place for place in never), by)
    return Group(id, works(*pairs, first=first + 1), number(weight), rules, aggregate)


def points(*groups: Group, **more: Any) -> Sheet:
    return Sheet(groups, Scheme.points, **more)


def weighted(*groups: Group, **more: Any) -> Sheet:
    return Sheet(groups, Scheme.weighted, **more)


def number(value: Any) -> Any:
    return Decimal(value) if isinstance(value, str) else value

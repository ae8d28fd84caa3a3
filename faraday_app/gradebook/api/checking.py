"""What the parts of a class that is sent have to agree on."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError

from faraday_app.gradebook.api.schemas import MOST_WORK, ClassIn
from faraday_app.gradebook.calculation import Id, flaws

MOST_TOLD = 100
Place = tuple[int | str, ...]


def check(wanted: ClassIn) -> None:
    """Refuses what does not fit together, and names every field to mend."""
    found = [
        {"type": "value_error", "loc": ("body", *place), "msg": words, "input": None} for place, words in _flaws(wanted)
    ]
    if found:
        raise RequestValidationError(found[:MOST_TOLD])


def _flaws(wanted: ClassIn) -> Iterator[tuple[Place, str]]:
    if sum(len(group.assignments) for group in wanted.groups) > MOST_WORK:
        yield ("groups",), f"There are more than {MOST_WORK:,} assignments."
        return
    yield from _twice([("groups", at, "id") for at in range(len(wanted.groups))], [each.id for each in wanted.groups])
    yield from _twice(
        [("periods", at, "id") for at in range(len(wanted.periods))], [each.id for each in wanted.periods]
    )
    yield from _work(wanted)
    for flaw in flaws(wanted.letters or []) if wanted.letters is not None else []:
        yield ("letters",) if flaw.place is None else ("letters", flaw.place), flaw.words


def _work(wanted: ClassIn) -> Iterator[tuple[Place, str]]:
    places: list[Place] = []
    ids: list[Id] = []
    periods = {period.id for period in wanted.periods}
    for at, group in enumerate(wanted.groups):
        own = {work.id for work in group.assignments}
        for place, unprotected in enumerate(group.rules.never_drop):
            if unprotected not in own:
                yield ("groups", at, "rules", "never_drop", place), "There is no such assignment in the group."
        for place, work in enumerate(group.assignments):
            where: Place = ("groups", at, "assignments", place)
            places.append((*where, "id"))
            ids.append(work.id)
            if wanted.weighted_periods and work.period is not None and work.period not in periods:
                yield (*where, "period"), "There is no such grading period."
    yield from _twice(places, ids)


def _twice(places: Sequence[Place], ids: Iterable[Any]) -> Iterator[tuple[Place, str]]:
    seen = set()
    for place, each in zip(places, ids, strict=True):
        if each in seen:
            yield place, f"The id {each!r} is there twice."
        seen.add(each)

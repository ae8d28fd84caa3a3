"""The facts of a total as named blanks: words are written around them, and the figures are put in afterwards. Pure.

Whoever writes the words sees what the blanks are called, and neither a figure nor a title nor a name of anybody.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from faraday_app.gradebook.calculation import Derivation, GroupLine, Kind, Standing, WorkLine, half_up
from faraday_app.gradebook.service.ledger import number
from faraday_app.gradebook.service.records import Record
from faraday_app.gradebook.service.structure import Structure

MOST_TITLES = 4
BLANK = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Blank:
    """``words`` are our own around it, ``said`` is what stands there in the end. ``holds`` are claims true of it
    beside its own (“lowest”, “most of it”)."""

    name: str
    words: str
    said: str
    holds: frozenset[str] = frozenset()


def blanks_of(found: Record, kind: Kind, english: bool = True) -> list[Blank]:
    """The total first; of the rest what there is. The figures are those of the receipt."""
    result = found.grades.current if kind is Kind.current else found.grades.final
    told, structure = result.derivation, found.structure
    blanks = [_total(told), *_parts(structure, told, english)]
    blanks += _dropped({str(work.id): work.title for work in found.work}, told, english)
    return [*blanks, *_late(told, english), *_cap(told), *_waiting(structure, told, english)]


def _total(told: Derivation) -> Blank:
    letter = f" ({told.letter})" if told.letter else ""
    so_far = told.kind is Kind.current
    words = "So far the total is [total]." if so_far else "If ungraded work brings nothing, the total is [total]."
    return Blank("total", words, f"{told.percent} %{letter}")


def filled(sentence: str, blanks: Iterable[Blank]) -> str:
    said = {blank.name: blank.said for blank in blanks}
    return BLANK.sub(lambda found: said.get(named(found[1]), found[0]), sentence)


def named(written: str) -> str:
    """A blank's name, however it was typed."""
    return " ".join(written.lower().replace("_", " ").split())


def ours(blanks: Iterable[Blank]) -> str:
    """Our own sentence, with blanks: an example to a model, and what is read where no model's can be shown."""
    return " ".join(blank.words for blank in blanks)


def _parts(structure: Structure, told: Derivation, english: bool) -> list[Blank]:
    """What the total is made of: grading periods where they have weights, or else groups."""
    names = {str(group.id): group.name for group in structure.groups}
    names |= {str(period.id): period.name for period in structure.periods}
    lines = [(names.get(str(each.id), ""), each.contribution) for each in (told.periods or told.groups)]
    parts = [(name, brought) for name, brought in lines if name and brought is not None]
    if len(parts) < len([1 for _, brought in lines if brought is not None]) or not parts:
        return []
    if len(parts) == 1:
        return [Blank("only part", "All of it comes from [only part].", parts[0][0])]
    best = max(brought for _, brought in parts)
    largest = [each for each in parts if each[1] == best]
    if len(largest) > 1:
        said = _list([_brought(*each) for each in parts], english)
        return [Blank("all parts", "It is made up of [all parts].", said)]
    most = frozenset({"most of"} if told.exact and best * 2 > told.exact else ())
    others = sorted((each for each in parts if each is not largest[0]), key=lambda each: -each[1])
    rest = _list([_brought(*each) for each in others], english)
    first = Blank(
        "largest part",
        "The largest part of it comes from [largest part],",
        _brought(*largest[0]),
        most,
    )
    return [first, Blank("other parts", "with [other parts] beside it.", rest)]


def _brought(name: str, contribution: Fraction) -> str:
    return f"{name} ({half_up(contribution)} %)"


def _dropped(titles: Mapping[str, str], told: Derivation, english: bool) -> list[Blank]:
    gone = [work for work in _work(told) if work.standing in (Standing.dropped_lowest, Standing.dropped_highest)]
    if not gone or len(gone) > MOST_TITLES or any(not titles.get(str(work.id)) for work in gone):
        return []
    lowest = {work.standing is Standing.dropped_lowest for work in gone}
    holds = frozenset({"lowest" if True in lowest else "highest"} if len(lowest) == 1 else ())
    said = _list([f"{titles[str(work.id)]} ({_of(work)})" for work in gone], english)
    words = "[dropped work] was dropped and does not count."
    return [Blank("dropped work", words, said, holds)]


def _late(told: Derivation, english: bool) -> list[Blank]:
    taken = [work.deducted for work in _work(told) if work.deducted]
    if not taken or any(each < 0 for each in taken):
        return []
    total = sum(taken, Fraction())
    unit = f" point{'s' * (total != 1)}" if english else ""
    words = "Late work cost [late penalty], already taken off."
    return [Blank("late penalty", words, f"{_exact(total)}{unit}")]


def _cap(told: Derivation) -> list[Blank]:
    if not told.capped:
        return []
    words = "The class gives no more than [highest percent]."
    return [Blank("highest percent", words, f"{_exact(told.cap)} %")]


def _waiting(structure: Structure, told: Derivation, english: bool) -> list[Blank]:
    """Groups of which nothing counts yet."""
    names = {str(group.id): group.name for group in structure.groups}
    idle = [names[group.id] for group in _groups(told) if group.id in names and not _counts(group)]
    idle = list(dict.fromkeys(idle))
    if not idle or len(idle) > MOST_TITLES or told.periods:
        return []
    words = "Nothing is graded yet in [ungraded groups]."
    return [Blank("ungraded groups", words, _list(idle, english))]


def _counts(group: GroupLine) -> bool:
    return any(work.standing is Standing.kept for work in group.work)


def _groups(told: Derivation) -> list[GroupLine]:
    return [*told.groups, *(group for period in told.periods for group in period.groups)]


def _work(told: Derivation) -> list[WorkLine]:
    return [work for group in _groups(told) for work in group.work]


def _of(work: WorkLine) -> str:
    return f"{_exact(work.score)}/{_exact(work.possible)}" if work.possible is not None else _exact(work.score)


def _exact(value: Fraction | None) -> str:
    return "0" if value is None else number(half_up(value, 4)) if value.denominator != 1 else str(value.numerator)


def _list(each: Sequence[str], english: bool) -> str:
    if len(each) < 2 or not english:
        return ", ".join(each)
    return f"{', '.join(each[:-1])} and {each[-1]}"

"""Locked figures: a sentence about a total may say no figure that its derivation does not have. Pure.

What counts as a figure, and what it has to be:

- digits, with a point or a comma, a sign or an ordinal ending: the number is one of the derivation's, as it is printed
  there (87.5, 87,5 and 87.50 are the same; 87 for 87.49 is another figure). With “%” it is one of its percents, and
  “17 of 20” is a pair that stands there together. A comma before exactly three digits sets thousands apart.
- English number words and ordinals (three, twenty-one, eighty point five, second): the same. Half, quarter, twice,
  double, dozen and their like say a figure that no derivation prints: they are always refused.
- letters of grades (B+, B plus, A−, a bare capital A to F, other names of the class's scheme): that of the derivation.
- dates, times, and digits of other scripts (½, ², ८): always refused.

Titles of work and groups are names, not figures: what stands in them is left out. The check is of figures, not of
sense: it cannot see that true figures were put together to a false sentence, beyond the pairs.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from faraday_app.gradebook.calculation import Derivation, GroupLine, Letters, Standing, half_up

_UNITS = {
    **{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9},
    **{"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16},
    **{"seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
    **{"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000},
}
_ORDINALS = {
    **{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8},
    **{"ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15},
    **{"sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20},
}
_ALL = {**_UNITS, **_ORDINALS}
_ANY = "|".join(sorted(_ALL, key=len, reverse=True))
_SAID = re.compile(rf"\b(?:{_ANY})(?:(?:[\s-]+and\s+|[\s-]+point[\s-]+|[\s-]+)(?:{_ANY}))*\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_PERCENT = re.compile(r"(?:st|nd|rd|th)?[\s-]*(?:%|per\s?cent)", re.IGNORECASE)
_PAIR = re.compile(
    rf"({_NUMBER.pattern})\s*(?:/|(?:out\s+)?of\s+(?:the\s+)?)\s*({_NUMBER.pattern})(?!\s*(?:%|per))", re.IGNORECASE
)
_NEVER = re.compile(
    r"\b(?:half|halves|quarters?|thirds|twice|thrice|doubled?|doubles|triple[ds]?|dozens?|hundreds|thousands|millions?"
    r"|January|February|March|April|June|July|August|September|October|November|December"
    r"|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)(?:day)?\b|\b\d+(?:st|nd|rd|th)?\s+May\b|\bMay\s+\d+|\d+:\d+|\d+\s*-\s*\d+"
    r"|\b(?:a|one)[\s-]+(?:third|fourth|fifth|tenth)\s+of\b",
)
_SIGNED = re.compile(r"(?<![A-Za-z])([A-Z])(?:([+\-−–])(?![A-Za-z0-9])|\s(plus|minus)\b)")
_IDIOMS = re.compile(r"\b(?:no one|one another)\b", re.IGNORECASE)
SHORTEST_TITLE = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a sentence may say. ``numbers`` has the percents too; ``scheme`` are all letters that the class has."""

    numbers: frozenset[Decimal]
    percents: frozenset[Decimal]
    pairs: frozenset[tuple[Decimal, Decimal]]
    letters: frozenset[str]
    scheme: frozenset[str]
    titles: tuple[str, ...]


NOTHING = Figures(frozenset(), frozenset(), frozenset(), frozenset(), frozenset(), ())


def figures_of(told: Derivation, letters: Letters, titles: Iterable[str]) -> Figures:
    """Of one derivation: each figure as a receipt prints it."""
    groups = [*told.groups, *(group for period in told.periods for group in period.groups)]
    percents = {*_printed(told.percent, told.cap, told.letter_from, told.adding.weights)}
    percents |= {*_printed(told.exact, places=5), *_printed(told.exact, places=2)}
    for group in groups:
        percents |= {*_printed(group.weight), *_printed(group.contribution, places=2)}
    for period in told.periods:
        percents |= {*_printed(period.weight), *_printed(period.contribution, period.adding.percent, places=2)}
    numbers, pairs = (
        {*_printed(told.adding.factor, told.adding.score, told.adding.possible)},
        set[tuple[Decimal, ...]](),
    )
    for group in groups:
        percents |= {*_printed(group.percent, places=2)}
        found = _pairs_of(group)
        pairs |= {tuple(_printed(*pair)) for pair in found}
        numbers |= {number for pair in found for number in _printed(*pair)}
        numbers |= {*_printed(*(work.deducted for work in group.work))}
    pairs |= {tuple(_printed(told.adding.score, told.adding.possible))}
    late = [work.deducted for group in groups for work in group.work if work.deducted]
    numbers |= {*_printed(sum(late, Fraction()), len(late))}
    names = frozenset(_letter(band.name) for band in letters.bands)
    mine = frozenset({_letter(told.letter)} if told.letter else set())
    known = sorted({each for each in titles if len(each) >= SHORTEST_TITLE}, key=len, reverse=True)
    if told.letter and _NUMBER.fullmatch(told.letter):  # of a scale from 1 to 4
        numbers |= {_plain(told.letter.replace(",", "."))}
    whole = frozenset((pair[0], pair[1]) for pair in pairs if len(pair) == 2)
    return Figures(frozenset(numbers | percents), frozenset(percents), whole, mine, names, tuple(known))


def invented(sentence: str, figures: Figures) -> list[str]:
    """What the sentence says that the derivation does not have, as it stands there. Empty: it may be shown."""
    text = _IDIOMS.sub(" ", _without(sentence, figures.titles))
    found = [each for each in text if unicodedata.numeric(each, None) is not None and each not in "0123456789"]
    found += [each[0] for each in _NEVER.finditer(text)]
    for each in _NUMBER.finditer(text):
        found += _wrong(each[0], _value(each[0]), text[each.end() :], figures)
    for each in _SAID.finditer(text):
        found += _wrong(each[0], _spoken(each[0]), text[each.end() :], figures)
    for each in _PAIR.finditer(text):
        one, other = _value(each[1]), _value(each[2])
        if one is None or other is None or (one, other) not in figures.pairs:
            found.append(each[0])
    return list(dict.fromkeys([*found, *_letters(text, figures)]))


def _wrong(said: str, value: Decimal | None, after: str, figures: Figures) -> list[str]:
    is_percent = _PERCENT.match(after)
    allowed = figures.percents if is_percent else figures.numbers
    return [] if value is not None and value in allowed else [said + (is_percent[0] if is_percent else "")]


def _letters(text: str, figures: Figures) -> Iterable[str]:
    """Grades that are not the one of the derivation. A capital A before a small word at the start is an article."""
    for each in _SIGNED.finditer(text):
        sign = each[2] or each[3]
        if _letter(each[1] + ("+" if sign in ("+", "plus") else "-")) not in figures.letters:
            yield each[0]
    rest = _SIGNED.sub(" ", text)
    bare = {"A", "B", "C", "D", "E", "F", *(name for name in figures.scheme if len(name) == 1 and name.isalpha())}
    for each in re.finditer(rf"(?<![\w'’])[{''.join(sorted(bare))}](?![\w'’])", rest):
        before, after = rest[: each.start()].rstrip(), rest[each.end() :]
        article = each[0] == "A" and (not before or before[-1] in ".!?:") and re.match(r"\s+[a-z]", after)
        if not article and each[0] not in figures.letters:
            yield each[0]
    rest = _without(rest, tuple(figures.letters))
    others = [name for name in figures.scheme - figures.letters if len(name) > 2 and not name[0].isdigit()]
    others.sort(key=len, reverse=True)
    yield from (name for name in others if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", rest))


def _without(text: str, titles: Sequence[str]) -> str:
    for title in titles:
        if len(title) >= SHORTEST_TITLE and any(each.isalpha() for each in title):
            text = re.sub(rf"(?<!\w){re.escape(title)}(?!\w)", " · ", text, flags=re.IGNORECASE)
    return text


def _value(said: str) -> Decimal | None:
    marks = [each for each in said if each in ".,"]
    if not marks:
        return _plain(said)
    last = marks[-1]
    if len(marks) > 1 and marks.count(last) == len(marks):
        return _plain(said.replace(",", "")) if last == "," and re.fullmatch(r"\d{1,3}(,\d{3})+", said) else None
    if marks.count(last) > 1:
        return None
    if len(marks) == 1 and last == "," and re.fullmatch(r"[1-9]\d{0,2},\d{3}", said):
        return _plain(said.replace(",", ""))
    whole, _, places = said.rpartition(last)
    return _plain(f"{whole.replace('.', '').replace(',', '')}.{places}")


def _plain(said: str) -> Decimal:
    return Decimal(said[:30]).normalize() + 0


def _spoken(said: str) -> Decimal | None:
    """Twenty-one, one hundred and five, eighty-six point nine four; None for what is no number."""
    whole, point, places = re.sub(r"[\s-]+", " ", said.lower()).partition(" point ")
    value = _counted([word for word in whole.split() if word != "and"])
    if value is None or not point:
        return None if value is None else Decimal(value)
    digits = [_ALL.get(word, 99) for word in places.split()]
    return None if max(digits) > 9 else _plain(f"{value}.{''.join(map(str, digits))}")


def _counted(words: Sequence[str]) -> int | None:
    total, part, last = 0, 0, 1000
    for word in words:
        value = _ALL[word]
        if value in (100, 1000):
            part, last = max(part, 1) * value, value
            if value == 1000:
                total, part = total + part, 0
            continue
        room = 10 if last in range(20, 100) else 100 if last in (100, 1000) else 0
        if value >= room or value == 0 < part:
            return None
        part, last = part + value, value if value >= 20 else 1
    return total + part


def _pairs_of(group: GroupLine) -> list[tuple[Fraction | int | None, ...]]:
    kept = [work for work in group.work if work.standing is Standing.kept]
    counted = [work for work in group.work if work.standing is not Standing.left_out]
    dropped = group.lowest + group.highest
    of_work = [pair for work in counted for pair in ((work.score, work.possible), (work.earned, work.possible))]
    counts = [(len(kept), len(counted)), (dropped, len(counted)), (group.lowest, len(counted))]
    return [(group.score, group.possible), *of_work, *counts, (group.highest, len(counted))]


def _printed(*values: Fraction | Decimal | int | None, places: int = 4) -> Iterable[Decimal]:
    for value in values:
        if value is not None:
            yield abs(half_up(Fraction(value), places)).normalize() + 0


def _letter(name: str) -> str:
    return name.replace("−", "-").replace("–", "-").strip()

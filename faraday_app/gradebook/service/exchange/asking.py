"""What a list is asked for, in the words of OneRoster: which rows, in which order, and which of their fields."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from faraday_app.core.errors import FaradayError

Document = Mapping[str, Any]
LONGEST = 2_000
_TERM = re.compile(r"\s*([A-Za-z][A-Za-z0-9.]*)\s*(!=|>=|<=|=|>|<|~)\s*'((?:[^']|'')*)'\s*")
_JOINT = re.compile(r"(AND|OR)\b")
_NOTHING = ("",)


class Unasked(FaradayError):
    """A filter, an order or a field that means nothing: 400 in this protocol."""

    title = "Please check what you asked for"


@dataclass(frozen=True, slots=True)
class Asked:
    filter: str = ""
    sort: str = ""
    descending: bool = False
    fields: str = ""
    limit: int = 100
    offset: int = 0


def chosen(found: Sequence[Document], asked: Asked, known: frozenset[str]) -> tuple[list[dict[str, Any]], int]:
    """The page of documents that was asked for, and how many there are of them in all."""
    fits = _filter(asked.filter, known)
    kept = [each for each in found if fits(each)]
    if asked.sort:
        _must_be_known(asked.sort, known)
        kept.sort(key=lambda each: _ordered(_values(each, asked.sort)[0]), reverse=asked.descending)
    page = kept[asked.offset : asked.offset + asked.limit]
    return [narrowed(each, asked.fields, known) for each in page], len(kept)


def narrowed(document: Document, fields: str, known: frozenset[str]) -> dict[str, Any]:
    """With these fields alone; all of them where none is named."""
    names = [name.strip() for name in fields.split(",") if name.strip()]
    for name in names:
        _must_be_known(name, known)
    return {name: value for name, value in document.items() if not names or name in names}


def _filter(text: str, known: frozenset[str]) -> Callable[[Document], bool]:
    """Terms that are joined by AND and OR; AND binds closer."""
    if len(text) > LONGEST:
        raise Unasked("This filter is too long.")
    if not text.strip():
        return lambda _: True
    either: list[list[Callable[[Document], bool]]] = [[]]
    at = 0
    while True:
        term = _TERM.match(text, at)
        if term is None:
            raise Unasked(
                f"This filter cannot be read at “{text[at : at + 40]}”. Write field='value' AND field='value'."
            )
        either[-1].append(_term(term[1], term[2], term[3].replace("''", "'"), known))
        at = term.end()
        if at == len(text):
            return lambda each: any(all(fits(each) for fits in terms) for terms in either)
        joint = _JOINT.match(text, at)
        if joint is None:
            raise Unasked("Write AND or OR between the parts of a filter.")
        if joint[1] == "OR":
            either.append([])
        at = joint.end()


def _term(name: str, sign: str, value: str, known: frozenset[str]) -> Callable[[Document], bool]:
    _must_be_known(name, known)
    signs: dict[str, Callable[[Any, Any], bool]] = {
        "=": lambda one, other: bool(one == other),
        "!=": lambda one, other: bool(one != other),
        ">": lambda one, other: bool(one > other),
        ">=": lambda one, other: bool(one >= other),
        "<": lambda one, other: bool(one < other),
        "<=": lambda one, other: bool(one <= other),
    }
    if sign == "~":
        return lambda each: any(value.lower() in str(found).lower() for found in _values(each, name))
    if sign == "!=":
        return lambda each: all(signs[sign](*_alike(found, value)) for found in _values(each, name))
    return lambda each: any(signs[sign](*_alike(found, value)) for found in _values(each, name))


def _values(document: Document, name: str) -> Sequence[Any]:
    """What stands at a path such as ``class.sourcedId``; a reference alone means what it refers to."""
    found: Any = document
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, Mapping):
        found = found.get("sourcedId")
    return _NOTHING if found is None else (found,)


def _alike(found: Any, value: str) -> tuple[Any, Any]:
    """Numbers are compared as numbers, everything else as text."""
    if isinstance(found, int | float | Decimal) and not isinstance(found, bool):
        try:
            return Decimal(str(found)), Decimal(value)
        except InvalidOperation:
            return str(found), value
    return (str(found).lower() if isinstance(found, bool) else str(found)), value


def _ordered(value: Any) -> tuple[bool, Any, str]:
    """Numbers before texts, each among their own."""
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return (not is_number, value if is_number else 0, "" if is_number else str(value))


def _must_be_known(name: str, known: frozenset[str]) -> None:
    if name.split(".", maxsplit=1)[0] not in known:
        raise Unasked(f"There is no field “{name[:60]}”. Known are: {', '.join(sorted(known))}.")

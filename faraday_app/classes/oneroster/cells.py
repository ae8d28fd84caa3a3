"""One cell: what may stand in it, and how it is written."""

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

LONGEST_ID = 255
LONGEST_TEXT = 8_000
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII | re.IGNORECASE
)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


class Wrong(Exception):
    """What is wrong with a cell, and what to do about it."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


@dataclass(frozen=True, slots=True)
class Kind:
    """``read`` gets what is in a cell that is not empty; ``empty`` stands for one that is."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]
    empty: Any


def shortened(cell: str) -> str:
    """As it is quoted in a finding."""
    return f"“{cell}”" if len(cell) <= 60 else f"“{cell[:59]}…”"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word it was probably meant to be, whatever the case of its letters."""
    by_lower = {each.lower(): each for each in known}
    close = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[close[0]] if close else None


def _text(cell: str) -> str:
    if len(cell) > LONGEST_TEXT:
        raise Wrong(
            f"The text has {len(cell):,} characters, more than {LONGEST_TEXT:,}.", "Shorten it and send the file again."
        )
    return cell


def _guid(cell: str) -> str:
    if len(cell) > LONGEST_ID:
        raise Wrong(
            f"The id has {len(cell):,} characters, more than {LONGEST_ID}.", "Use the id of the school's system."
        )
    return cell


def _boolean(cell: str) -> bool:
    answer = {"true": True, "false": False}.get(cell.lower())
    if answer is None:
        raise Wrong(f"{shortened(cell)} is neither true nor false.", "Write true or false.")
    return answer


@lru_cache(maxsize=4096)
def _date(cell: str) -> date:
    if _DATE.fullmatch(cell):
        try:
            return date.fromisoformat(cell)
        except ValueError:
            raise Wrong(f"There is no day {shortened(cell)}.", "Look up the date and correct it.") from None
    raise Wrong(
        f"{shortened(cell)} is not a date as the format has it.", "Write year-month-day (YYYY-MM-DD): 2026-12-31."
    )


@lru_cache(maxsize=4096)
def _moment(cell: str) -> datetime:
    if _MOMENT.fullmatch(cell):
        try:
            moment = datetime.fromisoformat(cell.upper())
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            pass
    raise Wrong(f"{shortened(cell)} is not a moment as the format has it.", "Write it like 2026-12-31T08:00:00.000Z.")


def _written_moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    spec = "microseconds" if moment.microsecond % 1000 else "milliseconds"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=spec) + "Z"


def _number(cell: str) -> Decimal:
    if not _NUMBER.fullmatch(cell):
        raise Wrong(f"{shortened(cell)} is not a number.", "Write digits and a point for decimals: 7.5.")
    return Decimal(cell)


def _year(cell: str) -> int:
    if not _YEAR.fullmatch(cell):
        raise Wrong(f"{shortened(cell)} is not a year.", "Write the year that the school year ends in, like 2027.")
    return int(cell)


def _list(cell: str) -> tuple[str, ...]:
    """Values with commas between them; one that has a comma itself stands in quotes, as in the file."""
    if '"' not in cell:
        return tuple(stripped for item in cell.split(",") if (stripped := item.strip()))
    try:
        rows = list(csv.reader(io.StringIO(cell, newline=""), skipinitialspace=True, strict=True))
    except csv.Error:
        raise Wrong(f"The quotes in {shortened(cell)} do not match.", "Put commas between the values.") from None
    return tuple(stripped for row in rows for item in row if (stripped := item.strip()))


def _guids(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_guid, _list(cell))))


def _written_list(items: tuple[str, ...]) -> str:
    if not any(mark in item for item in items for mark in ',"\r\n'):
        return ",".join(items)
    return ",".join('"' + item.replace('"', '""') + '"' for item in items)


def one_of(*values: str, extensible: bool = True) -> Kind:
    """One of these, in whatever case. Extensible ones take what a school adds behind ``ext:`` too."""
    by_lower = {value.lower(): value for value in values}

    def read(cell: str) -> str:
        if known := by_lower.get(cell.lower()):
            return known
        if extensible and cell.startswith("ext:") and len(_guid(cell)) > 4:
            return cell
        meant = nearest(cell, values)
        hint = f"Did you mean “{meant}”? " if meant else ""
        raise Wrong(f"{shortened(cell)} is not known here.", f"{hint}Write one of: {', '.join(values)}.")

    return Kind(read, str, "")


TEXT = Kind(_text, str, "")
GUID = Kind(_guid, str, "")
REFERENCE = Kind(_guid, lambda value: value or "", None)
REFERENCES = Kind(_guids, _written_list, ())
TEXTS = Kind(_list, _written_list, ())
BOOLEAN = Kind(_boolean, lambda value: "" if value is None else str(value).lower(), None)
DATE = Kind(_date, lambda value: "" if value is None else value.isoformat(), None)
MOMENT = Kind(_moment, _written_moment, None)
NUMBER = Kind(_number, lambda value: "" if value is None else format(value, "f"), None)
YEAR = Kind(_year, lambda value: f"{value:04}", None)

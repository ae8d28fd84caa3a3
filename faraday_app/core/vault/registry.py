"""Where sealed text lives, so that it can be sealed anew under another key."""

import re
from dataclasses import dataclass
from string import Formatter

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """``purpose`` as given to ``seal``, with the row's columns in braces: ``mail:{id}``."""

    table: str
    column: str
    purpose: str

    @property
    def fields(self) -> list[str]:
        """The columns that the purpose names."""
        return sorted({name for _, name, _, _ in Formatter().parse(self.purpose) if name})


_columns: dict[tuple[str, str], SealedColumn] = {}


def sealed(table: str, column: str, purpose: str) -> None:
    """Declare a text column whose values are sealed or null, in a table with an ``id``. Once, beside its model."""
    found = SealedColumn(table, column, purpose)
    for name in (table, column, *found.fields):
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a table or column.")
    _columns[table, column] = found


def columns() -> list[SealedColumn]:
    return list(_columns.values())

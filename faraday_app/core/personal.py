"""Where persons stand in the tables: what of it is theirs to have, and what becomes of it when they are erased.

Each domain declares its places in ``models/personal.py``. A test walks all tables: a column that names a person and is
not declared here fails it, and so does a rule that the tables do not allow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Erasing(StrEnum):
    """What erasing a person does to a row of theirs.

    ``keep``: it stays, and names an account that has no name any more. ``record``: a school record, which stays until
    its retention is over and is then blanked or deleted as ``at_last`` says.
    """

    delete = "delete"
    blank = "blank"
    keep = "keep"
    record = "record"


@dataclass(frozen=True, slots=True)
class Place:
    """A column that names a person, or that leads to a row which does (``through`` that table's own places).

    ``exported``: the rows are in what the person gets of their data, without the ``secret`` columns.
    ``unposted``: may hold what the person is not to see yet, so it is in what the school exports alone.
    ``blank``: what these columns become, as SQL. ``why``: the reason, where a row stays or is not exported.
    ``files``: the column with the sealed key, where each row stands for the file ``file_id`` in object storage.
    """

    table: str
    column: str
    erasing: Erasing
    exported: bool = False
    unposted: bool = False
    through: str = ""
    blank: Mapping[str, str] = field(default_factory=dict)
    at_last: Erasing = Erasing.delete
    secret: tuple[str, ...] = ()
    files: str = ""
    file_id: str = "id"
    why: str = ""


_places: dict[tuple[str, str], Place] = {}


def declare(*places: Place) -> None:
    for place in places:
        _places[place.table, place.column] = place


def places() -> list[Place]:
    """In the order in which they were declared: what hangs on a row comes after it."""
    return list(_places.values())

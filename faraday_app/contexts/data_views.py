"""What a browser may know of data and files, and how it is put into words."""

from dataclasses import dataclass

from faraday_app.contexts.models import DataKind, Reading, StoredFile
from faraday_app.contexts.service.data import Listed
from faraday_app.contexts.service.knowledge import Known
from faraday_app.core.clock import now
from faraday_app.core.extraction import FileKind
from faraday_app.core.extraction.kinds import rows_of
from faraday_app.ui.times import ago

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 100, 30, 200
LONGEST_SHOWN = 20_000  # characters of a file's text


@dataclass(frozen=True, slots=True)
class DataView:
    """A row of the list. ``state``: of a file, how far it is read; empty for what was written."""

    id: str
    kind: str
    title: str
    about: str
    state: str
    problem: str
    left_out: bool


@dataclass(frozen=True, slots=True)
class KnownView:
    id: str
    name: str
    about: str
    state: str
    problem: str


@dataclass(frozen=True, slots=True)
class TableView:
    """The first rows of a table; ``more`` says what is not shown."""

    head: list[str]
    rows: list[list[str]]
    more: str


def data_view(found: Listed, zone: str) -> DataView:
    item, file = found.item, found.file
    about = [DataKind(item.kind).label if file is None else file_words(file)]
    about.append(f"{found.author_name or 'A former member'}, {ago(item.updated_at, now(), zone)}")
    return DataView(
        id=str(item.id),
        kind=item.kind,
        title=item.title,
        about=" · ".join(about),
        state=file.state if file else "",
        problem=file.problem if file else "",
        left_out=found.left_out,
    )


def known_view(found: Known) -> KnownView:
    file = found.file
    return KnownView(str(found.known.id), file.name, file_words(file), file.state, file.problem)


def file_words(file: StoredFile) -> str:
    """What kind, how large, and in how many passages it is looked through."""
    words = f"{FileKind(file.kind).label}, {size_words(file.size)}"
    if file.state != Reading.ready:
        return words
    return f"{words}, {file.passages:,} passage{'' if file.passages == 1 else 's'}"


def size_words(size: int) -> str:
    if size < 1_000:
        return f"{size} bytes"
    return f"{size / 1_000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def table_view(text: str) -> TableView:
    rows = rows_of(text, MOST_ROWS + 2)
    if not rows:
        return TableView([], [], "")
    width = min(max(map(len, rows)), MOST_COLUMNS)
    shown = [[cell[:LONGEST_CELL] for cell in [*row[:width], *[""] * (width - len(row))]] for row in rows]
    more = []
    if len(rows) > MOST_ROWS + 1:
        more.append(f"The first {MOST_ROWS} rows are shown.")
    if max(map(len, rows)) > MOST_COLUMNS:
        more.append(f"The first {MOST_COLUMNS} columns are shown.")
    return TableView(shown[0], shown[1 : MOST_ROWS + 1], " ".join(more))

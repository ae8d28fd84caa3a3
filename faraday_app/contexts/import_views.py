"""What a browser may know of the files that somebody brought."""

from dataclasses import dataclass

from faraday_app.contexts.models import Import, ImportState
from faraday_app.ui.times import short

SHOWN_PROBLEMS = 10
_TONES = {"waiting": "neutral", "running": "iris", "done": "green", "failed": "red"}
_STATES = {"waiting": "waiting", "running": "reading", "done": "done", "failed": "not read"}


@dataclass(frozen=True, slots=True)
class ImportView:
    id: str
    name: str
    state: str
    tone: str
    at: str
    percent: int
    is_over: bool
    came: str
    problems: list[str]
    more: str


def import_view(row: Import, zone: str) -> ImportView:
    problems = [f"{each['place']}: {each['why']}." for each in row.problems[:SHOWN_PROBLEMS]]
    beyond = max(row.unread, len(row.problems)) - len(problems)
    return ImportView(
        id=str(row.id),
        name=row.name,
        state=_STATES[row.state],
        tone=_TONES[row.state],
        at=short(row.created_at, zone),
        percent=row.done * 100 // row.total if row.total else 0,
        is_over=ImportState(row.state).is_over,
        came=row.error or _came(row),
        problems=problems,
        more=f"and {beyond:,} more" if beyond > 0 else "",
    )


def _came(row: Import) -> str:
    """In words: what is new, what grew, what was here already, what could not be read."""
    if not row.total and not row.finished_at:
        return "Waiting for its turn."
    counts = (
        (row.added, "new"),
        (row.grown, "with new messages"),
        (row.known, "here already"),
        (row.unread, "could not be read"),
    )
    told = ", ".join(f"{count:,} {words}" for count, words in counts if count)
    if row.finished_at is None:
        return f"Conversations: {row.done:,} of {row.total:,}" + (f": {told}" if told else "")
    return (told or "There was no conversation in it.") + (f". Messages: {row.messages:,}." if row.messages else "")

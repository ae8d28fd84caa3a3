"""What an administrator's browser may know of backups: figures, and nothing of what they hold."""

from dataclasses import dataclass

from faraday_app.contexts.models import Backup, BackupState, Every, Restore, RestoreState
from faraday_app.ui.times import short

EVERY = [(Every.day.value, "Every day"), (Every.week.value, "Every week"), (Every.off.value, "Not by itself")]
_STATES = {
    BackupState.waiting: ("waiting", "neutral"),
    BackupState.making: ("making", "iris"),
    BackupState.checking: ("checking", "iris"),
    BackupState.good: ("good", "green"),
    BackupState.failed: ("failed", "red"),
}
_STEPS = {
    RestoreState.waiting: "Waiting to be compared with what is there.",
    RestoreState.comparing: "Reading the backup and comparing it with what is there. Nothing is changed.",
    RestoreState.ready: "This is what would happen. Nothing has been changed yet.",
    RestoreState.confirmed: "Confirmed. It begins in a moment.",
    RestoreState.restoring: "Bringing it back. Everything comes together at the end, or nothing does.",
    RestoreState.done: "This was brought back.",
}
_NAMES = {
    "contexts": "Conversations",
    "context_members": "Who is in them",
    "gpt_shares": "What GPTs give to each other",
    "memories": "What is remembered",
    "messages": "Messages",
    "gpts": "GPTs",
    "orchestrations": "Questions to several GPTs",
    "runs": "Accounts of answers",
    "imported_contexts": "Where imported conversations came from",
}


@dataclass(frozen=True, slots=True)
class BackupView:
    id: str
    made: str
    by: str
    holds: str
    size: str
    took: str
    state: str
    tone: str
    why: str
    percent: int
    is_good: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class FoundView:
    """A line of a preview: how many rows of a kind are new, and so on."""

    name: str
    new: str
    changed: str
    same: str
    left: str


@dataclass(frozen=True, slots=True)
class RestoreView:
    """``is_nothing``: all of it is there as it was; of that ``has_files`` some could be gone from the store alone."""

    id: str = ""
    state: str = ""
    says: str = ""
    about: str = ""
    percent: int = 0
    is_open: bool = False
    is_ready: bool = False
    is_nothing: bool = False
    has_files: bool = False
    failed: bool = False
    sum: str = ""
    busy: str = ""


def backup_view(row: Backup, zone: str) -> BackupView:
    state = BackupState(row.state)
    word, tone = _STATES[state]
    good = state is BackupState.good
    return BackupView(
        id=str(row.id),
        made=short(row.as_of or row.created_at, zone),
        by="on request" if row.started_by else "by itself",
        holds=f"{counted(row.contexts, 'conversation')}, {counted(row.messages, 'message')}" if good else "",
        size=f"{_bytes(row.size)}, {_percent(row)} of {_bytes(row.plain_size)}" if good else "",
        took=_seconds(row.seconds) if good else "",
        state=word,
        tone=tone,
        why=row.error,
        percent=min(100, row.done * 100 // row.total) if row.total else 0,
        is_good=good,
        is_open=not state.is_over,
    )


def restore_view(row: Restore | None, backup: Backup | None, zone: str) -> RestoreView:
    if row is None:
        return RestoreView()
    state = RestoreState(row.state)
    what = f"Conversation {row.context_id}" if row.context_id else "Everything"
    of = f" from the backup of {short(backup.as_of, zone)}" if backup else ""
    how = ", and what has changed is set back" if row.put_back else ", only what is missing"
    busy = int(row.found.get("busy", 0))
    tables = row.found.get("tables", {})
    nothing = state is RestoreState.ready and not any(each["new"] or each["changed"] for each in tables.values())
    has_files = any(tables.get("stored_files", {}).values())
    return RestoreView(
        id=str(row.id),
        state=state.value,
        says=row.error or (_nothing_words(has_files) if nothing else _STEPS.get(state, "")),
        about=what + of + how + ".",
        percent=min(100, row.done * 100 // row.total) if row.total else 0,
        is_open=not state.is_over,
        is_ready=state is RestoreState.ready and not nothing,
        is_nothing=nothing,
        has_files=has_files,
        failed=state is RestoreState.failed,
        sum=_sum(row, state) if row.found else "",
        busy=f"Left just as they are, since answers are being written: {counted(busy, 'conversation')}."
        if busy
        else "",
    )


def found_views(row: Restore | None) -> list[FoundView]:
    """Only what there is something to say about."""
    tables = row.found.get("tables", {}) if row else {}
    return [
        FoundView(_NAMES.get(name, name.replace("_", " ").capitalize()), *(f"{each[kind]:,}" for kind in _KINDS))
        for name, each in tables.items()
        if any(each[kind] for kind in _KINDS)
    ]


_KINDS = ("new", "changed", "same", "left")


def _nothing_words(has_files: bool) -> str:
    said = "There is nothing to bring back: all of this backup is there as it was."
    return f"{said} Only files could still have been lost from the store." if has_files else said


def _sum(row: Restore, state: RestoreState) -> str:
    counts = {kind: sum(each[kind] for each in row.found["tables"].values()) for kind in _KINDS}
    if state is RestoreState.done:
        return f"{counts['new']:,} came back, {counts['changed']:,} were set back."
    changed = f"{counts['changed']:,} changed" if row.put_back else "none of what has changed is touched"
    return f"{counts['new']:,} would come back, {changed}, {counts['same']:,} are as they were."


def counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}" + ("" if count == 1 else "s")


def _bytes(size: int) -> str:
    value, unit = float(size), "bytes"
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1_000 or unit == "GB":
            break
        value /= 1_000
    return f"{value:,.0f} {unit}" if value >= 100 or unit == "bytes" else f"{value:,.1f} {unit}"


def _percent(row: Backup) -> str:
    return f"{row.size * 100 / row.plain_size:.0f} %" if row.plain_size else "0 %"


def _seconds(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{max(rest, 1)} s"

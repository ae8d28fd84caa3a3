"""Backups of an organisation's conversations: made by themselves or now, checked, and brought back."""

from faraday_app.contexts.service.backups.keeping import begin_due
from faraday_app.contexts.service.backups.managing import (
    MOST_KEPT,
    PAGE,
    Chosen,
    begin,
    call_off,
    choose_schedule,
    compare,
    confirm,
    get_backup,
    get_restore,
    listed,
    nearest,
    newest_restore,
    progress_topic,
    restores,
    schedule,
    sentence_of,
)
from faraday_app.contexts.service.backups.working import work

__all__ = [
    "MOST_KEPT",
    "PAGE",
    "Chosen",
    "begin",
    "begin_due",
    "call_off",
    "choose_schedule",
    "compare",
    "confirm",
    "get_backup",
    "get_restore",
    "listed",
    "nearest",
    "newest_restore",
    "progress_topic",
    "restores",
    "schedule",
    "sentence_of",
    "work",
]

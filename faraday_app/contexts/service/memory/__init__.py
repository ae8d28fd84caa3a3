"""What is remembered for a person, a conversation or a department."""

from faraday_app.contexts.service.memory.finding import (
    PAGE,
    Remembered,
    Wanted,
    erase,
    listed,
    of_conversation,
    told,
)
from faraday_app.contexts.service.memory.giving import lets_read, note_used, remembered
from faraday_app.contexts.service.memory.keeping import (
    Draft,
    bring_back,
    change,
    dismiss,
    forget,
    forget_everything,
    keep,
    remember,
)
from faraday_app.contexts.service.memory.meant import find_all
from faraday_app.contexts.service.memory.proposing import look_after, looks_of, set_proposing, work_off
from faraday_app.contexts.service.memory.rules import LONGEST, get_memory, may_manage_team

__all__ = [
    "LONGEST",
    "PAGE",
    "Draft",
    "Remembered",
    "Wanted",
    "bring_back",
    "change",
    "dismiss",
    "erase",
    "find_all",
    "forget",
    "forget_everything",
    "get_memory",
    "keep",
    "lets_read",
    "listed",
    "look_after",
    "looks_of",
    "may_manage_team",
    "note_used",
    "of_conversation",
    "remember",
    "remembered",
    "set_proposing",
    "told",
    "work_off",
]

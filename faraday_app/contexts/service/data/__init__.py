"""The data of a conversation: texts, notes, tables, links and files that its answers may draw on."""

from faraday_app.contexts.service.data.drafts import LONGEST, Draft
from faraday_app.contexts.service.data.items import (
    MOST,
    Listed,
    add,
    add_file,
    bring_back,
    change,
    content_of,
    get,
    key_of,
    leave_out,
    listed,
    present,
    read_again,
    remove,
)
from faraday_app.contexts.service.data.pages import read_page
from faraday_app.contexts.service.data.snapshots import export_items, restore_items

__all__ = [
    "LONGEST",
    "MOST",
    "Draft",
    "Listed",
    "add",
    "add_file",
    "bring_back",
    "change",
    "content_of",
    "export_items",
    "get",
    "key_of",
    "leave_out",
    "listed",
    "present",
    "read_again",
    "read_page",
    "remove",
    "restore_items",
]

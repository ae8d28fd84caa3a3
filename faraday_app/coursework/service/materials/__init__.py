"""The library of a class: what it reads, watches and works with."""

from faraday_app.coursework.service.materials import attaching, folders, stored, usage, versions
from faraday_app.coursework.service.materials.attaching import attach, attached_to, needed_by
from faraday_app.coursework.service.materials.drafts import Draft
from faraday_app.coursework.service.materials.making import (
    add_file,
    add_link,
    add_page,
    delete,
    edit,
    move,
    restore,
    title_of,
)
from faraday_app.coursework.service.materials.reaching import Reached, reached, readable
from faraday_app.coursework.service.materials.reading import read_waiting
from faraday_app.coursework.service.materials.shelf import (
    Entry,
    Place,
    classes_of,
    entry,
    listed,
    manages,
    place,
    removed,
    removed_folders,
    search,
    tags_of,
)

__all__ = [
    "Draft",
    "Entry",
    "Place",
    "Reached",
    "add_file",
    "add_link",
    "add_page",
    "attach",
    "attached_to",
    "attaching",
    "classes_of",
    "delete",
    "edit",
    "entry",
    "folders",
    "listed",
    "manages",
    "move",
    "needed_by",
    "place",
    "reached",
    "read_waiting",
    "readable",
    "removed",
    "removed_folders",
    "restore",
    "search",
    "stored",
    "tags_of",
    "title_of",
    "usage",
    "versions",
]

"""From a file to drafts, one at a time. Blocks: call it in a thread."""

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from faraday_app.contexts.service.importing import chatgpt, markdown, ours
from faraday_app.contexts.service.importing.drafts import Draft
from faraday_app.core.archives import unpacked
from faraday_app.core.errors import Invalid

LARGEST = 200_000_000  # bytes of text, unpacked
MOST_FILES = 50_000  # in a ZIP: an export of ChatGPT has one for each picture
MOST = 50_000  # conversations
_CONVERSATIONS = re.compile(r"conversations(-\d+)?\.json$", re.IGNORECASE)
_TEXTS = (".json", ".md", ".markdown", ".txt")


@dataclass(frozen=True, slots=True)
class Unread:
    """A conversation that could not be read: which one, and why."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How many conversations there are, and each in turn."""

    source: str
    total: int
    drafts: Iterator[Draft | Unread]


def read(file: BinaryIO, name: str, my_name: str) -> Reading:
    """Invalid, with a sentence that says where, for a file that cannot be read at all."""
    parts = [_part(path, content, my_name) for path, content in _contents(file, name)]
    if not parts:
        raise Invalid("There is no conversations.json in this archive, nor anything else that can be read.")
    total = sum(part.total for part in parts)
    if total > MOST:
        raise Invalid(f"This file holds {total:,} conversations; at most {MOST:,} are taken at once.")
    sources = sorted({part.source for part in parts})
    return Reading(", ".join(sources), total, (draft for part in parts for draft in part.drafts))


def _contents(file: BinaryIO, name: str) -> list[tuple[str, bytes]]:
    if zipfile.is_zipfile(file):
        return _in_archive(file)
    file.seek(0)
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Invalid(f"This file is too large: {LARGEST // 1_000_000} MB at most.")
    return [(name, content)]


def _in_archive(file: BinaryIO) -> list[tuple[str, bytes]]:
    """The lists of conversations where there are any; else every text, as when several were put into one ZIP."""
    with_lists = any(_CONVERSATIONS.search(each) for each in _names(file))

    def wanted(path: str) -> bool:
        own = PurePosixPath(path)
        hidden = own.name.startswith(".") or own.parts[0] == "__MACOSX"
        if with_lists:
            return not hidden and bool(_CONVERSATIONS.search(path))
        return not hidden and own.suffix.lower() in _TEXTS

    return list(unpacked(file, LARGEST, most_files=MOST_FILES, wanted=wanted))


def _names(file: BinaryIO) -> list[str]:
    try:
        with zipfile.ZipFile(file) as opened:
            return opened.namelist()[:MOST_FILES]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Invalid("This file is not a ZIP archive, or it is damaged.") from error


def _part(name: str, content: bytes, my_name: str) -> Reading:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"“{_short(name)}” is no text in UTF-8: byte {error.start + 1:,} cannot be read.") from None
    if name.lower().endswith((".md", ".markdown", ".txt")) or not text.lstrip().startswith(("{", "[")):
        draft = _made(_short(name), lambda: markdown.draft_of(text, name, my_name))
        return Reading(markdown.NAME, 1, iter([draft]))
    return _of_json(name, _parsed(name, text), my_name)


def _of_json(name: str, document: Any, my_name: str) -> Reading:
    if ours.is_file(document):
        items = ours.items_of(document)
        return Reading(ours.NAME, len(items), _each(name, items, lambda item: ours.draft_of(item, my_name)))
    items = [document] if chatgpt.is_one(document) else document
    if not isinstance(items, list) or (items and not any(chatgpt.is_one(item) for item in items)):
        raise Invalid(
            f"“{_short(name)}” is JSON, but neither the conversations.json of a ChatGPT export nor a file of Faraday's."
        )

    def draft_of(item: Any) -> Draft:
        chatgpt.refuse_unknown(item)
        return chatgpt.draft_of(item)

    return Reading(chatgpt.NAME, len(items), _each(name, items, draft_of))


def _each(name: str, items: list[Any], draft_of: Callable[[Any], Draft]) -> Iterator[Draft | Unread]:
    """Each is let go once it is a draft, so that the file is not twice in memory."""
    for place in range(len(items)):
        item, items[place] = items[place], None
        title = item.get("title") if isinstance(item, dict) else None
        said = f" “{_short(str(title))}”" if title else ""
        yield _made(f"Conversation {place + 1}{said} in “{_short(name)}”", partial(draft_of, item))


def _made(place: str, draft_of: Callable[[], Draft]) -> Draft | Unread:
    try:
        return draft_of()
    except Invalid as error:
        return Unread(place, error.message)
    except (TypeError, ValueError, KeyError, AttributeError):
        return Unread(place, "something in it is not of the kind that belongs there")


def _parsed(name: str, text: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno:,}, column {error.colno:,}"
        raise Invalid(f"“{_short(name)}” is damaged: it stops being JSON in {where}.") from None
    except RecursionError:
        raise Invalid(f"“{_short(name)}” is nested too deeply to be read.") from None
    except ValueError:
        raise Invalid(f"“{_short(name)}” holds a number that is too long to be one.") from None


def _short(name: str) -> str:
    printable = "".join(sign for sign in name if sign.isprintable())
    return printable if len(printable) <= 80 else printable[:79] + "…"

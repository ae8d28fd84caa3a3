"""Conversations as Faraday itself exports them: JSON, described in docs/import-and-export.md."""

from collections.abc import Mapping
from typing import Any

from faraday_app.contexts.service.importing.drafts import Draft, DraftMessage, arranged, clean_text, moment_of
from faraday_app.core.errors import Invalid

NAME = "Faraday"
FORMAT = "faraday.conversations"
VERSION = 1


def is_file(document: object) -> bool:
    return isinstance(document, dict) and document.get("format") == FORMAT


def items_of(document: Mapping[str, Any]) -> list[Any]:
    """The conversations of a file; Invalid for a version that is not known here yet."""
    version = document.get("version")
    if version != VERSION:
        raise Invalid(f"This file is of version {str(version)[:20]} of Faraday's format; this Faraday reads {VERSION}.")
    found = document.get("conversations")
    if not isinstance(found, list):
        raise Invalid("“conversations” is missing in this file, or it is no list.")
    return found


def draft_of(item: object, my_name: str) -> Draft:
    """Words of others stay theirs by name; those of the only person in it are of whoever brings the file."""
    if not isinstance(item, dict) or not isinstance(item.get("messages"), list):
        raise Invalid("it has no list of “messages”")
    messages = [each for each in item["messages"] if isinstance(each, dict)]
    people = {_name(each) for each in messages if not _by_model(each)}
    mine = my_name if my_name in people else (next(iter(people)) if len(people) == 1 else "")
    found = [_message(each, place, mine) for place, each in enumerate(messages, 1)]
    at = moment_of(item.get("updated_at"))
    return arranged(str(item.get("id") or "")[:200], item.get("title") or "", found, str(item.get("shown") or ""), at)


def _message(each: Mapping[str, Any], place: int, mine: str) -> DraftMessage:
    by_model, name = _by_model(each), _name(each)
    return DraftMessage(
        key=str(each.get("id") or f"message {place}")[:100],
        parent=str(each.get("parent") or "")[:100],
        by_model=by_model,
        text=clean_text(each.get("text") or ""),
        model=clean_text(each.get("model") or "")[:120] if by_model else "",
        name="" if by_model or name == mine else name,
        at=moment_of(each.get("at")),
    )


def _by_model(each: Mapping[str, Any]) -> bool:
    return each.get("by") == "model"


def _name(each: Mapping[str, Any]) -> str:
    return " ".join(clean_text(each.get("name") or "").split())[:120]

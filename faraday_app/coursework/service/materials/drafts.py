"""What a teacher says about a material, made fit to be kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from faraday_app.core.errors import Invalid

LONGEST_PAGE = 200_000  # characters
MOST_TAGS = 10
_BREAKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Draft:
    """``section_ids`` empty: for the whole class. ``draft``: only the staff sees it."""

    title: str
    about: str = ""
    tags: Sequence[str] = ()
    draft: bool = False
    section_ids: list[UUID] = field(default_factory=list)
    visible_from: datetime | None = None
    visible_until: datetime | None = None


def cleaned(draft: Draft) -> Draft:
    if draft.visible_from and draft.visible_until and draft.visible_from >= draft.visible_until:
        raise Invalid("It has to be visible from a moment before it ends.", field="visible_until")
    about = draft.about.strip()
    if len(about) > 500:
        raise Invalid("Say what it is about in at most 500 characters.", field="about")
    return replace(
        draft,
        title=clean_title(draft.title),
        about=about,
        tags=clean_tags(draft.tags),
        section_ids=list(dict.fromkeys(draft.section_ids)),
    )


def clean_title(title: str) -> str:
    found = _line(title)
    if not found or len(found) > 200:
        raise Invalid("Give it a title of at most 200 characters.", field="title")
    return found


def clean_tags(tags: Sequence[str]) -> list[str]:
    """In small letters, each once, in their order."""
    found = list(dict.fromkeys(tag for each in tags if (tag := _line(each).lower().lstrip("#").strip())))
    if len(found) > MOST_TAGS or any(len(tag) > 40 for tag in found):
        raise Invalid(f"At most {MOST_TAGS} tags of at most 40 characters each.", field="tags")
    return found


def clean_body(body: str) -> str:
    found = body.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").rstrip()
    if not found.strip():
        raise Invalid("Write something on the page.", field="body")
    if len(found) > LONGEST_PAGE:
        raise Invalid(f"A page can have {LONGEST_PAGE:,} characters. Split it into two.", field="body")
    return found


def clean_url(url: str) -> str:
    """Only what a browser opens as a page: nothing that runs."""
    found = url.strip()
    try:
        parts = urlsplit(found)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits or len(found) > 2_000 or not found.isprintable() or " " in found:
        raise Invalid("Enter an address that begins with https:// or http://.", field="url")
    return found


def clean_note(note: str) -> str:
    return _line(note)[:200]


def _line(text: str) -> str:
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return _BREAKS.sub(" ", printable).strip()

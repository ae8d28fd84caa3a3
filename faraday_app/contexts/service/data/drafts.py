"""What somebody wants an item of data to be, made fit to be kept."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from faraday_app.contexts.models import DataKind
from faraday_app.core.errors import Invalid
from faraday_app.core.extraction.kinds import rows_of

LONGEST = 200_000  # characters
LONGEST_LINK = 2_000
_WRITTEN = (DataKind.text, DataKind.note, DataKind.table, DataKind.link)


@dataclass(frozen=True, slots=True)
class Draft:
    """``content``: the words, the rows of a table as CSV, or a link's address. Without a title one is found."""

    kind: DataKind
    title: str
    content: str


def clean(draft: Draft) -> Draft:
    """Invalid with a sentence for what cannot be kept."""
    if draft.kind not in _WRITTEN:
        raise Invalid("A file is added by sending it.", field="kind")
    content = draft.content.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not content:
        raise Invalid(_MISSING[draft.kind], field="content")
    if len(content) > LONGEST:
        raise Invalid(f"This is too long: {LONGEST:,} characters at most. Add it as a file instead.", field="content")
    if draft.kind is DataKind.link:
        content = _address(content)
    if draft.kind is DataKind.table and len(next(iter(rows_of(content, 1)), [])) < 2:
        raise Invalid("This is no table: separate its columns by commas, semicolons or tabs.", field="content")
    return Draft(draft.kind, clean_title(draft.title) or _title_of(draft.kind, content), content)


def clean_title(title: str) -> str:
    cleaned = " ".join(title.split())
    if len(cleaned) > 200:
        raise Invalid("A title has 200 characters at most.", field="title")
    return cleaned


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        fit = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        fit = False
    if not fit or len(text) > LONGEST_LINK or any(sign.isspace() or not sign.isprintable() for sign in text):
        raise Invalid("Enter a whole address that begins with https://.", field="content")
    return text


def _title_of(kind: DataKind, content: str) -> str:
    if kind is DataKind.link:
        parts = urlsplit(content)
        return f"{parts.hostname}{parts.path.rstrip('/')}"[:200]
    line = " ".join(content.splitlines()[0].lstrip("#*->").split())
    shortened = line if len(line) <= 60 else line[:60].rsplit(" ", 1)[0] + "…"
    return shortened or kind.label


_MISSING = {
    DataKind.text: "Enter the text.",
    DataKind.note: "Enter the note.",
    DataKind.table: "Paste the rows of the table.",
    DataKind.link: "Enter the address.",
}

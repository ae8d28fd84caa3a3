"""What the browser may know of the library of a class."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from faraday_app.contexts.service.differing import Line
from faraday_app.core.clock import now
from faraday_app.coursework.models import FileState, MaterialFile
from faraday_app.coursework.service.materials import Entry
from faraday_app.coursework.service.materials.folders import Counted
from faraday_app.coursework.service.materials.versions import Past
from faraday_app.ui.times import ago, short

ICONS = {
    "page": "file_text", "link": "link", "pdf": "file_type", "image": "image", "video": "video", "audio": "audio_lines",
    "text": "file_text", "markdown": "file_text", "csv": "table", "xlsx": "table", "archive": "file_archive",
    "pptx": "presentation", "other": "file_question", "quarantined": "shield_alert",
}  # fmt: skip
_LABELS = {
    "pdf": "PDF", "image": "Picture", "video": "Video", "audio": "Sound", "text": "Text", "markdown": "Markdown",
    "csv": "CSV", "json": "JSON", "html": "HTML", "svg": "SVG", "docx": "Word", "xlsx": "Excel", "pptx": "PowerPoint",
    "epub": "E-book", "office": "Office", "archive": "Archive", "other": "File",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FolderView:
    id: str
    name: str
    count: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """``state`` is a word for the staff: when or why learners do not see it; ``tone`` its colour."""

    id: str
    title: str
    icon: str
    about: str
    when: str
    tags: list[str]
    state: str = ""
    tone: str = "gray"
    class_id: str = ""
    class_name: str = ""
    excerpt: str = ""
    opened: str = ""


@dataclass(frozen=True, slots=True)
class PastView:
    number: int
    when: str
    author: str
    note: str
    about: str
    download: str = ""
    is_latest: bool = False


@dataclass(frozen=True, slots=True)
class DiffLine:
    sign: str
    text: str


def folder_view(found: Counted) -> FolderView:
    count = f"{found.count:,} material{'' if found.count == 1 else 's'}"
    return FolderView(str(found.folder.id), found.folder.name, count, found.folder.version)


def material_row(found: Entry, zone: str, *, staff: bool, sections: dict[UUID, str] | None = None) -> MaterialRow:
    state, tone = visibility(found, zone, sections or {}) if staff else ("", "gray")
    return MaterialRow(
        str(found.material.id),
        found.material.title,
        ICONS.get(sort_of(found), "file"),
        about(found),
        ago(found.material.updated_at, now(), zone),
        list(found.material.tags),
        state,
        tone,
        str(found.material.class_id),
        found.class_name,
        found.file.problem if staff and found.file and found.material.withheld else found.excerpt,
        f"{found.opened:,}" if staff else "",
    )


def sort_of(found: Entry) -> str:
    """Its kind as an icon tells it: of a file what it is."""
    if found.file is None:
        return found.material.kind
    return "quarantined" if found.file.state == FileState.quarantined else found.file.kind


def about(found: Entry) -> str:
    if found.file:
        return file_about(found.file)
    if found.version.url:
        return urlsplit(found.version.url).hostname or "Link"
    return "Page"


def file_about(file: MaterialFile) -> str:
    return f"{_LABELS.get(file.kind, 'File')} · {size(file.size)}"


def size(count: int) -> str:
    if count < 1_000:
        return f"{count} B"
    return f"{count / 1_000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def visibility(found: Entry, zone: str, sections: dict[UUID, str], at: datetime | None = None) -> tuple[str, str]:
    """What keeps it from some or all learners at this moment; nothing where all of them see it."""
    material, moment = found.material, at or now()
    if material.withheld:
        return "In quarantine", "red"
    if material.draft:
        return "Draft", "gray"
    if material.visible_from and material.visible_from > moment:
        return f"From {short(material.visible_from, zone)}", "amber"
    if material.visible_until and material.visible_until <= moment:
        return f"Over since {short(material.visible_until, zone)}", "gray"
    names = [sections[id] for id in material.section_ids if id in sections]
    return (" and ".join(sorted(names)) or "Some sections", "iris") if material.section_ids else ("", "gray")


def past_view(past: Past, address: str, latest: int, zone: str) -> PastView:
    file = past.file
    served = file is not None and file.state != FileState.quarantined
    what = file.name + " · " + file_about(file) if file else past.version.url
    return PastView(
        past.version.number,
        short(past.version.created_at, zone),
        past.author,
        past.version.note or (file.problem if file else ""),
        what,
        f"{address}?number={past.version.number}" if served else "",
        past.version.number == latest,
    )


def diff_line(line: Line) -> DiffLine:
    return DiffLine(line.sign, line.text)

"""A conversation as a Markdown document, as ``service.export`` writes it: a heading for each message."""

import re
from pathlib import PurePath

from faraday_app.contexts.service.importing.drafts import Draft, DraftMessage, arranged, clean_text

NAME = "Markdown"
_HEADING = re.compile(r"^## (.+)$")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_PEOPLE = {"you", "user", "human", "me"}


def draft_of(text: str, file_name: str, my_name: str) -> Draft:
    """Second-level headings that name somebody begin a message. Without any the whole text is one of yours."""
    title, sections = _sections(text)
    names = [name for name, _ in sections if name]
    people = {name for name in names if name.casefold() in _PEOPLE or name == my_name} or set(names[:1])
    found: list[DraftMessage] = []
    for place, (name, said) in enumerate(sections, 1):
        by_model = bool(name) and name not in people
        parent = found[-1].key if found else ""
        model = clean_text(name)[:120] if by_model else ""
        found.append(DraftMessage(str(place), parent, by_model, clean_text(said), model))
    return arranged("", title or PurePath(file_name).stem, found, found[-1].key if found else "", None)


def _sections(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The title, and (name, text) of each section. A heading inside code is none."""
    title, fence = "", ""
    sections: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines():
        if opened := _FENCE.match(line):
            mark = opened[1]
            fence = mark if not fence else "" if mark[0] == fence[0] and len(mark) >= len(fence) else fence
        elif not fence and (heading := _HEADING.match(line)):
            sections.append((heading[1].strip(), []))
            continue
        elif not fence and not title and line.startswith("# ") and len(sections) == 1 and not any(sections[0][1]):
            title = line[2:].strip()
            continue
        sections[-1][1].append(line)
    return title, [(name, "\n".join(lines)) for name, lines in sections]

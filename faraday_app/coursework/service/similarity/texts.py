"""The words of an attempt: what was written, then the text of each file."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from uuid import UUID

from faraday_app.core import files
from faraday_app.core.errors import Invalid
from faraday_app.core.extraction import kind_of, text_of
from faraday_app.core.vault import seal, unseal
from faraday_app.coursework import similarity
from faraday_app.coursework.models import ComparedText, Handout, Submission, SubmissionFile

LONGEST = 60_000  # characters of an attempt that are compared: about ten thousand words
CUT = f"Only the first {LONGEST:,} characters are compared."


@dataclass(frozen=True, slots=True)
class Words:
    """``ending`` is that of the file's name, where a file is all there is; ``problem`` what could not be read."""

    text: str
    ending: str = ""
    problem: str = ""


async def words_of(submission: Submission, attached: Sequence[SubmissionFile]) -> Words:
    """A file that cannot be read is named and left out; the rest is compared all the same."""
    parts, problems = [], []
    if submission.sealed_text:
        parts.append(await unseal(submission.sealed_text, f"submission {submission.id}"))
    written = any(part.strip() for part in parts)
    for file in attached:
        try:
            parts.append(await _text_of_file(file))
        except Invalid as reason:
            problems.append(f"“{file.name[:60]}” is not compared. {reason.message}")
    whole = "\n\n".join(part for part in parts if part.strip()).replace("\x00", "")
    if len(whole) > LONGEST:
        problems.append(CUT)
    endings = {PurePath(file.name).suffix.lower()[:20] for file in attached}
    ending = endings.pop() if len(endings) == 1 and not written else ""
    return Words(whole[:LONGEST], ending, " ".join(problems)[:400])


async def document_of(text: ComparedText) -> similarity.Document:
    """What was read, as it is compared."""
    written = await text_of_row(text)
    return await asyncio.to_thread(similarity.read, written, f"work{text.ending}")


async def text_of_row(text: ComparedText) -> str:
    return await unseal(text.sealed_text, _purpose(text.id)) if text.sealed_text else ""


async def sealed_text(organization_id: UUID, text_id: UUID, written: str) -> str | None:
    return await seal(organization_id, written, _purpose(text_id)) if written else None


async def text_of_handout(handout: Handout) -> str:
    return await unseal(handout.sealed_text, f"handout {handout.id}")


async def _text_of_file(file: SubmissionFile) -> str:
    key = await unseal(file.sealed_key, f"submission file {file.id}")
    content = await files.read(file.organization_id, file.id, key)
    kind = await asyncio.to_thread(kind_of, content, file.name)
    return (await text_of(content, kind))[: LONGEST + 1]


def _purpose(text_id: UUID) -> str:
    return f"compared text {text_id}"

"""The text of a file. PDF, Word and HTML are taken apart in a process of their own, which ends in time whatever is in
them and holds no secret; nothing they do there reaches this one."""

import asyncio
import os
import sys
from pathlib import Path

import structlog

from faraday_app.core.errors import Invalid
from faraday_app.core.extraction.kinds import FileKind, decoded

LONGEST = 2_000_000  # characters
WITHIN = 30.0  # seconds
AT_ONCE = 2
REFUSED = 3  # the process says why in a sentence
_ROOT = Path(__file__).parents[3]
_TAKEN_APART = (FileKind.pdf, FileKind.docx, FileKind.html)
_places = asyncio.Semaphore(AT_ONCE)
_log = structlog.get_logger(__name__)


async def text_of(content: bytes, kind: FileKind) -> str:
    """At most ``LONGEST`` characters of it. Invalid, with a sentence for whoever sent it, for what cannot be read."""
    if kind in _TAKEN_APART:
        async with _places:
            text = await _taken_apart(content, kind)
    else:
        text = await asyncio.to_thread(lambda: decoded(content) or "")
    text = text[:LONGEST].replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise Invalid("There is no text in this file. Scanned pages are pictures: Faraday cannot read them.")
    return text


async def _taken_apart(content: bytes, kind: FileKind) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "faraday_app.core.extraction.worker", kind.value,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(WITHIN):
            told, _ = await process.communicate(content)
    except TimeoutError:
        raise Invalid(f"Reading this file took longer than {WITHIN:.0f} seconds. Try a shorter one.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    words = told.decode(errors="replace")
    if process.returncode == REFUSED:
        raise Invalid(words[:300])
    if process.returncode != 0:
        _log.warning("not_read", kind=kind, code=process.returncode)
        raise Invalid("This file is damaged or too large to be read. Open it, save it anew, and add it again.")
    return words

"""PDFs are set by Typst in a process of their own: it can be stopped, and cannot take the server's memory."""

import asyncio
import json
import sys
from pathlib import Path

import structlog

from faraday_app.contexts.service.export.documents import Printable
from faraday_app.core.errors import Invalid, Unavailable

LONGEST = 2_000_000  # characters of all there is to print
WITHIN = 30.0  # seconds
AT_ONCE = 2  # PDFs of this worker at the same time
_SETTER = Path(__file__).with_name("setter.py")
_FONTS = Path(__file__).parents[4] / "assets" / "fonts"
_log = structlog.get_logger(__name__)
_turns: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


async def printed(document: Printable) -> bytes:
    """The PDF. Invalid for what is too long to print, Unavailable where setting it takes too long."""
    told = await asyncio.to_thread(json.dumps, document)
    if len(told) > LONGEST:
        raise Invalid("This conversation is too long for a PDF. Export it as Markdown or JSON.")
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        return await _set(told.encode())


async def _set(told: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_SETTER),
        str(_FONTS),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"LC_ALL": "C.UTF-8"},
    )
    try:
        async with asyncio.timeout(WITHIN):
            pdf, problem = await process.communicate(told)
    except TimeoutError:
        raise Unavailable("Setting this PDF takes too long. Export it as Markdown or JSON.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not pdf.startswith(b"%PDF"):
        _log.error("pdf_failed", code=process.returncode, problem=problem.decode(errors="replace")[-500:])
        raise Unavailable("This PDF could not be set. Export it as Markdown or JSON.")
    return pdf

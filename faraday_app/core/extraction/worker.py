"""Take one file apart: its bytes come over stdin, its text leaves over stdout.

python -m faraday_app.core.extraction.worker pdf|docx|html

Ends with 3 and a sentence when the file cannot be read. It may use a gigabyte and 25 seconds of computing.
"""

import io
import logging
import resource
import sys
from collections.abc import Iterable

from faraday_app.core.errors import Invalid
from faraday_app.core.extraction.markup import text_of_html
from faraday_app.core.extraction.reading import LONGEST, REFUSED

MEMORY = 1024**3  # bytes
COMPUTING = 25  # seconds
MOST_PAGES = 3_000


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (COMPUTING, COMPUTING))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable()
    content = sys.stdin.buffer.read()
    read = {"pdf": text_of_pdf, "docx": text_of_docx, "html": text_of_html}[sys.argv[1]]
    try:
        told, code = read(content)[:LONGEST], 0
    except Invalid as refusal:
        told, code = refusal.message, REFUSED
    sys.stdout.buffer.write(told.encode(errors="replace"))
    return code


def text_of_pdf(content: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Invalid("This PDF asks for a password. Save it without one, and add it again.")
        if len(reader.pages) > MOST_PAGES:
            raise Invalid(f"This PDF has {len(reader.pages):,} pages; at most {MOST_PAGES:,} are read.")
        return _of_pages(page.extract_text() for page in reader.pages)
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError) as error:
        raise Invalid("This PDF is damaged and cannot be read. Save it anew, and add it again.") from error


def _of_pages(pages: Iterable[str]) -> str:
    parts: list[str] = []
    length = 0
    for page in pages:
        parts.append(page)
        length += len(page)
        if length > LONGEST:
            break
    return "\n\n".join(parts)


def text_of_docx(content: bytes) -> str:
    """Paragraphs, headings and tables in their order."""
    from docx import Document
    from docx.table import Table

    from faraday_app.core import archives

    for _ in archives.unpacked(io.BytesIO(content)):
        pass
    try:
        document = Document(io.BytesIO(content))
        blocks = [
            _of_table(block) if isinstance(block, Table) else _of_paragraph(block)
            for block in document.iter_inner_content()
        ]
    except Exception as error:
        raise Invalid("This Word file is damaged and cannot be read. Save it anew, and add it again.") from error
    return "\n\n".join(block for block in blocks if block.strip())


def _of_paragraph(paragraph: object) -> str:
    style = str(getattr(getattr(paragraph, "style", None), "name", "") or "")
    text = str(getattr(paragraph, "text", ""))
    return f"# {text}" if style.startswith(("Heading", "Title")) and text.strip() else text


def _of_table(table: object) -> str:
    rows = getattr(table, "rows", [])
    return "\n".join(" | ".join(cell.text.strip() for cell in row.cells) for row in rows)


if __name__ == "__main__":
    sys.exit(main())

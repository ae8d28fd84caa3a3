"""Data of conversations and files of GPTs, and files of every kind."""

import io
import zipfile
from uuid import UUID

from docx import Document

from faraday_app.contexts.models import DataItem, DataKind, KnowledgeFile
from faraday_app.contexts.service import data, knowledge, reading
from faraday_app.contexts.service.data import Draft
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor

FROGS = """# Frogs

Frogs eat insects, worms and snails. They catch them with a sticky tongue.

# Volcanoes

A volcano erupts when magma rises through the crust. Lava is magma above the ground.

# Rivers

Rivers carry water from the mountains to the sea.
"""


async def write(
    actor: Actor, context_id: UUID, content: str, title: str = "", kind: DataKind = DataKind.note
) -> DataItem:
    async with transaction(actor) as session:
        return await data.add(session, actor, context_id, Draft(kind, title, content))


async def send_in(actor: Actor, context_id: UUID, name: str, content: bytes) -> DataItem:
    """A file whose text has been read, or could not be."""
    async with transaction(actor) as session:
        item = await data.add_file(session, actor, context_id, name, content)
    await reading.read_waiting()
    return item


async def teach(actor: Actor, gpt_id: UUID, name: str, content: bytes) -> KnowledgeFile:
    """A file that the GPT answers from, once it has been read."""
    async with transaction(actor) as session:
        known = (await knowledge.add(session, actor, gpt_id, name, content)).known
    await reading.read_waiting()
    return known


def book(*chapters: str, words: int = 150) -> bytes:
    """A text with a chapter of so many words about each of these."""
    filler = "and so it went on from day to day until the evening came over the hills again "
    filling = (filler * (words // 16 + 1)).strip()
    return "\n\n".join(f"# {each}\n\n{each}. {filling}" for each in chapters).encode()


def docx(*paragraphs: str, heading: str = "") -> bytes:
    document = Document()
    if heading:
        document.add_heading(heading, 1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Planet", "Moons"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def bomb() -> bytes:
    """An archive that says it is a Word file, and swells."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\x00" * 60_000_000)
    return out.getvalue()


def escaping() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../etc/word/document.xml", b"<w/>")
    return out.getvalue()


def pdf(text: str) -> bytes:
    """A page with one line, as small as PDF can be."""
    stream = f"BT /F1 18 Tf 40 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start

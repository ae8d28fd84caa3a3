import hashlib
import io
import zipfile

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Upload, UploadPart
from faraday_app.coursework.service.submissions import reading, uploads, writing
from tests.factories.classes import make_assignment
from tests.factories.coursework import do

WORDS = b"Chloroplasts hold the green.\n" * 40


@pytest.fixture
async def lab(room, group):
    return await make_assignment(room, group, "Root tip lab", submission_types=["file"])


async def send(actor, work, name="lab.txt", content=WORDS, pieces=1):
    upload = await do(actor, uploads.start, work.id, name, len(content))
    size = -(-len(content) // pieces)
    for begins in range(0, len(content), size):
        await do(actor, uploads.add, upload.id, begins, content[begins : begins + size])
    return await do(actor, uploads.finish, upload.id)


def macros() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("word/document.xml", "<w/>")
        file.writestr("word/vbaProject.bin", "x")
    return made.getvalue()


class TestUpload:
    async def test_goes_on_where_the_connection_was_lost(self, room, lab):
        upload = await do(room.elif_, uploads.start, lab.id, "lab.txt", len(WORDS))
        await do(room.elif_, uploads.add, upload.id, 0, WORDS[:500])
        with pytest.raises(Conflict, match="500 bytes have arrived"):
            await do(room.elif_, uploads.add, upload.id, 600, WORDS[600:])
        with pytest.raises(Conflict, match="500 of"):
            await do(room.elif_, uploads.finish, upload.id)
        assert (await do(room.elif_, uploads.get, upload.id)).received == 500
        await do(room.elif_, uploads.add, upload.id, 0, WORDS[:500])  # the answer to it was lost
        await do(room.elif_, uploads.add, upload.id, 500, WORDS[500:])
        file = await do(room.elif_, uploads.finish, upload.id)
        again = await do(room.elif_, uploads.finish, upload.id)
        assert (file.id, file.digest) == (again.id, hashlib.sha256(WORDS).hexdigest())
        assert (file.kind, file.problem, await uploads.content_of(file)) == ("text", "", WORDS)
        async with transaction(Actor.system()) as session:
            assert (await session.scalars(select(UploadPart).where(col(UploadPart.upload_id) == upload.id))).all() == []

    async def test_is_handed_in_with_the_draft(self, room, lab):
        file = await send(room.elif_, lab, pieces=3)
        handed = await do(room.elif_, writing.hand_in, lab.id, "once")
        found = await do(room.teacher, reading.file, handed.id, file.id)
        assert await uploads.content_of(found) == WORDS
        for actor in (room.nadir, room.amina):
            with pytest.raises(NotFound):
                await do(actor, reading.file, handed.id, file.id)

    async def test_holds_up_handing_in_until_it_has_arrived(self, room, lab):
        await send(room.elif_, lab)
        coming = await do(room.elif_, uploads.start, lab.id, "more.txt", 10)
        with pytest.raises(Conflict, match="still being sent"):
            await do(room.elif_, writing.hand_in, lab.id, "once")
        await do(room.elif_, uploads.cancel, coming.id)
        await do(room.elif_, writing.hand_in, lab.id, "once")

    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("notes.pdf", WORDS, "Its name says a PDF, but its content is text."),
            ("lab.docx", macros(), "This document holds macros."),
            ("lab.png", b"MZ" + bytes(100), "This is a program."),
        ],
    )
    async def test_is_put_in_quarantine_by_what_is_in_it(self, room, lab, name, content, reason):
        file = await send(room.elif_, lab, name, content)
        assert file.problem.startswith(reason)
        with pytest.raises(Invalid, match="cannot be handed in"):
            await do(room.elif_, writing.hand_in, lab.id, "once")
        with pytest.raises(Conflict, match="in quarantine"):
            await uploads.content_of(file)
        await do(room.elif_, uploads.remove, lab.id, file.id)
        with pytest.raises(Invalid, match="nothing to hand in yet"):
            await do(room.elif_, writing.hand_in, lab.id, "once")

    async def test_is_refused_before_anything_is_sent(self, room, group, lab):
        pdfs = await make_assignment(room, group, submission_types=["file"], file_kinds=["pdf"])
        words = await make_assignment(room, group)
        for work, name, size, reason in (
            (lab, "a.txt", 20 * 1024**2 + 1, "20 MB at most"),
            (lab, "a.txt", 0, "is empty"),
            (pdfs, "a.docx", 10, "takes .pdf for this"),
            (words, "a.txt", 10, "takes no files"),
        ):
            with pytest.raises(Invalid, match=reason):
                await do(room.elif_, uploads.start, work.id, name, size)

    async def test_is_the_senders_own(self, room, lab):
        upload = await do(room.elif_, uploads.start, lab.id, "lab.txt", 10)
        for actor in (room.amina, room.emre):
            with pytest.raises(NotFound):
                await do(actor, uploads.add, upload.id, 0, b"0123456789")

    async def test_of_which_nothing_comes_is_forgotten_after_a_day(self, room, lab):
        upload = await do(room.elif_, uploads.start, lab.id, "lab.txt", 10)
        await do(room.elif_, uploads.add, upload.id, 0, b"01234")
        async with transaction(Actor.system()) as session:
            old = update(Upload).where(col(Upload.id) == upload.id)
            await session.execute(old.values(touched_at=now() - uploads.KEPT))
        assert await uploads.forget_old() >= 1
        with pytest.raises(NotFound):
            await do(room.elif_, uploads.get, upload.id)

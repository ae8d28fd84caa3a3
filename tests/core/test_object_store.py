"""Files and backups in a bucket: the same promises as in a folder, over S3's protocol."""

import pytest

from faraday_app.core import files, sealed_streams
from faraday_app.core.errors import Unavailable
from faraday_app.core.ids import new_id
from faraday_app.core.sealed_streams import PIECE, Sealing
from faraday_app.core.settings import settings
from tests.factories.backups import destroy, fill, made, restored, rows
from tests.factories.bucket import ACCESS, BUCKET, REGION, SIGNED_WITH, serving

WORDS = b"Nova Lind has a nut allergy. " * 200


@pytest.fixture(scope="module")
def served():
    with serving() as found:
        yield found


@pytest.fixture
def bucket(served, monkeypatch):
    """Empty, and configured as operators do it."""
    found, address = served
    found.objects.clear()
    found.asked.clear()
    use(monkeypatch, address)
    yield found
    files.store.cache_clear()


def use(monkeypatch, address, *, url=f"s3://{BUCKET}/school", access=ACCESS, signs_with=SIGNED_WITH):
    environment = {"AWS_ACCESS_KEY_ID": access, "AWS_SECRET_ACCESS_KEY": signs_with}
    for name, value in {**environment, "AWS_REGION": REGION, "AWS_ENDPOINT": address}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(settings(), "object_store_url", type(settings().object_store_url)(url))
    files.store.cache_clear()


class TestFiles:
    async def test_come_back_as_they_were_and_lie_encrypted_under_names_of_ours(self, bucket):
        organization_id, file_id = new_id(), new_id()
        key = await files.keep(organization_id, file_id, WORDS)
        assert list(bucket.objects) == [f"school/{files.name(organization_id, file_id)}"]
        assert not any(b"Nova" in lying or b"nut" in lying for lying in bucket.objects.values())
        assert await files.read(organization_id, file_id, key) == WORDS
        assert await files.exists(organization_id, file_id)
        await files.remove(organization_id, file_id)
        assert not bucket.objects
        assert not await files.exists(organization_id, file_id)
        with pytest.raises(files.Gone):
            await files.read(organization_id, file_id, key)
        await files.remove(organization_id, file_id)

    async def test_are_refused_when_they_were_changed_there(self, bucket):
        organization_id, file_id = new_id(), new_id()
        key = await files.keep(organization_id, file_id, WORDS)
        (name,) = bucket.objects
        bucket.objects[name] = bucket.objects[name][:-1] + b"x"
        with pytest.raises(files.Gone):
            await files.read(organization_id, file_id, key)

    async def test_are_listed_page_by_page_without_what_is_not_ours(self, bucket, monkeypatch):
        monkeypatch.setattr(bucket, "listed_at_once", 2)
        mine = {(organization_id := new_id(), new_id()), *((organization_id, new_id()) for _ in range(4))}
        for each in mine:
            await files.keep(*each, b"Hello.")
        bucket.objects |= {"school/README.txt": b"Not ours.", "elsewhere/a": b"Not ours."}
        found = [kept async for page in files.pages() for kept in page]
        assert {(kept.organization_id, kept.file_id) for kept in found} == mine
        assert sum(asked in ("GET list-type", "GET continuation-token") for asked in bucket.asked) == 3


class TestStreams:
    async def test_go_up_in_parts_and_come_back_piece_by_piece(self, bucket, cast):
        path = files.name(cast.organization_id, new_id())
        key, head = await sealed_streams.key_for(cast.organization_id, "test:1")
        plain = b"Nova Lind " * (12 * PIECE // 10)
        with sealed_streams.writer(path) as target, Sealing(target.write, key, head, "test:1") as sealing:
            sealing.write(plain)
        assert bucket.asked.count("PUT partNumber") >= 2
        assert b"Nova" not in bucket.objects[f"school/{path}"]
        source = sealed_streams.reader(path)
        sealed_streams.head_of(source)
        assert b"".join(sealed_streams.opened(source, key, "test:1")) == plain
        assert sum(asked == "GET" for asked in bucket.asked) > 5
        sealed_streams.remove(path)
        assert not bucket.objects
        assert sealed_streams.whole(path) is None

    def test_leave_nothing_behind_an_error(self, bucket):
        def half() -> None:
            with sealed_streams.writer("half") as target:
                target.write(bytes(12 * PIECE))
                raise ValueError

        with pytest.raises(ValueError):  # noqa: PT011  the one above
            half()
        assert not bucket.objects


class TestBackup:
    async def test_is_made_read_back_and_restored(self, bucket, cast):
        school = await fill(cast)
        before = await rows(school.organization_id)
        found = await made(school.administrator)
        assert (found.state, found.error) == ("good", "")
        lying = bucket.objects[f"school/{found.path}"]
        assert not any(word in lying for word in (b"Frogs", b"Insects", b"messages"))
        destroy(school.organization_id)
        done = await restored(school.administrator, found)
        assert (done.state, done.error) == ("done", "")
        assert await rows(school.organization_id) == before

    async def test_fails_with_a_sentence_where_the_bucket_is_not(self, bucket, cast, served, monkeypatch):
        use(monkeypatch, served[1], url="s3://nowhere/school")
        found = await made(cast.administrator)
        assert (found.state, found.error) == ("failed", files.NO_BUCKET)
        assert not bucket.objects


class TestRefusal:
    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"signs_with": "another"}, files.REFUSED),
            ({"access": "AKIDNOBODY"}, files.REFUSED),
            ({"url": "s3://nowhere/school"}, files.NO_BUCKET),
        ],
    )
    async def test_says_what_to_look_at(self, bucket, served, monkeypatch, wrong, said):
        use(monkeypatch, served[1], **wrong)
        organization_id, file_id = new_id(), new_id()
        for asked in (
            lambda: files.keep(organization_id, file_id, WORDS),
            lambda: files.read(organization_id, file_id, "key"),
            lambda: files.remove(organization_id, file_id),
            lambda: anext(files.pages()),
        ):
            with pytest.raises(Unavailable) as refused:
                await asked()
            assert refused.value.message == said
        with pytest.raises(Unavailable, match="The store of files"), sealed_streams.writer("a") as target:
            target.write(b"Hello.")
        assert not bucket.objects

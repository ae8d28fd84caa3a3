"""A bucket that speaks S3's protocol over HTTP, as strictly as Amazon's does where Faraday could get it wrong.

It believes no request that is not signed for these very bytes (Signature Version 4), joins no part of less than 5 MiB,
and lists some keys at a time. What it holds lies open in ``objects``.

It is ours because botocore, with which the usual stand-ins come, wants an older python-dateutil than Faraday has.
"""

import asyncio
import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from urllib.parse import quote, unquote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from aiohttp import web

BUCKET, REGION = "faraday-files", "eu-north-1"
ACCESS, SIGNED_WITH = "AKIDEXAMPLE", "known to all tests"
SMALLEST_PART = 5 * 1024**2
_AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)")
_SINCE = datetime(2026, 11, 28, tzinfo=UTC)


class Refused(Exception):
    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code


class Bucket:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.listed_at_once = 1000
        self.asked: list[str] = []
        self._parts: dict[str, dict[int, bytes]] = {}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.asked.append(f"{request.method} {request.query_string.partition('=')[0]}".strip())
        try:
            _must_be_signed(request, body)
            return self._answer(request, _key_of(request), body)
        except Refused as refusal:
            text = f"<Error><Code>{refusal.code}</Code><Message>{refusal.code}</Message></Error>"
            return web.Response(status=refusal.status, text=text, content_type="application/xml")

    def _answer(self, request: web.Request, key: str, body: bytes) -> web.StreamResponse:
        query = request.query
        if not key:
            return self._delete_many(body) if "delete" in query else self._list(query)
        if "uploads" in query or "uploadId" in query:
            return self._upload(request, key, body)
        if request.method == "PUT":
            self.objects[key] = body
            return web.Response(headers={"ETag": _tag(body)})
        if request.method == "DELETE":
            self.objects.pop(key, None)
            return web.Response(status=204)
        return self._get(request, key)

    def _get(self, request: web.Request, key: str) -> web.Response:
        if key not in self.objects:
            raise Refused(404, "NoSuchKey")
        found = self.objects[key]
        headers = {"ETag": _tag(found), "Last-Modified": format_datetime(_SINCE, usegmt=True)}
        if request.method == "HEAD":
            return web.Response(headers={**headers, "Content-Length": str(len(found))})
        if not (wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))):
            return web.Response(body=found, headers=headers)
        first, last = int(wanted[1]), min(int(wanted[2] or len(found)), len(found) - 1)
        if first >= len(found):
            raise Refused(416, "InvalidRange")
        headers["Content-Range"] = f"bytes {first}-{last}/{len(found)}"
        return web.Response(status=206, body=found[first : last + 1], headers=headers)

    def _list(self, query) -> web.Response:
        after = query.get("continuation-token", "")
        keys = sorted(key for key in self.objects if key.startswith(query.get("prefix", "")) and key > after)
        shown = keys[: self.listed_at_once]
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(self.objects[key])}</Size>"
            f"<ETag>{_tag(self.objects[key])}</ETag><LastModified>{_SINCE:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            "</Contents>"
            for key in shown
        )
        more = len(keys) > len(shown)
        token = f"<NextContinuationToken>{escape(shown[-1])}</NextContinuationToken>" if more else ""
        truncated = f"<IsTruncated>{str(more).lower()}</IsTruncated>"
        return _xml("ListBucketResult", f"<Name>{BUCKET}</Name>{truncated}{token}{rows}")

    def _delete_many(self, body: bytes) -> web.Response:
        keys = [each.text or "" for each in ElementTree.fromstring(body).iter() if each.tag.endswith("Key")]  # noqa: S314  ours
        for key in keys:
            self.objects.pop(key, None)
        return _xml("DeleteResult", "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys))

    def _upload(self, request: web.Request, key: str, body: bytes) -> web.Response:
        if "uploads" in request.query:
            upload = f"upload-{len(self._parts)}"
            self._parts[upload] = {}
            said = f"<Bucket>{BUCKET}</Bucket><Key>{escape(key)}</Key><UploadId>{upload}</UploadId>"
            return _xml("InitiateMultipartUploadResult", said)
        parts = self._parts.get(request.query["uploadId"])
        if parts is None:
            raise Refused(404, "NoSuchUpload")
        if request.method == "PUT":
            parts[int(request.query["partNumber"])] = body
            return web.Response(headers={"ETag": _tag(body)})
        del self._parts[request.query["uploadId"]]
        if request.method == "DELETE":
            return web.Response(status=204)
        named = [int(each.text or 0) for each in ElementTree.fromstring(body).iter() if each.tag.endswith("PartNumber")]  # noqa: S314  ours
        if any(len(parts[number]) < SMALLEST_PART for number in named[:-1]):
            raise Refused(400, "EntityTooSmall")
        self.objects[key] = whole = b"".join(parts[number] for number in named)
        return _xml("CompleteMultipartUploadResult", f"<Key>{escape(key)}</Key><ETag>{_tag(whole)}</ETag>")


@contextmanager
def serving() -> Iterator[tuple[Bucket, str]]:
    """A bucket, and the address at which it answers, in a thread of its own: whoever asks may block."""
    bucket, ready, loop = Bucket(), threading.Event(), asyncio.new_event_loop()
    address: list[str] = []

    async def begin() -> web.AppRunner:
        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_route("*", "/{path:.*}", bucket.handle)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address.append(site._server.sockets[0].getsockname()[1])
        return runner

    def run() -> None:
        runner = loop.run_until_complete(begin())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run, name="bucket")
    thread.start()
    ready.wait(10)
    try:
        yield bucket, f"http://127.0.0.1:{address[0]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def _key_of(request: web.Request) -> str:
    bucket, _, key = unquote(request.path.lstrip("/")).partition("/")
    if bucket != BUCKET:
        raise Refused(404, "NoSuchBucket")
    return key


def _must_be_signed(request: web.Request, body: bytes) -> None:
    """As https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html has it."""
    said = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    if said is None:
        raise Refused(403, "AccessDenied")
    access, day, region, service, end = said[1].split("/")
    if access != ACCESS:
        raise Refused(403, "InvalidAccessKeyId")
    told = request.headers["x-amz-content-sha256"]
    if told not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
        raise Refused(400, "XAmzContentSHA256Mismatch")
    names = said[2].split(";")
    encode = partial(quote, safe="-_.~")
    pairs = sorted((encode(name), encode(value)) for name, value in request.query.items())
    canonical = "\n".join([
        request.method, quote(unquote(request.path), safe="/-_.~"), "&".join(map("=".join, pairs)),
        *(f"{name}:{' '.join(request.headers[name].split())}" for name in names), "", said[2], told,
    ])  # fmt: skip
    scope = f"{day}/{region}/{service}/{end}"
    signed = "\n".join([
        "AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()
    ])  # fmt: skip
    key = f"AWS4{SIGNED_WITH}".encode()
    for part in (day, REGION, "s3", "aws4_request", signed):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    if not hmac.compare_digest(key.hex(), said[3]):
        raise Refused(403, "SignatureDoesNotMatch")


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _xml(name: str, inner: str) -> web.Response:
    return web.Response(text=f'<?xml version="1.0"?><{name}>{inner}</{name}>', content_type="application/xml")

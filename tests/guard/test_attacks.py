"""What nobody sends by mistake, to the real server over real sockets."""

import contextlib
import json
import socket
from collections.abc import AsyncIterator

import aiohttp
import httpx
import pytest

from tests.serving import Served

NOISE = [b"\x00" * 100 + b"\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"\xff" * 2_000]
NONSENSE = [
    '42/_event,["event"]',
    '42/_event,["event", null]',
    '42/_event,["event", {"name": 7, "payload": [], "token": {}}]',
    '42/_event,["event", {"name": "__class__", "payload": {"__proto__": 1}, "router_data": 3}]',
    '42/_event,["event", ' + "[" * 5_000 + "]" * 5_000 + "]",
    "451-/_event,[{}]",
    "99",
    "\x00",
]


@pytest.fixture(autouse=True)
async def unharmed(served):
    """Whatever was sent: it lives, and has logged no failure of its own."""
    before = served.words().count("request_failed")
    yield
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{served.base}/health/live")).status_code == 200
    assert served.words().count("request_failed") == before


def said(served: Served, request: bytes) -> bytes:
    """The first line of the answer to raw bytes; empty when the connection was closed on us."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(request)
        with contextlib.suppress(ConnectionError):
            return connection.recv(4_096).split(b"\r\n")[0]
    return b""


class TestHead:
    @pytest.mark.parametrize("size", [40_000, 1_000_000])
    def test_that_is_too_long_is_refused(self, served, size):
        request = b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * size + b"\r\n\r\n"
        assert b"431" in said(served, request)

    def test_of_too_many_lines_is_refused(self, served):
        lines = b"".join(b"X-%d: 1\r\n" % number for number in range(500))
        assert b"431" in said(served, b"GET /health/live HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\n")

    def test_with_an_address_too_long_is_refused(self, served):
        assert b"414" in said(served, b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")

    def test_with_two_lengths_is_refused(self, served):
        lengths = b"Content-Length: 4\r\nContent-Length: 9"
        assert b" 400 " in said(served, b"POST /auth/sign-in HTTP/1.1\r\nHost: x\r\n" + lengths + b"\r\n\r\n0\r\n\r\n")

    @pytest.mark.parametrize(
        "noise", [b"\x00" * 100 + b"\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"\xff" * 2_000]
    )
    def test_of_noise_is_no_request(self, served, noise):
        assert b"200" not in said(served, noise + b"\r\n\r\n")


class TestPath:
    @pytest.mark.parametrize(
        "path",
        [
            "/../../../../etc/passwd",
            "/..%2f..%2f..%2fetc%2fpasswd",
            "/assets/..%2f..%2f..%2frxconfig.py",
            "/assets/%2e%2e/%2e%2e/backend/stateful_pages.json",
            "/%00",
            "/.faraday/demo-accounts.json",
            "/.env",
            "/_upload/..%2f..%2fsecret-key",
            "//etc/passwd",
        ],
    )
    def test_leads_to_no_file_but_those_of_the_pages(self, served, path):
        answer = said(served, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        assert b" 200 " not in answer
        assert b" 500 " not in answer


class TestFrame:
    @contextlib.asynccontextmanager
    async def _socket(self, served: Served) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        address = f"ws://127.0.0.1:{served.port}/_event/?EIO=4&transport=websocket&token=t"
        async with aiohttp.ClientSession() as client, client.ws_connect(address, origin=served.base) as page:
            await page.receive(5)
            await page.send_str("40/_event,")
            yield page

    async def test_of_more_than_a_megabyte_ends_the_connection(self, served):
        async with self._socket(served) as page:
            with contextlib.suppress(ConnectionError):
                await page.send_str("42/_event," + json.dumps(["event", {"name": "x" * 1_500_000}]))
            heard = [await page.receive(5) for _ in range(3) if not page.closed]
            assert page.closed, heard

    @pytest.mark.parametrize("frame", NONSENSE)
    async def test_of_nonsense_does_nothing(self, served, frame):
        async with self._socket(served) as page:
            await page.send_str(frame)
            with contextlib.suppress(TimeoutError):
                for _ in range(3):
                    assert "delta" not in str((await page.receive(0.3)).data)

"""Calls to addresses that people enter: where they go, and where never."""

import asyncio
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest

from faraday_app.core import outbound
from faraday_app.core.settings import settings

ANYWHERE = "0.0.0.0"  # noqa: S104  an address that is refused, not one to bind to
INSIDE = [
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "127.0.0.1", ANYWHERE, "169.254.169.254", "192.0.2.1",
    "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "100.100.100.200", "168.63.129.16", "::", "::1",
    "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::10.0.0.1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:0:1:1:0:0:f5ff:fffe",
]  # fmt: skip
OUTSIDE = ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1"]
NEVER = ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "fd00:ec2::254", ANYWHERE, "224.0.0.1", "ff02::1"]


@pytest.fixture
def production(monkeypatch):
    monkeypatch.setenv("FARADAY_ENV", "production")
    monkeypatch.setenv("FARADAY_MASTER_KEYS", f"test:{'A' * 43}=")
    monkeypatch.setenv("FARADAY_AUDIT_KEY", f"{'A' * 43}=")
    monkeypatch.setenv("PUBLIC_URL", "https://faraday.example.org")
    settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def resolving(monkeypatch):
    """Let every name lead where a test says; the questions that were asked."""
    asked = []

    def lead(*addresses):
        async def answer(_loop, host, port, **_):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", answer)
        return asked

    return lead


@pytest.fixture
def website():
    """Answers with what its ``replies`` say: (status, headers, body)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.heard.append((self.path, dict(self.headers)))
            status, headers, body = server.reply
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.heard, server.reply = [], (200, {}, b"hello")
    server.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class TestMayBeCalled:
    @pytest.mark.parametrize("address", INSIDE)
    def test_refuses_what_is_not_on_the_public_internet(self, production, address):
        assert not outbound.may_be_called(ip_address(address))

    @pytest.mark.parametrize("address", OUTSIDE)
    def test_allows_what_is(self, production, address):
        assert outbound.may_be_called(ip_address(address))

    @pytest.mark.parametrize("address", NEVER)
    def test_never_opens_where_clouds_keep_credentials(self, production, address):
        production.setenv("OUTBOUND_PRIVATE", "1")
        settings.cache_clear()
        assert outbound.may_be_called(ip_address("10.0.0.1"))
        assert not outbound.may_be_called(ip_address(address))


class TestRequest:
    async def test_brings_the_whole_answer(self, website):
        answer = await outbound.request("GET", f"{website.address}/here", headers={"X-Asked": "yes"})
        assert (answer.status_code, answer.content) == (200, b"hello")
        path, headers = website.heard[0]
        assert (path, headers["X-Asked"], headers["Accept-Encoding"]) == ("/here", "yes", "identity")

    @pytest.mark.parametrize(
        "url",
        ["ftp://school.example", "file:///etc/passwd", "school.example", "", "https://", "https://a:b@school.example",
         "javascript:alert(1)", "http://school.example\r\nHost: x", "https://[::1%25eth0]/"],
    )  # fmt: skip
    async def test_refuses_what_is_no_address(self, url):
        with pytest.raises((outbound.Refused, outbound.Unreachable)):
            await outbound.request("GET", url)

    async def test_wants_https_in_production(self, production):
        with pytest.raises(outbound.Refused, match="https"):
            await outbound.request("GET", "http://school.example")

    async def test_wants_https_outside_this_machine(self, resolving):
        resolving("93.184.215.14")
        with pytest.raises(outbound.Refused):
            await outbound.request("GET", "http://school.example")

    @pytest.mark.parametrize("url", ["https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://[::1]/"])
    async def test_refuses_loopback_however_it_is_written(self, production, url):
        with pytest.raises((outbound.Refused, outbound.Unreachable)):
            await outbound.request("GET", url)

    async def test_refuses_a_name_with_one_bad_address_among_good_ones(self, production, resolving):
        resolving("93.184.215.14", "10.0.0.1")
        with pytest.raises(outbound.Refused):
            await outbound.request("GET", "https://school.example")

    async def test_asks_for_the_name_once_and_goes_where_the_answer_said(self, website, resolving):
        asked = resolving("127.0.0.1")
        port = website.server_address[1]
        await outbound.request("GET", f"http://school.example:{port}/")
        assert asked[0] == "school.example"
        assert "school.example" not in asked[1:]
        assert website.heard[0][1]["Host"] == f"school.example:{port}"

    async def test_follows_no_redirect(self, website):
        website.reply = (302, {"Location": f"{website.address}/secret"}, b"")
        assert (await outbound.request("GET", website.address)).status_code == 302
        assert [path for path, _ in website.heard] == ["/"]

    async def test_uses_no_proxy_of_the_environment(self, website, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
        assert (await outbound.request("GET", website.address)).status_code == 200

    async def test_stops_at_an_answer_that_is_too_long(self, website):
        website.reply = (200, {}, b"x" * (outbound.LARGEST_ANSWER + 1))
        with pytest.raises(outbound.Unreachable, match="too long"):
            await outbound.request("GET", website.address)

    async def test_unpacks_nothing(self, website):
        website.reply = (200, {"Content-Encoding": "gzip"}, b"x")
        with pytest.raises(outbound.Unreachable):
            await outbound.request("GET", website.address)

    async def test_waits_no_longer_than_it_says(self, monkeypatch):
        monkeypatch.setattr(outbound, "WITHIN", 0.3)
        silent = socket.create_server(("127.0.0.1", 0))
        with silent, pytest.raises(outbound.Unreachable, match="seconds"):
            await outbound.request("GET", f"http://127.0.0.1:{silent.getsockname()[1]}/")

    async def test_says_that_nobody_is_there(self):
        with pytest.raises(outbound.Unreachable):
            await outbound.request("GET", "http://127.0.0.1:1/")

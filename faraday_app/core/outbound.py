"""The one way to call an address that a person entered: an identity provider, a webhook.

What it promises, whatever the address says:

- https alone; plain http only to this machine's own loopback, and only locally;
- the name is resolved once, and the connection goes to the address that was looked at: a name that changes its answer
  between the look and the call gains nothing. TLS is checked against the name;
- one private, loopback, multicast or reserved address among the answers is enough to refuse, also when it hides in an
  IPv6 address. ``OUTBOUND_PRIVATE`` and a local environment open private networks and loopback; link-local addresses,
  where clouds keep the credentials of machines, stay shut always;
- no redirect is followed, no proxy of the environment is used, nothing is decompressed;
- an answer is read whole, within ``WITHIN`` seconds and ``LARGEST_ANSWER`` bytes, or not at all.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx
import structlog
from aiohttp.abc import AbstractResolver, ResolveResult

from faraday_app.core.errors import Invalid, Unavailable
from faraday_app.core.settings import settings

WITHIN = 10.0  # seconds, name and body included
LARGEST_ANSWER = 512_000  # bytes
_NAT64 = ip_network("64:ff9b::/96")
_log = structlog.get_logger(__name__)

Address = IPv4Address | IPv6Address


class Refused(Invalid):
    """An address that must not be called."""

    title = "This address cannot be used"


class Unreachable(Unavailable):
    """There is nobody at the address, or their answer is none."""

    title = "This address does not answer"


async def request(
    method: str, url: str, *, headers: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None
) -> httpx.Response:
    """The whole answer, of whatever status. Refused before anything is sent; Unreachable when nothing useful came."""
    try:
        async with asyncio.timeout(WITHIN):
            return await _ask(method, _parsed(url), headers or {}, form)
    except TimeoutError:
        raise Unreachable(f"There was no answer within {WITHIN:.0f} seconds.") from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
        _log.warning("outbound_failed", host=httpx.URL(url).host, error=type(error).__name__)
        raise Unreachable from None


async def _ask(
    method: str, url: httpx.URL, headers: Mapping[str, str], form: Mapping[str, str] | None
) -> httpx.Response:
    address = await _resolved(url)
    there = url.copy_with(host=str(address))
    # Asked by number; the name goes into the certificate check and the Host header.
    sent = {**headers, "Host": url.netloc.decode("ascii"), "Accept-Encoding": "identity"}
    timeout = httpx.Timeout(WITHIN, connect=5)
    async with (
        httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=timeout, verify=trusted()) as client,
        client.stream(
            method, there, headers=sent, data=form, extensions={"sni_hostname": url.raw_host.decode("ascii")}
        ) as answer,
    ):
        return httpx.Response(answer.status_code, headers=answer.headers, content=await _body(answer))


@lru_cache(maxsize=1)
def trusted() -> ssl.SSLContext:
    """Whose certificates Faraday believes: those of the machine. Read once, since that takes longer than a call."""
    return ssl.create_default_context()


async def _body(answer: httpx.Response) -> bytes:
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise Unreachable("The answer is compressed, although that was not asked for.")
    read = bytearray()
    async for piece in answer.aiter_raw():
        read += piece
        if len(read) > LARGEST_ANSWER:
            raise Unreachable("The answer is too long.")
    return bytes(read)


def _parsed(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError):
        raise Refused("Enter a whole address that begins with https://.") from None
    if url.scheme not in ("https", "http") or not url.host:
        raise Refused("Enter a whole address that begins with https://.")
    if url.scheme == "http" and settings().environment != "local":
        raise Refused("The address must begin with https://.")
    if url.userinfo or "%" in url.host:
        raise Refused("The address must not hold a user name or a zone.")
    return url


def check_url(text: str) -> None:
    """Refused for an address that must not be called, as far as it tells without asking for its name."""
    url = _parsed(text)
    try:
        address = ip_address(url.host)
    except ValueError:
        return
    _check(url.host, url.scheme, address)


class Resolver(AbstractResolver):
    """For a client that keeps connections: each name is resolved here, and connected to only where that is allowed.

    Numbers are never resolved: ``check_url`` has to see the address first.
    """

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        if not all(may_be_called(ip_address(answer[4][0])) for answer in found):
            _log.warning("outbound_refused", host=host)
            raise OSError("This address is not on the public internet, and Faraday may not call it.")
        return [
            ResolveResult(hostname=host, host=str(answer[4][0]), port=port, family=answer[0], proto=answer[2], flags=0)
            for answer in found
        ]

    async def close(self) -> None:
        pass


def _check(host: str, scheme: str, address: Address) -> None:
    if not may_be_called(address) or (scheme == "http" and not address.is_loopback):
        _log.warning("outbound_refused", host=host, address=str(address))
        raise Refused("This address is not on the public internet, and Faraday may not call it.")


async def _resolved(url: httpx.URL) -> Address:
    """Where to connect: the first answer, when none of them is forbidden."""
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        raise Unreachable(f"There is no “{url.host}”.") from None
    addresses = [ip_address(answer[4][0]) for answer in found]
    if not addresses:
        raise Unreachable(f"There is no “{url.host}”.")
    for address in addresses:
        _check(url.host, url.scheme, address)
    return addresses[0]


def may_be_called(address: Address) -> bool:
    """Whether the settings let Faraday connect there."""
    inner = _hidden_in(address)
    if inner is not None:
        return may_be_called(inner)
    if address.is_link_local or address.is_multicast or address.is_unspecified or _is_metadata(address):
        return False
    if settings().environment == "local" or settings().outbound_private:
        return address.is_global or address.is_private
    return address.is_global and not address.is_reserved and not getattr(address, "is_site_local", False)


def _hidden_in(address: Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv6 one that only wraps it."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _is_metadata(address: Address) -> bool:
    """Where clouds keep the credentials of machines, outside the link-local range."""
    return address in (ip_address("fd00:ec2::254"), ip_address("100.100.100.200"), ip_address("168.63.129.16"))

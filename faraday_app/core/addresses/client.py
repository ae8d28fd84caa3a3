"""The address of whoever calls: the same for requests and for websockets."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from faraday_app.core.settings import settings

IP = IPv4Address | IPv6Address


@lru_cache(maxsize=20_000)
def parsed(text: str) -> IP | None:
    """An address in any spelling, an IPv4 one within IPv6 as what it is; None for anything else."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


@lru_cache(maxsize=20_000)
def normal(text: str) -> str:
    """The one spelling of an address; nothing for what is none."""
    found = parsed(text)
    return str(found) if found else ""


def client_address(headers: Mapping[str, str], peer: str) -> str:
    """Who calls. Forwarded addresses count only as far as the configured proxies wrote them.

    What a caller puts in front of them is never looked at.
    """
    hops = settings().trusted_proxies
    if hops:
        forwarded = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
        if len(forwarded) >= hops and (found := normal(forwarded[-hops])):
            return found
    return normal(peer)


def address_in(scope: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """The same for an ASGI scope."""
    client = scope.get("client")
    return client_address(headers, str(client[0]) if client else "")


@lru_cache(maxsize=20_000)
def place_of(address: str) -> str:
    """What one subscriber usually has: an IPv4 address, or the /64 of an IPv6 one."""
    found = parsed(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return str(found or "")


def is_loopback(address: str) -> bool:
    found = parsed(address)
    return bool(found and found.is_loopback)

"""In which country an address is, by a table that ships with geoip2fast (GeoLite2 data by MaxMind). Asks nobody."""

import asyncio
import threading
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geoip2fast import GeoIP2Fast

_TABLE = "geoip2fast-ipv6.dat.gz"  # holds IPv4 too
_reading = threading.Lock()


async def country_of(address: str) -> str:
    """The country as two letters ("DE"); nothing for an address that is private, unknown or none."""
    wanted = _public(address)
    return await asyncio.to_thread(_code, str(wanted)) if wanted else ""


async def country_names(codes: set[str]) -> dict[str, str]:
    """The English names of these countries."""
    wanted = codes - {""}
    return await asyncio.to_thread(_names, wanted) if wanted else {}


def _public(address: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return found if found.is_global else None


def _code(address: str) -> str:
    code = str(_table().lookup(address).country_code)
    return code if code.isalpha() and len(code) == 2 else ""


def _names(codes: set[str]) -> dict[str, str]:
    _table()
    from geoip2fast import geoip2fast

    known: dict[str, str] = geoip2fast.geoipCountryNamesDict
    return {code: known.get(code, code) for code in codes}


def _table() -> "GeoIP2Fast":
    with _reading:  # the package keeps its table in module globals
        return _read()


@lru_cache(maxsize=1)
def _read() -> "GeoIP2Fast":
    from geoip2fast import GeoIP2Fast

    return GeoIP2Fast(geoip2fast_data_file=_TABLE)

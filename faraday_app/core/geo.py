"""From which country an address is. By geoip2fast, whose table is made from GeoLite2 data by MaxMind."""

import asyncio
from functools import lru_cache
from typing import Any


async def country_of(address: str) -> str:
    """The ISO code of an address's country; empty for a private, unknown or malformed one."""
    return await asyncio.to_thread(_country, address) if address else ""


@lru_cache(maxsize=20_000)
def _country(address: str) -> str:
    code = str(_table().lookup(address).country_code)
    return code if len(code) == 2 and code.isalpha() else ""


@lru_cache(maxsize=1)
def _table() -> Any:
    from geoip2fast import GeoIP2Fast  # type: ignore[import-untyped]

    return GeoIP2Fast()

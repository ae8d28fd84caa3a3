"""In which country an address is, by a table that comes with the package and stays on this machine."""

import asyncio
from functools import lru_cache
from typing import Any

_CODE = 2


@lru_cache(maxsize=1)
def _table() -> Any:
    from geoip2fast import GeoIP2Fast  # type: ignore[import-untyped]

    return GeoIP2Fast()


async def load() -> None:
    """Read the table beside the event loop, before the first question."""
    await asyncio.to_thread(_table)


def country_of(address: str) -> str:
    """The two letters of the country of an address; nothing for a private or unknown one."""
    try:
        code = str(_table().lookup(address).country_code)
    except ValueError:
        return ""
    return code if len(code) == _CODE and code.isalpha() else ""

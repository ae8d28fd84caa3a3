"""Refusals in the words of another protocol: below an address that speaks it, no problem document leaves.

Whoever refuses, the outermost layer included, says it as a problem document; here it is put into other words.
"""

import json
from collections.abc import Callable
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from faraday_app.core.http.problems import MEDIA_TYPE

# Of a problem document: the status and the body that say the same.
Dialect = Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]

# By the beginning of the paths.
DIALECTS: dict[str, Dialect] = {}


def speaking(path: str, send: Send) -> Send:
    """The same, with problem documents in the dialect of the path where it has one."""
    for beginning, dialect in DIALECTS.items():
        if path.startswith(beginning):
            return _Translated(dialect, send)
    return send


class _Translated:
    """Holds a problem document back until its body is whole; everything else passes as it is."""

    def __init__(self, dialect: Dialect, send: Send) -> None:
        self._dialect, self._send = dialect, send
        self._begun: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_problem(message):
            self._begun = message
            return
        if self._begun is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._translate(self._begun)

    async def _translate(self, begun: Message) -> None:
        self._begun = None
        status, said = self._dialect(json.loads(self._body))
        body = json.dumps(said).encode()
        headers = MutableHeaders(raw=list(begun["headers"]))
        headers["content-type"], headers["content-length"] = "application/json", str(len(body))
        await self._send({**begun, "status": status, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _is_problem(message: Message) -> bool:
    return any(name == b"content-type" and value == MEDIA_TYPE.encode() for name, value in message["headers"])

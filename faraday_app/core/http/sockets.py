"""The cookies that an open websocket came with. A tab's state, which may be kept in Redis, holds but a reference."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import Scope

from faraday_app.core.http.access import SESSION_COOKIE, cookie_value, session_token

LINGERS = 60.0  # seconds in which what a closed tab began comes to its end


class Sockets:
    """The sockets of this worker. A reference says nothing to anybody else, and nothing at all after the socket."""

    def __init__(self) -> None:
        self._cookies: dict[str, str] = {}

    @contextmanager
    def opened(self, cookies: str) -> Iterator[str]:
        """A reference to the Cookie header of a socket, for as long as it is open and a little longer."""
        reference = secrets.token_urlsafe(16)
        self._cookies[reference] = cookies
        try:
            yield reference
        finally:
            asyncio.get_running_loop().call_later(LINGERS, self._cookies.pop, reference, None)

    def cookie(self, cookie_header: str, name: str) -> str:
        """A cookie behind the reference in a header that ``without_secrets`` made, or nothing."""
        return cookie_value(self._cookies.get(session_token(cookie_header), ""), name)


sockets = Sockets()


def without_session(cookie_header: str) -> str:
    """The header for whom the session is no good."""
    parts = [part for part in cookie_header.split(";") if part.strip().partition("=")[0] != SESSION_COOKIE]
    return ";".join(parts)


def without_secrets(scope: Scope, reference: str) -> Scope:
    """The scope with a Cookie header that holds nothing but a reference."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    return {**scope, "headers": [*headers, (b"cookie", f"{SESSION_COOKIE}={reference}".encode())]}

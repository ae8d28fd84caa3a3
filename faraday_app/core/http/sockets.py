"""Which session an open websocket belongs to. A tab's state, which may be kept in Redis, names it by a reference."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from starlette.types import Scope

from faraday_app.core.http.access import SESSION_COOKIE, cookie_value, session_token

KEPT = ("zone",)  # the cookies that pages read
LINGERS = 60.0  # seconds in which what a closed tab began comes to its end


class Sockets:
    """The sockets of this worker. A reference says nothing to anybody else, and nothing at all after the socket."""

    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}

    @contextmanager
    def opened(self, token: str) -> Iterator[str]:
        """A reference to the session of a socket, for as long as it is open and a little longer."""
        reference = secrets.token_urlsafe(16)
        self._tokens[reference] = token
        try:
            yield reference
        finally:
            asyncio.get_running_loop().call_later(LINGERS, self._tokens.pop, reference, None)

    def token_in(self, cookie_header: str) -> str:
        """The session token behind the reference in a Cookie header that ``without_secrets`` made, or nothing."""
        return self._tokens.get(session_token(cookie_header), "")


sockets = Sockets()


def without_secrets(scope: Scope, cookie_header: str, reference: str) -> Scope:
    """The scope with a Cookie header that holds a reference in place of the session, and of the others few."""
    cookies = {SESSION_COOKIE: reference, **{name: cookie_value(cookie_header, name) for name in KEPT}}
    header = "; ".join(f"{name}={quote(value)}" for name, value in cookies.items() if value)
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    return {**scope, "headers": [*headers, (b"cookie", header.encode())]}

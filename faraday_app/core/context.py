"""Which request or event something happens in: one id for all that it causes."""

import secrets
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def begin_request() -> str:
    """A new id, which everything that runs on behalf of this request carries."""
    id = secrets.token_hex(8)
    _request_id.set(id)
    return id


def request_id() -> str:
    """Empty where nobody asked: in jobs, and in what Faraday does by itself."""
    return _request_id.get()

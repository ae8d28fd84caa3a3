"""What the browser may know of where somebody is signed in."""

from dataclasses import dataclass

from faraday_app.security.models import Session

_METHODS = {"password": "password", "passkey": "passkey"}  # pragma: allowlist secret
_HANDHELD = {"Android", "iOS", "iPhone", "iPad"}


@dataclass(frozen=True, slots=True)
class SessionView:
    id: str
    device: str
    handheld: bool
    here: bool
    place: str
    address: str
    method: str
    seen: str
    since: str


def session_view(row: Session, *, here: bool, country: str, seen: str, since: str) -> SessionView:
    return SessionView(
        str(row.id),
        row.device_name,
        row.system in _HANDHELD,
        here,
        country,
        row.address,
        method_words(row.method),
        seen,
        since,
    )


def method_words(method: str) -> str:
    """How they signed in. A way without words of its own is the name of a provider."""
    return _METHODS.get(method, method)

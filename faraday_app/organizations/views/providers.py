"""What the browser may know of ways to sign in, and what a page says of a code in its address."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OfferedProvider:
    """What a guest may know of a way to sign in."""

    label: str
    start: str


@dataclass(frozen=True, slots=True)
class ProviderView:
    id: str
    label: str
    issuer: str
    terms: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """One way to sign in: connected with an ``id``, or one that can be, by its ``action``."""

    id: str
    label: str
    email: str
    action: str


# What a page says of a code in its address. An unknown code says nothing: its words could be anybody's.
PROBLEMS = {
    "link_first": "Sign in with your password first, then connect this account on your account page.",
    "over": "That sign-in took too long, or was begun in another browser. Please try again.",
    "provider": "The sign-in service gave an answer that cannot be trusted. Tell an administrator if it happens again.",
    "refused": "E-mail or password is wrong.",
    "refused_there": "The sign-in was cancelled at the other service.",
    "taken": "That account is connected to somebody else here.",
    "too_often": "Too many attempts. Please try again in a few minutes.",
    "unknown": "You are not a member here yet. Ask an administrator for an invitation.",
}
DONE = {
    "connected": "The account is connected. You can sign in with it from now on.",
    "reset": "Your new password is set. Sign in with it.",
}


def offered_provider(id: UUID, label: str, next: str) -> OfferedProvider:
    return OfferedProvider(label, f"/auth/oidc/{id}/start" + (f"?next={quote(next, safe='')}" if next else ""))

"""What is limited, for whom, and how far where nobody said otherwise."""

import re
from enum import StrEnum

from faraday_app.core.limits.gcra import Rule


class Endpoint(StrEnum):
    """The kinds of call that have limits of their own."""

    sign_in = "sign_in"
    api_read = "api_read"
    api_write = "api_write"
    answers = "answers"
    events = "events"
    pages = "pages"

    @property
    def words(self) -> str:
        return _WORDS[self]


class Subject(StrEnum):
    """Who a limit counts."""

    user = "user"
    key = "key"
    organization = "organization"
    address = "address"


_WORDS = {
    Endpoint.sign_in: "Sign-in",
    Endpoint.api_read: "API, reading",
    Endpoint.api_write: "API, writing",
    Endpoint.answers: "Model answers",
    Endpoint.events: "Clicks in pages",
    Endpoint.pages: "Public pages",
}

# Calls per minute and at once. A whole school may sit behind one address.
DEFAULTS: dict[tuple[Endpoint, Subject], Rule] = {
    (Endpoint.sign_in, Subject.address): Rule.of(240, 200),
    (Endpoint.api_read, Subject.key): Rule.of(1_200, 100),
    (Endpoint.api_read, Subject.user): Rule.of(2_400, 200),
    (Endpoint.api_read, Subject.organization): Rule.of(120_000, 12_000),
    (Endpoint.api_read, Subject.address): Rule.of(6_000, 1_000),
    (Endpoint.api_write, Subject.key): Rule.of(1_200, 100),
    (Endpoint.api_write, Subject.user): Rule.of(2_400, 200),
    (Endpoint.api_write, Subject.organization): Rule.of(60_000, 6_000),
    (Endpoint.api_write, Subject.address): Rule.of(6_000, 1_000),
    (Endpoint.answers, Subject.key): Rule.of(120, 30),
    (Endpoint.answers, Subject.user): Rule.of(120, 30),
    (Endpoint.answers, Subject.organization): Rule.of(6_000, 600),
    (Endpoint.answers, Subject.address): Rule.of(3_000, 600),
    (Endpoint.events, Subject.user): Rule.of(1_200, 150),
    (Endpoint.events, Subject.address): Rule.of(60_000, 5_000),
    (Endpoint.pages, Subject.address): Rule.of(6_000, 1_000),
}

_ANSWERS = re.compile(r"^(/api/v1/conversations/[^/]+/messages|/v1/(chat/completions|embeddings))$")


def endpoint_of(method: str, path: str) -> Endpoint:
    """The kind of call that an HTTP request is."""
    if path.startswith("/auth/"):
        return Endpoint.sign_in
    if not path.startswith(("/api/", "/v1/", "/ims/")):
        return Endpoint.pages
    if method in ("GET", "HEAD", "OPTIONS"):
        return Endpoint.api_read
    return Endpoint.answers if _ANSWERS.match(path) else Endpoint.api_write

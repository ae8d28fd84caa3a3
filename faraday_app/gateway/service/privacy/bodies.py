"""Requests without names, and answers with the names back in their places."""

import base64
import hmac
import re
from typing import Any
from uuid import UUID

from faraday_app.core.settings import settings
from faraday_app.gateway.service.privacy.names import Names, names_of

Json = dict[str, Any]
LENGTH = 8  # letters of a token
NOT_SENT = ("user", "metadata", "safety_identifier", "prompt_cache_key")  # who asks is nobody's business either
DOMAIN = "hidden.example"
_KINDS = ("name", "mail", "id")
_LETTERS = re.compile(rf"[a-z2-7]{{0,{LENGTH}}}")
_TOKEN = re.compile(rf"(name|mail|id)_([a-z2-7]{{{LENGTH}}})(?:@{re.escape(DOMAIN)})?", re.IGNORECASE)
_LONGEST = len(f"mail_@{DOMAIN}") + LENGTH


async def mask_for(organization_id: UUID) -> "Masked":
    return Masked(organization_id, await names_of(organization_id))


class Masked:
    """One call's view of the people: the same name has the same token in every call of an organisation."""

    def __init__(self, organization_id: UUID, names: Names) -> None:
        self._key = hmac.digest(settings().key, b"names " + organization_id.bytes, "sha256")
        self._names = names
        self._originals: dict[str, str] = {}

    def body(self, body: Json) -> Json:
        """The request as it may leave."""
        return {name: self._value(name, value) for name, value in body.items() if name not in NOT_SENT}

    def text(self, text: str) -> str:
        parts, last = [], 0
        for found in self._names.within(text):
            parts += [text[last : found.start], self._token(found.kind, text[found.start : found.end])]
            last = found.end
        return "".join([*parts, text[last:]])

    def original(self, match: "re.Match[str]") -> str:
        """What a token stands for; the token itself when nobody knows."""
        return self._originals.get(f"{match[1]}_{match[2]}".casefold(), match[0])

    def _value(self, name: str, value: Any) -> Any:
        """All that people write, however deep; what names a kind, a tool or a field stays as it is."""
        if isinstance(value, str):
            return value if name in ("role", "type", "name", "id", "tool_call_id", "url") else self.text(value)
        if isinstance(value, dict):
            return {each: self._value(each, inner) for each, inner in value.items()}
        return [self._value("", inner) for inner in value] if isinstance(value, list) else value

    def _token(self, kind: str, original: str) -> str:
        digest = hmac.digest(self._key, f"{kind} {original.casefold()}".encode(), "sha256")
        letters = base64.b32encode(digest).decode()[:LENGTH]
        token = f"{kind}_{letters}".casefold()
        if self._originals.setdefault(token, original).islower():
            self._originals[token] = original  # the spelling of a name, once somebody used it
        return {"name": f"Name_{letters}", "mail": f"{token}@{DOMAIN}", "id": token}[kind]


class Unmasking:
    """Puts the names back into a text that comes in pieces; what may be half a token waits for the next piece."""

    def __init__(self, masked: Masked) -> None:
        self._masked = masked
        self._held = ""

    def feed(self, piece: str) -> str:
        text = self._held + piece
        held = _unfinished(text)
        self._held = text[len(text) - held :]
        return self._put_back(text[: len(text) - held])

    def rest(self) -> str:
        held, self._held = self._held, ""
        return self._put_back(held)

    def _put_back(self, text: str) -> str:
        return _TOKEN.sub(self._masked.original, text)


def _unfinished(text: str) -> int:
    """How many characters at the end may be the beginning of a token, or of its domain."""
    tail = text[-_LONGEST:].casefold()
    for at in range(len(tail)):
        if (at == 0 or not tail[at - 1].isalnum()) and _may_begin(tail[at:]):
            return len(tail) - at
    return 0


def _may_begin(end: str) -> bool:
    kind, underscore, rest = end.partition("_")
    if not underscore:
        return any(each.startswith(kind) for each in _KINDS)
    letters, at, domain = rest.partition("@")
    if kind not in _KINDS or not _LETTERS.fullmatch(letters):
        return False
    if len(letters) < LENGTH:
        return not at
    return kind == "mail" and DOMAIN.startswith(domain) and domain != DOMAIN

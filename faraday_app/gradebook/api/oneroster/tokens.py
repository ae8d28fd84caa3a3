"""OAuth 2 client credentials, for systems that insist on them: an API key in the words of that protocol."""

import base64
import binascii
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import JSONResponse

from faraday_app.core.errors import FaradayError
from faraday_app.core.http import anyone
from faraday_app.core.http.access import client_address
from faraday_app.core.http.fields import Text
from faraday_app.core.identity import identities
from faraday_app.core.permissions import Permission

router = APIRouter(include_in_schema=False)
LASTS = 3600  # seconds; a client asks again, and is told no once the key has ended
_BASE = "https://purl.imsglobal.org/spec/or/v1p2/scope/"
SCOPES = {
    f"{_BASE}gradebook.readonly": Permission.oneroster_read,
    f"{_BASE}gradebook.createput": Permission.oneroster_write,
    f"{_BASE}gradebook.delete": Permission.oneroster_delete,
}


@router.post("/token", dependencies=[Depends(anyone)])
async def give_token(
    request: Request,
    grant_type: Annotated[Text, Form()] = "",
    client_secret: Annotated[Text, Form()] = "",
    scope: Annotated[Text, Form()] = "",
) -> JSONResponse:
    """The secret is an API key, in the form or as the password of basic authentication; the client's id is not asked.

    The token is the key itself: it is narrowed, limited and withdrawn as a key is.
    """
    if grant_type != "client_credentials":
        return _refused(400, "unsupported_grant_type")
    secret = _basic(request.headers.get("authorization", "")) or client_secret
    try:
        actor = await identities.of_key(secret, client_address(request))
    except FaradayError:
        actor = None
    if actor is None:
        return _refused(401, "invalid_client")
    wanted = scope.split() or [name for name, permission in SCOPES.items() if actor.could(permission)]
    if any(each not in SCOPES or not actor.could(SCOPES[each]) for each in wanted):
        return _refused(400, "invalid_scope")
    said: dict[str, Any] = {"access_token": secret, "token_type": "Bearer", "expires_in": LASTS}
    return JSONResponse({**said, "scope": " ".join(wanted)}, headers={"Cache-Control": "no-store"})


def _basic(header: str) -> str:
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return unquote(base64.b64decode(encoded, validate=True).decode().partition(":")[2])
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _refused(status: int, error: str) -> JSONResponse:
    headers = {"Cache-Control": "no-store", **({"WWW-Authenticate": "Basic"} if status == 401 else {})}
    return JSONResponse({"error": error}, status, headers)

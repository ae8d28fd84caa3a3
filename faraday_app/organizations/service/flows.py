"""Sign-ins that are under way at an identity provider: what this browser left with, and may come back with once.

Kept sealed in Redis for ten minutes under the hash of ``state``, and bound to the browser by a cookie of its own:
an answer that somebody else brings, or the same one brought twice, belongs to nothing.
"""

import hmac
import json
from dataclasses import asdict, dataclass

from faraday_app.core import vault
from faraday_app.core.crypto import new_token, token_hash
from faraday_app.core.errors import Invalid, Unavailable
from faraday_app.core.redis import RedisError, redis

GOOD_FOR = 600  # seconds
_PURPOSE = "oidc flow"


class Over(Invalid):
    """Nothing is under way that this answer could belong to."""

    title = "This sign-in took too long, or was begun in another browser. Please try again"


@dataclass(frozen=True, slots=True)
class Flow:
    """``user_id``: who was signed in already and wants to connect their account; else nobody."""

    provider_id: str
    redirect_uri: str
    nonce: str
    verifier: str
    browser: str
    next: str = "/"
    user_id: str = ""


async def begin(flow: Flow) -> str:
    """The state that names it."""
    state = new_token()
    sealed = await vault.seal(None, json.dumps(asdict(flow)), _PURPOSE)
    try:
        await redis().set(_key(state), sealed, ex=GOOD_FOR)
    except RedisError as error:
        raise Unavailable("Signing in this way is not possible right now. Please try again in a moment.") from error
    return state


async def take(state: str, browser: str) -> Flow:
    """What was under way, once, for the browser that began it."""
    try:
        sealed = await redis().getdel(_key(state))
    except RedisError as error:
        raise Unavailable("Signing in this way is not possible right now. Please try again in a moment.") from error
    if not sealed:
        raise Over
    flow = Flow(**json.loads(await vault.unseal(sealed, _PURPOSE)))
    if not browser or not hmac.compare_digest(flow.browser, token_hash(browser)):
        raise Over
    return flow


def _key(state: str) -> str:
    return f"oidc:{token_hash(state)}"

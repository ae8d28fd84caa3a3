"""OpenID Connect, the protocol: discovery, the authorization code flow with PKCE, and the check of an ID token.

Knows issuers and tokens, and nothing of people. Every call goes through ``core.outbound``.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from authlib.common.urls import add_params_to_uri, url_decode, url_encode
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from faraday_app.core import outbound
from faraday_app.core.errors import Invalid
from faraday_app.core.limits import Rate
from faraday_app.core.settings import settings

SCOPE = "openid email profile"
LEEWAY = 60  # seconds that clocks may differ
# Signatures that only the issuer can make. With HS* anybody who holds our secret could, with none everybody.
SIGNED_WITH = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
REMEMBERED_FOR = 600  # seconds
MOST_REMEMBERED = 1_000
KEYS_ASKED = Rate(per_second=0.2, burst=5)  # for keys that we have not seen, of each issuer
_log = structlog.get_logger(__name__)


class Broken(Invalid):
    """The issuer's answer is not what the standard asks for, or not meant for us."""

    title = "The sign-in service gave an answer that cannot be trusted"


@dataclass(frozen=True, slots=True)
class Issuer:
    """What an issuer says of itself."""

    name: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    algorithms: tuple[str, ...]
    auth_method: str
    names_itself: bool  # in every answer to the browser: RFC 9207


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are at an issuer."""

    id: str
    secret: str
    redirect_uri: str


_issuers: dict[str, tuple[float, Issuer]] = {}
_keys: dict[str, tuple[float, KeySet]] = {}


async def discover(issuer: str, *, anew: bool = False) -> Issuer:
    """What the issuer publishes of itself, remembered for a while. Invalid when it is not an OpenID Connect issuer."""
    known = _issuers.get(issuer)
    if known and known[0] > time.monotonic() and not anew:
        return known[1]
    if len(_issuers) > MOST_REMEMBERED:
        _issuers.clear()
        _keys.clear()
    found = _issuer(issuer, await _json(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
    _issuers[issuer] = _issuers[found.name] = (time.monotonic() + REMEMBERED_FOR, found)
    return found


def authorization_url(issuer: Issuer, client: Client, state: str, nonce: str, verifier: str) -> str:
    """Where the browser goes to sign in."""
    asked = {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": client.redirect_uri,
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    return str(add_params_to_uri(issuer.authorization_endpoint, list(asked.items())))


async def claims_of(issuer: Issuer, client: Client, code: str, nonce: str, verifier: str) -> dict[str, Any]:
    """Who the issuer says has signed in, after every check of the ID token that brings it."""
    tokens = await _tokens(issuer, client, code, verifier)
    access_token = str(tokens.get("access_token", ""))
    claims = await _verified(issuer, client, str(tokens.get("id_token", "")), nonce, access_token)
    if "email" not in claims and issuer.userinfo_endpoint and access_token:
        more = await _json(issuer.userinfo_endpoint, {"Authorization": f"Bearer {access_token}"})
        if more.get("sub") != claims["sub"]:
            raise Broken
        claims = {**more, **claims}
    return claims


async def _tokens(issuer: Issuer, client: Client, code: str, verifier: str) -> dict[str, Any]:
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "code_verifier": verifier,
    }
    authenticate = ClientAuth(client.id, client.secret, issuer.auth_method)
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    url, headers, body = authenticate.prepare("POST", issuer.token_endpoint, headers, url_encode(asked.items()))
    answer = await outbound.request("POST", url, headers=headers, form=dict(url_decode(body)))
    if answer.status_code != 200:
        _log.warning("oidc_code_refused", issuer=issuer.name, status=answer.status_code)
        raise Broken("The sign-in service did not accept the answer it gave. Please try again.")
    return _object(answer.content)


async def _verified(issuer: Issuer, client: Client, token: str, nonce: str, access_token: str) -> dict[str, Any]:
    try:
        decoded = await _decoded(issuer, token)
        options: dict[str, Any] = {
            "iss": {"essential": True, "value": issuer.name},
            "aud": {"essential": True, "value": client.id},
        }
        params = {"nonce": nonce, "client_id": client.id, "access_token": access_token}
        CodeIDToken(decoded.claims, decoded.header, options, params).validate(int(time.time()), LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        _log.warning("oidc_token_refused", issuer=issuer.name, error=type(error).__name__)
        raise Broken from None
    subject = decoded.claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise Broken
    return dict(decoded.claims)


async def _decoded(issuer: Issuer, token: str) -> jwt.Token:
    """With the keys at hand; with new ones when none of them fits, since issuers change theirs."""
    known = _keys.get(issuer.jwks_uri)
    if known and known[0] > time.monotonic():
        try:
            return jwt.decode(token, known[1], algorithms=issuer.algorithms)
        except (JoseError, ValueError):
            if KEYS_ASKED.take(issuer.jwks_uri):
                raise
    keys = KeySet.import_key_set(await _json(issuer.jwks_uri))  # type: ignore[arg-type]
    _keys[issuer.jwks_uri] = (time.monotonic() + REMEMBERED_FOR, keys)
    return jwt.decode(token, keys, algorithms=issuer.algorithms)


async def _json(url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    answer = await outbound.request("GET", url, headers={"Accept": "application/json", **(headers or {})})
    if answer.status_code != 200:
        raise Broken(f"There is no OpenID Connect issuer at this address: it answered {answer.status_code}.")
    return _object(answer.content)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise Broken from None
    if not isinstance(found, dict):
        raise Broken
    return found


def _issuer(asked: str, said: dict[str, Any]) -> Issuer:
    name = said.get("issuer")
    if not isinstance(name, str) or name.rstrip("/") != asked.rstrip("/"):
        raise Broken("This issuer names itself differently. Enter its own name.")
    algorithms = said.get("id_token_signing_alg_values_supported") or ["RS256"]
    signed = tuple(each for each in SIGNED_WITH if each in algorithms)
    if not signed:
        raise Broken("This issuer does not sign with a public key.")
    if "S256" not in said.get("code_challenge_methods_supported", ["S256"]):
        raise Broken("This issuer does not support PKCE with S256.")
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Issuer(
        name,
        _endpoint(said, "authorization_endpoint"),
        _endpoint(said, "token_endpoint"),
        _endpoint(said, "jwks_uri"),
        _endpoint(said, "userinfo_endpoint") if said.get("userinfo_endpoint") else "",
        signed,
        "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post",
        said.get("authorization_response_iss_parameter_supported") is True,
    )


def _endpoint(said: dict[str, Any], name: str) -> str:
    """An address that a browser may be sent to: never one that runs there."""
    url = str(said.get(name, ""))
    parts = urlsplit(url)
    schemes = ("https", "http") if settings().environment == "local" else ("https",)
    if parts.scheme not in schemes or not parts.netloc or not url.isprintable():
        raise Broken(f"This issuer does not say where its {name.replace('_', ' ')} is.")
    return url

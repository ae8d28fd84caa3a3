"""An OpenID Connect issuer on loopback, in a thread of its own. It keeps to the standard until it is told to lie."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT_ID = "faraday"
SECRET = "not a real secret"  # pragma: allowlist secret


@dataclass
class Lies:
    """How the issuer departs from the standard."""

    algorithm: str = "RS256"  # "none", or "HS256" with the public key
    claims: dict[str, Any] = field(default_factory=dict)  # in place of the true ones; None leaves one out
    iss: str | None = None  # names another issuer in its answer to the browser
    foreign_key: bool = False
    says: dict[str, Any] = field(default_factory=dict)  # in its discovery document
    subject_of_userinfo: str = ""


@lru_cache(maxsize=4)
def _key_number(number: int) -> RSAKey:
    """Making one takes a while; every issuer of the tests has the same."""
    return RSAKey.generate_key(2048, {"kid": f"key-{number}", "use": "sig"})


class Issuer:
    """Signs in whoever ``person`` says, without asking."""

    def __init__(self, port: int) -> None:
        self.name = f"http://127.0.0.1:{port}"
        self.person: dict[str, Any] = {}
        self.lies = Lies()
        self.email_in_token = True
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._tokens: dict[str, dict[str, Any]] = {}
        self._number = 0
        self.rotate()

    def rotate(self) -> None:
        """Sign with a new key, and publish that one alone."""
        self._number += 1
        self._key = _key_number(self._number)

    def introduces(self, email: str, *, subject: str = "", verified: bool = True, name: str = "Nova Quist") -> None:
        """The person who signs in next."""
        self.person = {"sub": subject or f"sub-{email}", "email": email, "email_verified": verified, "name": name}

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.name,
            "authorization_endpoint": f"{self.name}/authorize",
            "token_endpoint": f"{self.name}/token",
            "jwks_uri": f"{self.name}/keys",
            "userinfo_endpoint": f"{self.name}/me",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "authorization_response_iss_parameter_supported": True,
            **self.lies.says,
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes next, with a code."""
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.lies.iss or self.name}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def tokens(self, authorization: str, asked: dict[str, str]) -> dict[str, Any] | None:
        """For a code that was not used, and its verifier, from our client; else nothing."""
        basic = base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        flow = self._codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = authorization == f"Basic {basic}" and flow is not None
        if not right or flow["code_challenge"] != challenge or flow["redirect_uri"] != asked.get("redirect_uri"):
            return None
        access_token = secrets.token_urlsafe(16)
        self._tokens[access_token] = self.person
        return {"access_token": access_token, "token_type": "Bearer", "id_token": self._id_token(flow["nonce"])}

    def userinfo(self, access_token: str) -> dict[str, Any]:
        person = self._tokens.get(access_token, {})
        return {**person, "sub": self.lies.subject_of_userinfo or person.get("sub", "")}

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        person = self.person if self.email_in_token else {"sub": self.person["sub"]}
        true = {"iss": self.name, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce, **person}
        claims = {name: value for name, value in {**true, **self.lies.claims}.items() if value is not None}
        if self.lies.algorithm == "none":
            return f"{_part({'alg': 'none'})}.{_part(claims)}."
        if self.lies.algorithm == "HS256":
            public = OctKey.import_key(self._key.as_pem(private=False))
            header = {"alg": "HS256", "kid": self._key.kid}
            return str(jws.serialize_compact(header, json.dumps(claims).encode(), public, algorithms=["HS256"]))
        key = _key_number(9) if self.lies.foreign_key else self._key
        return str(jwt.encode({"alg": "RS256", "kid": self._key.kid}, claims, key))


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _handler(issuer: Issuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            issuer.asked.append(url.path)
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            if url.path == "/authorize":
                self.send_response(303)
                self.send_header("Location", issuer.authorize(asked))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif url.path == "/me":
                self._answer(issuer.userinfo(self.headers.get("Authorization", "").removeprefix("Bearer ")))
            else:
                known = {"/.well-known/openid-configuration": issuer.discovery, "/keys": issuer.keys}
                self._answer(known[url.path]() if url.path in known else None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            asked = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(issuer.tokens(self.headers.get("Authorization", ""), asked))

        def _answer(self, body: dict[str, Any] | None) -> None:
            content = json.dumps(body or {"error": "invalid_grant"}).encode()
            self.send_response(200 if body else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@contextmanager
def open_issuer() -> Iterator[Issuer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    issuer = Issuer(server.server_address[1])
    server.RequestHandlerClass = _handler(issuer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)

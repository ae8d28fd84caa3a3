"""Every setting of a deployment, typed and documented in one place.

Values come from the environment. A service whose URL is unset runs embedded
under ``FARADAY_DATA``; ``core.embedded`` fills its URL in before the app starts.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MASTER_KEY_BYTES = 32


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        case_sensitive=False, extra="ignore", populate_by_name=True, hide_input_in_errors=True
    )

    environment: Literal["local", "production"] = Field(
        "local", alias="FARADAY_ENV", description="`production` refuses missing or weak secrets."
    )
    data: Path = Field(
        Path(".faraday"), alias="FARADAY_DATA", description="Folder of the embedded services, files and keys."
    )
    demo: bool = Field(True, alias="FARADAY_DEMO", description="Create the demo school on first run.")
    port: int = Field(3000, alias="PORT", ge=1, le=65535, description="Port the app listens on.")
    host: str = Field("127.0.0.1", alias="HOST", description="Address the app listens on.")
    public_url: str = Field(
        "",
        alias="PUBLIC_URL",
        description="Address people open, such as https://faraday.example.org: the allowed origin, and Secure cookies.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        alias="FARADAY_SECRET_KEY",
        description="Keys the hashes of tokens: at least 32 characters. Made under FARADAY_DATA when local.",
    )
    master_keys: SecretStr = Field(
        SecretStr(""),
        alias="FARADAY_MASTER_KEYS",
        description="Wraps the keys that data is encrypted with: `name:base64 of 32 bytes`, comma-separated, the first"
        " for what is new. Made under FARADAY_DATA when local.",
    )
    audit_key: SecretStr = Field(
        SecretStr(""),
        alias="FARADAY_AUDIT_KEY",
        description="Signs the audit trail each day: the base64 of 32 random bytes, older ones that still verify after"
        " a comma. Made under FARADAY_DATA when local.",
    )
    trusted_proxies: int = Field(
        0,
        alias="TRUSTED_PROXIES",
        ge=0,
        le=5,
        description="Number of reverse proxies in front whose X-Forwarded-For is believed.",
    )

    database_url: SecretStr = Field(
        SecretStr(""),
        alias="DATABASE_URL",
        description="PostgreSQL 15 or newer; the role must not bypass row-level security.",
    )
    database_owner_url: SecretStr = Field(
        SecretStr(""),
        alias="DATABASE_OWNER_URL",
        description="The role that owns the tables and runs migrations; DATABASE_URL when unset.",
    )
    database_pool: int = Field(10, alias="DATABASE_POOL", ge=1, le=100, description="Connections each worker keeps.")
    redis_url: SecretStr = Field(SecretStr(""), alias="REDIS_URL", description="Redis 7 or Valkey.")

    object_store_url: SecretStr = Field(
        SecretStr(""),
        alias="OBJECT_STORE_URL",
        description="Where files are kept, encrypted: `s3://bucket/folder`, with AWS_ACCESS_KEY_ID,"
        " AWS_SECRET_ACCESS_KEY, AWS_REGION and, for MinIO and its like, AWS_ENDPOINT. Unset: a folder under"
        " FARADAY_DATA.",
    )

    openai_base_url: str = Field("", alias="OPENAI_BASE_URL", description="Any OpenAI-compatible endpoint.")
    openai_api_key: SecretStr = Field(SecretStr(""), alias="OPENAI_API_KEY", description="Key of that endpoint.")
    model: str = Field("smollm2-135m", alias="FARADAY_MODEL", description="Model that answers by default.")
    model_context: int = Field(
        4096, alias="FARADAY_MODEL_CONTEXT", ge=512, description="Context window of that model, in tokens."
    )
    model_answer: int = Field(
        768, alias="FARADAY_MODEL_ANSWER", ge=64, description="Longest answer, in tokens; credits are held for it."
    )
    price_input: int = Field(
        2_000, alias="FARADAY_PRICE_INPUT", ge=0, description="Price of one prompt token, in micro-credits."
    )
    price_output: int = Field(
        6_000, alias="FARADAY_PRICE_OUTPUT", ge=0, description="Price of one answer token, in micro-credits."
    )

    smtp_url: SecretStr = Field(
        SecretStr(""),
        alias="SMTP_URL",
        description="Where e-mail leaves: smtp://host:587 (STARTTLS when offered) or smtps://host:465, with user and"
        " password. Unset: links are shown to administrators instead.",
    )
    mail_from: str = Field(
        "Faraday <faraday@localhost>", alias="MAIL_FROM", description="Sender of e-mail, as name and address."
    )
    breached_passwords: Path | None = Field(
        None,
        alias="FARADAY_BREACHED_PASSWORDS",
        description="Folder of range files as Have I Been Pwned publishes them (`ABCDE.txt` of `SUFFIX:COUNT` lines):"
        " passwords in it are refused.",
    )

    outbound_private: bool = Field(
        False,
        alias="OUTBOUND_PRIVATE",
        description="Let calls to addresses that people enter, such as an identity provider's, reach private networks."
        " Locally they may.",
    )

    starting_credits: int = Field(
        100_000,
        alias="FARADAY_STARTING_CREDITS",
        ge=0,
        description="Credits in the pool of the organisation that the first visit sets up.",
    )

    session_idle_hours: int = Field(
        72, alias="SESSION_IDLE_HOURS", ge=1, description="A session ends after this many hours unused."
    )
    session_hours: int = Field(
        24 * 30, alias="SESSION_HOURS", ge=1, description="A session ends after this many hours in any case."
    )

    @model_validator(mode="after")
    def _refuse_weak_production(self) -> "Settings":
        if self.environment == "production":
            if len(self.secret_key.get_secret_value()) < 32:
                raise ValueError("FARADAY_SECRET_KEY must be set to at least 32 characters in production.")
            if not self.master_keys.get_secret_value():
                raise ValueError("FARADAY_MASTER_KEYS must be set in production.")
            if not self.audit_key.get_secret_value():
                raise ValueError("FARADAY_AUDIT_KEY must be set in production.")
            if not self.public_url.startswith("https://"):
                raise ValueError("PUBLIC_URL must be set to an https:// address in production.")
        if configured := self.master_keys.get_secret_value():
            parse_master_keys(configured)
        if configured := self.audit_key.get_secret_value():
            parse_seeds(configured)
        if self.public_url and not urlsplit(self.public_url).hostname:
            raise ValueError("PUBLIC_URL must be a whole address, for example https://faraday.example.org.")
        return self

    @property
    def secure(self) -> bool:
        """Whether people reach the app over TLS."""
        return self.public_url.startswith("https://")

    @property
    def origins(self) -> list[str]:
        """Origins whose pages may open a websocket or post a form."""
        if self.public_url:
            parts = urlsplit(self.public_url)
            return [f"{parts.scheme}://{parts.netloc}"]
        return [f"http://{name}:{self.port}" for name in ("localhost", "127.0.0.1")]

    def site(self, asked: str = "") -> str:
        """The address that links lead to: the public one, else the origin asked for where it is one of ours."""
        return self.origins[0] if self.public_url or asked not in self.origins else asked

    @property
    def key(self) -> bytes:
        """The key of token hashes. Locally it is made once and kept readable by the owner alone."""
        if configured := self.secret_key.get_secret_value():
            return configured.encode()
        return self._kept("secret-key", lambda: secrets.token_urlsafe(48)).encode()

    @property
    def masters(self) -> dict[str, bytes]:
        """The master keys by name, the current one first. Locally one is made once."""
        configured = self.master_keys.get_secret_value()
        return parse_master_keys(configured or self._kept("master-key", lambda: f"local:{_new_master_key()}"))

    @property
    def audit_seeds(self) -> list[bytes]:
        """The seeds of the keys that sign the audit trail, the current one first. Locally one is made once."""
        return parse_seeds(self.audit_key.get_secret_value() or self._kept("audit-key", _new_master_key))

    def _kept(self, name: str, make: Callable[[], str]) -> str:
        """A secret of this installation, made at first use and readable by the owner alone."""
        path = self.data / name
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(make())
        return path.read_text().strip()


def parse_master_keys(text: str) -> dict[str, bytes]:
    """Names and keys of 32 bytes; ValueError, which tells nothing of them, for anything else."""
    found: dict[str, bytes] = {}
    for entry in text.split(","):
        name, _, encoded = entry.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name) or len(key) != MASTER_KEY_BYTES or name in found:
            raise ValueError("FARADAY_MASTER_KEYS must be name:base64 of 32 bytes, comma-separated, each name once.")
        found[name] = key
    return found


def parse_seeds(text: str) -> list[bytes]:
    """Keys of 32 bytes; ValueError, which tells nothing of them, for anything else."""
    try:
        seeds = [base64.b64decode(entry.strip(), validate=True) for entry in text.split(",")]
    except binascii.Error:
        seeds = [b""]
    if any(len(seed) != MASTER_KEY_BYTES for seed in seeds):
        raise ValueError("FARADAY_AUDIT_KEY must be the base64 of 32 bytes; several are separated by commas.")
    return seeds


def _new_master_key() -> str:
    return base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode()


@lru_cache(maxsize=1)
def settings() -> Settings:
    return Settings()

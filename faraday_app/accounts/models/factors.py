from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from faraday_app.core.database import Row, moment
from faraday_app.core.vault import registry

registry.sealed("authenticator_apps", "sealed", "totp:{user_id}")


class AuthenticatorApp(Row, table=True):
    """A person's authenticator app. On once a first code was right; the secret is sealed."""

    __tablename__ = "authenticator_apps"

    user_id: UUID = Field(foreign_key="users.id", unique=True)
    sealed: str = Field(max_length=400)
    last_step: int = Field(default=0, sa_type=BigInteger)
    confirmed_at: datetime | None = moment(default=None, nullable=True)


class BackupCode(Row, table=True):
    """A code for the day the phone is lost. Works once; only its keyed hash is kept."""

    __tablename__ = "backup_codes"

    user_id: UUID = Field(foreign_key="users.id", index=True)
    code_hash: str = Field(unique=True, max_length=64)
    used_at: datetime | None = moment(default=None, nullable=True)


class Passkey(Row, table=True):
    """A credential in a device or a key ring: the public half, and how often it has signed."""

    __tablename__ = "passkeys"

    user_id: UUID = Field(foreign_key="users.id", index=True)
    name: str = Field(max_length=80)
    credential_id: str = Field(unique=True, max_length=1_400)
    public_key: bytes
    sign_count: int = Field(default=0, sa_type=BigInteger)
    last_used_at: datetime | None = moment(default=None, nullable=True)

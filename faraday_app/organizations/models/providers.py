from uuid import UUID

from sqlalchemy import ARRAY, String, UniqueConstraint
from sqlmodel import Field

from faraday_app.core.database import TenantRow
from faraday_app.core.vault import registry

registry.sealed("identity_providers", "sealed_secret", "identity provider {id}")


class IdentityProvider(TenantRow, table=True):
    """Where members may sign in instead of with a password: an OpenID Connect issuer and Faraday's account there.

    ``domains``: whose verified addresses are believed. ``role`` is what newcomers become; none: they must be invited.
    """

    __tablename__ = "identity_providers"
    __table_args__ = (UniqueConstraint("organization_id", "issuer", "client_id"),)

    label: str = Field(max_length=60)
    issuer: str = Field(max_length=300)
    client_id: str = Field(max_length=300)
    sealed_secret: str
    domains: list[str] = Field(default_factory=list, sa_type=ARRAY(String(253)))
    role: str | None = Field(default=None, max_length=32)
    enabled: bool = True
    version: int = 1


class LinkedIdentity(TenantRow, table=True):
    """Who a person is at an issuer. It opens the organisation that trusts the issuer, and no other."""

    __tablename__ = "linked_identities"
    __table_args__ = (
        UniqueConstraint("organization_id", "issuer", "subject"),
        UniqueConstraint("organization_id", "issuer", "user_id"),
    )

    user_id: UUID = Field(foreign_key="users.id", index=True)
    issuer: str = Field(max_length=300)
    subject: str = Field(max_length=255)
    email: str = Field(default="", max_length=254)

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, String, UniqueConstraint
from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry

registry.sealed("model_provider_keys", "sealed_secret", "provider key {id}")


class ProviderRow(TenantRow, table=True):
    """Whom models are asked of: an endpoint that speaks OpenAI's protocol.

    ``region`` is where it works, such as "eu"; ``privacy`` what it may be told; see ``Privacy``.
    """

    __tablename__ = "model_providers"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    name: str = Field(max_length=60)
    base_url: str = Field(max_length=300)
    region: str = Field(default="", max_length=20)
    privacy: str = Field(max_length=16)
    enabled: bool = True
    version: int = 1


class ProviderKeyRow(TenantRow, table=True):
    """One of the keys that a provider knows us by. ``ending`` are its last characters, by which people tell it."""

    __tablename__ = "model_provider_keys"
    __table_args__ = (UniqueConstraint("provider_id", "label"),)

    provider_id: UUID = Field(foreign_key="model_providers.id", index=True)
    label: str = Field(max_length=60)
    sealed_secret: str
    ending: str = Field(default="", max_length=4)
    enabled: bool = True


class ModelRow(TenantRow, table=True):
    """A model as it is offered. ``roles`` may use it; none: everybody. The fallbacks are names of other models."""

    __tablename__ = "models"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    name: str = Field(max_length=120)
    label: str = Field(max_length=120)
    category: str = Field(max_length=16)
    context: int
    longest_answer: int
    capabilities: list[str] = Field(default_factory=list, sa_type=ARRAY(String(24)))
    tier: int = 2
    roles: list[str] = Field(default_factory=list, sa_type=ARRAY(String(32)))
    fallbacks: list[str] = Field(default_factory=list, sa_type=ARRAY(String(120)))
    larger: list[str] = Field(default_factory=list, sa_type=ARRAY(String(120)))
    laxer: list[str] = Field(default_factory=list, sa_type=ARRAY(String(120)))
    enabled: bool = True
    version: int = 1


class DeploymentRow(TenantRow, table=True):
    """Where a model can be asked for, and by which name there. Those of a lower ``rank`` are asked first."""

    __tablename__ = "model_deployments"
    __table_args__ = (UniqueConstraint("model_id", "provider_id", "upstream"),)

    model_id: UUID = Field(foreign_key="models.id", index=True)
    provider_id: UUID = Field(foreign_key="model_providers.id", index=True)
    upstream: str = Field(max_length=120)
    rank: int = 1
    weight: int = 1
    enabled: bool = True


class PriceRow(TenantRow, table=True):
    """What a deployment's tokens cost from a moment on, in micro-credits for a million tokens."""

    __tablename__ = "model_prices"
    __table_args__ = (UniqueConstraint("deployment_id", "valid_from"),)

    deployment_id: UUID = Field(foreign_key="model_deployments.id", index=True)
    valid_from: datetime = moment(default_factory=now)
    input: int = Field(sa_type=BigInteger)
    cached_input: int = Field(sa_type=BigInteger)
    output: int = Field(sa_type=BigInteger)

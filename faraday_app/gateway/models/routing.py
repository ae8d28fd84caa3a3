from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, desc, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment

# What figures are counted from, held by an index so that a week of calls is counted without reading the rows.
_COUNTED = [
    "deployment_id",
    "outcome",
    "first_token_ms",
    "total_ms",
    "prompt_tokens",
    "answer_tokens",
    "cost",
]


class RoutingPolicyRow(TenantRow, table=True):
    """How an organisation's calls find their model. One row for each organisation; none: the defaults.

    ``tasks``: which models are asked first for a kind of task. ``region`` and ``privacy``: what may be told whom.
    ``drills``: how often its ways out are tried by themselves.
    """

    __tablename__ = "routing_policies"
    __table_args__ = (Index("uq_routing_policies_organization_id", "organization_id", unique=True),)

    strategy: str = Field(max_length=16)
    retries: int = 1
    learning: bool = False
    region: str = Field(default="", max_length=20)
    privacy: str = Field(max_length=16)
    tasks: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    offers_default: bool = True
    drills: str = Field(default="weekly", max_length=8)
    version: int = 1


class RouteReceipt(TenantRow, table=True):
    """Which way a call went and why: no word of what was asked or answered.

    ``candidates`` and ``attempts`` as the route told them. Times in milliseconds: ``added`` is Faraday's own part.
    """

    __tablename__ = "route_receipts"
    __table_args__ = (
        Index("ix_route_receipts_organization_id_id", "organization_id", desc("id")),
        Index("ix_route_receipts_deployment", "organization_id", "deployment_id", desc("id")),
        Index(
            "ix_route_receipts_straight",
            "organization_id",
            "id",
            postgresql_include=_COUNTED,
            postgresql_where=text("jsonb_array_length(attempts) <= 1"),
        ),
        Index(
            "ix_route_receipts_detours",
            "organization_id",
            "id",
            postgresql_where=text("jsonb_array_length(attempts) > 1"),
        ),
    )

    user_id: UUID | None = Field(default=None, foreign_key="users.id")
    api_key_id: UUID | None = None
    message_id: UUID | None = Field(default=None, unique=True)
    purpose: str = Field(max_length=16)
    asked: str = Field(max_length=120)
    task: str = Field(default="", max_length=16)
    strategy: str = Field(max_length=16)
    model: str = Field(default="", max_length=120)
    deployment_id: UUID | None = None
    provider: str = Field(default="", max_length=60)
    outcome: str = Field(max_length=16)
    error: str = Field(default="", max_length=300)
    candidates: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    attempts: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    added_ms: float = 0.0
    first_token_ms: int | None = None
    total_ms: int | None = None
    prompt_tokens: int = 0
    cached_tokens: int = 0
    answer_tokens: int = 0
    cost: int = Field(default=0, sa_type=BigInteger)
    quality: int | None = None
    rated_at: datetime | None = moment(default=None, nullable=True)


class ModelLearning(TenantRow, table=True):
    """How many answers of a model to a kind of task were worth it, and how many not; see ``service/learning.py``."""

    __tablename__ = "model_learning"
    __table_args__ = (UniqueConstraint("organization_id", "task", "model"),)

    task: str = Field(max_length=16)
    model: str = Field(max_length=120)
    good: float = 0.0
    bad: float = 0.0

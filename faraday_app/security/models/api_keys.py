from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, String, UniqueConstraint
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment


class ApiKey(TenantRow, table=True):
    """A person's key to the HTTP API: never more than its scopes and never more than its person may.

    Empty lists restrict nothing. The hash before the last rotation works until ``old_until``. A key that was made
    with another one ends with it.
    """

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint("(budget is null) = (budget_period = '')", name="budget"),
        CheckConstraint("(old_key_hash is null) = (old_until is null)", name="old"),
    )

    user_id: UUID = Field(foreign_key="users.id", index=True)
    name: str = Field(max_length=80)
    prefix: str = Field(max_length=16)
    key_hash: str = Field(unique=True, max_length=64)
    scopes: list[str] = Field(sa_type=ARRAY(String(64)))
    expires_at: datetime | None = moment(default=None, nullable=True)
    last_used_at: datetime | None = moment(default=None, nullable=True)
    revoked_at: datetime | None = moment(default=None, nullable=True)

    addresses: list[str] = Field(default_factory=list, sa_type=ARRAY(String(50)))
    models: list[str] = Field(default_factory=list, sa_type=ARRAY(String(120)))
    budget: int | None = Field(default=None, sa_type=BigInteger)
    budget_period: str = Field(default="", max_length=8)
    limit_per_minute: int | None = None
    burst: int | None = None

    made_with: UUID | None = Field(default=None, foreign_key="api_keys.id", index=True)
    old_key_hash: str | None = Field(default=None, unique=True, max_length=64)
    old_until: datetime | None = moment(default=None, nullable=True)
    rotated_at: datetime | None = moment(default=None, nullable=True)
    last_used_address: str = Field(default="", max_length=45)
    warned_at: datetime | None = moment(default=None, nullable=True)


class ApiKeySpending(TenantRow, table=True):
    """What a key with a budget has spent or holds in the period that began ``since``, in micro-credits.

    Never above ``most``, the budget at the latest hold; changed in the statements that change the holds.
    """

    __tablename__ = "api_key_spending"
    __table_args__ = (
        UniqueConstraint("api_key_id", "since"),
        CheckConstraint("spent >= 0", name="spent"),
    )

    api_key_id: UUID = Field(foreign_key="api_keys.id")
    since: datetime = moment()
    spent: int = Field(sa_type=BigInteger)
    most: int = Field(sa_type=BigInteger)

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, UniqueConstraint, Uuid, desc, text
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment
from faraday_app.core.personal import Erasing, Place, declare


class AccountKind(StrEnum):
    issued = "issued"  # where credits come from: below zero by what was ever issued
    pool = "pool"  # what the organisation has to give
    wallet = "wallet"  # what one person has to spend
    spent = "spent"  # what answers have cost


class TransferKind(StrEnum):
    issue = "issue"  # issued → pool
    grant = "grant"  # pool → wallet
    usage = "usage"  # wallet → spent


class Account(TenantRow, table=True):
    """A balance in micro-credits. ``held`` is promised to running answers and cannot be spent twice.

    ``issued`` and ``spent`` keep no balance: theirs is the sum of their entries, so that no row is
    changed by every answer of an organisation (docs/decisions/0010).
    """

    __tablename__ = "credit_accounts"
    __table_args__ = (
        UniqueConstraint("organization_id", "kind", "owner_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("held >= 0", name="held"),
        CheckConstraint("balance >= held", name="covered"),
        CheckConstraint("(kind in ('issued', 'spent')) = (balance is null)", name="counted"),
        CheckConstraint("(kind = 'wallet') = (owner_id is not null)", name="owned"),
    )

    kind: str = Field(max_length=16)
    owner_id: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    balance: int | None = Field(default=0, sa_type=BigInteger)
    held: int = Field(default=0, sa_type=BigInteger)


class Transfer(TenantRow, table=True):
    """One movement: its entries sum to zero. The idempotency key makes a repeat change nothing."""

    __tablename__ = "credit_transfers"
    __table_args__ = (UniqueConstraint("organization_id", "idempotency_key"),)

    kind: str = Field(max_length=16)
    idempotency_key: str = Field(max_length=120)
    memo: str = Field(default="", max_length=200)
    actor_id: UUID | None = Field(default=None, foreign_key="users.id")


class Entry(TenantRow, table=True):
    """One side of a transfer, in micro-credits; ``balance`` is the account's after it, where it keeps one."""

    __tablename__ = "credit_entries"
    __table_args__ = (Index("ix_credit_entries_account_id_id", "account_id", desc("id")),)

    transfer_id: UUID = Field(foreign_key="credit_transfers.id", index=True)
    account_id: UUID = Field(foreign_key="credit_accounts.id")
    amount: int = Field(sa_type=BigInteger)
    balance: int | None = Field(sa_type=BigInteger)


class Hold(TenantRow, table=True):
    """Credits set aside for an answer that runs; ends settled or released (``settled`` 0), once.

    Closed without ``settled`` means expired: the credits went back, and an answer that comes late can still be charged.
    ``spending_ids`` are the budgets of the API key that it counts against.
    """

    __tablename__ = "credit_holds"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("settled >= 0", name="settled"),
        Index("ix_credit_holds_open", "expires_at", postgresql_where=text("closed_at is null")),
    )

    account_id: UUID = Field(foreign_key="credit_accounts.id", index=True)
    amount: int = Field(sa_type=BigInteger)
    settled: int | None = Field(default=None, sa_type=BigInteger)
    spending_ids: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))
    expires_at: datetime = moment()
    closed_at: datetime | None = moment(default=None, nullable=True)


_BOOKS = "Books add up only whole; they name an account, and no words of a person."
declare(
    Place("credit_accounts", "owner_id", Erasing.keep, exported=True, why=_BOOKS),
    Place("credit_entries", "account_id", Erasing.keep, exported=True, through="credit_accounts", why=_BOOKS),
    Place("credit_transfers", "actor_id", Erasing.keep, why=_BOOKS),
)

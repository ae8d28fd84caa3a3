from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment


class Term(TenantRow, table=True):
    """When classes run, its first and last day included."""

    __tablename__ = "terms"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="in_order"),
        Index(
            "uq_terms_name",
            "organization_id",
            text("lower(name)"),
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
    )

    name: str = Field(max_length=80)
    starts_on: date
    ends_on: date
    deleted_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class GradingPeriod(TenantRow, table=True):
    """A part of a term that is graded on its own. ``weight`` is in percent; once closed, no grade in it changes."""

    __tablename__ = "grading_periods"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="in_order"),
        CheckConstraint("weight >= 0", name="weight"),
    )

    term_id: UUID = Field(foreign_key="terms.id", index=True)
    name: str = Field(max_length=80)
    starts_on: date
    ends_on: date
    weight: Decimal | None = Field(default=None, sa_type=Numeric(9, 4))
    closed_at: datetime | None = moment(default=None, nullable=True)
    deleted_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1

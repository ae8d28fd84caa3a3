from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment


class CustomRole(TenantRow, table=True):
    """A role of the organisation's own making. It inherits from one built-in or one other role, or from none."""

    __tablename__ = "roles"
    __table_args__ = (
        CheckConstraint("parent_role is null or parent_id is null", name="one_parent"),
        Index(
            "uq_roles_name",
            "organization_id",
            text("lower(name)"),
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
    )

    name: str = Field(max_length=80)
    description: str = Field(default="", max_length=400)
    parent_role: str | None = Field(default=None, max_length=32)
    parent_id: UUID | None = Field(default=None, foreign_key="roles.id")
    deleted_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class RoleRule(TenantRow, table=True):
    """What a role, or one person, may or may not. At most one rule for each pattern."""

    __tablename__ = "role_rules"
    __table_args__ = (
        CheckConstraint("(role_id is null) <> (user_id is null)", name="one_holder"),
        CheckConstraint("effect in ('allow', 'deny')", name="effect"),
        Index("uq_role_rules_role", "role_id", "permission", unique=True, postgresql_where=text("role_id is not null")),
        Index(
            "uq_role_rules_person",
            "organization_id",
            "user_id",
            "permission",
            unique=True,
            postgresql_where=text("user_id is not null"),
        ),
    )

    role_id: UUID | None = Field(default=None, foreign_key="roles.id")
    user_id: UUID | None = Field(default=None, foreign_key="users.id")
    effect: str = Field(max_length=8)
    permission: str = Field(max_length=64)
    conditions: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    expires_at: datetime | None = moment(default=None, nullable=True)


class RoleAssignment(TenantRow, table=True):
    """A role that somebody has in addition to what their membership makes them. Kept when it has ended."""

    __tablename__ = "role_assignments"
    __table_args__ = (
        Index(
            "uq_role_assignments_current", "user_id", "role_id", unique=True, postgresql_where=text("ended_at is null")
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", index=True)
    role_id: UUID = Field(foreign_key="roles.id", index=True)
    expires_at: datetime | None = moment(default=None, nullable=True)
    given_by: UUID | None = Field(default=None, foreign_key="users.id")
    ended_at: datetime | None = moment(default=None, nullable=True)

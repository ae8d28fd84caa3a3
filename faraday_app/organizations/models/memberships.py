from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment


class Membership(TenantRow, table=True):
    """What a person is in an organisation. Deactivated, they keep their data and lose every right."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("user_id", "organization_id"),)

    user_id: UUID = Field(foreign_key="users.id", index=True)
    role: str = Field(max_length=32)
    department_id: UUID | None = Field(default=None, foreign_key="departments.id")
    deactivated_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


class Invitation(TenantRow, table=True):
    """A link that makes its holder a member. Works once and expires; only its hash is kept.

    ``mailed``: the link went to the address and was shown to nobody here, so that whoever opens it reads that mail.
    """

    __tablename__ = "invitations"

    email: str = Field(max_length=254)
    name: str = Field(default="", max_length=120)
    role: str = Field(max_length=32)
    department_id: UUID | None = Field(default=None, foreign_key="departments.id")
    token_hash: str = Field(unique=True, max_length=64)
    mailed: bool = False
    invited_by: UUID = Field(foreign_key="users.id")
    expires_at: datetime = moment(default_factory=now)
    accepted_at: datetime | None = moment(default=None, nullable=True)
    revoked_at: datetime | None = moment(default=None, nullable=True)

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment


class SignInPolicy(TenantRow, table=True):
    """Of whom the organisation requires a second factor, since when, and how long they may take."""

    __tablename__ = "sign_in_policies"
    __table_args__ = (UniqueConstraint("organization_id"),)

    required_for: str = Field(default="nobody", max_length=20)
    grace_days: int = 7
    set_at: datetime = moment(default_factory=now)
    version: int = 1

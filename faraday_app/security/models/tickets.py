from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from faraday_app.core.database import Row, moment


class SignInTicket(Row, table=True):
    """Somebody has shown the first factor and owes the second. Works once, for minutes and for a few tries."""

    __tablename__ = "sign_in_tickets"

    token_hash: str = Field(unique=True, max_length=64)
    user_id: UUID = Field(foreign_key="users.id", index=True)
    organization_id: UUID = Field(foreign_key="organizations.id")
    expires_at: datetime = moment(index=True)
    tries: int = 0
    mails: int = 0
    mailed_hash: str = Field(default="", max_length=64)
    used_at: datetime | None = moment(default=None, nullable=True)


class Challenge(Row, table=True):
    """What a passkey has to sign. Bound to one browser by a cookie and to one purpose; taken once."""

    __tablename__ = "challenges"

    token_hash: str = Field(unique=True, max_length=64)
    purpose: str = Field(max_length=80)
    value: bytes
    expires_at: datetime = moment(index=True)

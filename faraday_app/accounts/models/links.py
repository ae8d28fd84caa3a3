from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from faraday_app.core.database import Row, moment


class Purpose(StrEnum):
    """What a link is good for."""

    change_email = "change_email"
    reset_password = "reset_password"  # noqa: S105  a purpose  # pragma: allowlist secret
    verify_email = "verify_email"


class AccountLink(Row, table=True):
    """A link that was sent to a person. Works once and expires; only its hash is kept.

    ``email`` is the address it was sent to: what it proves, it proves of that one.
    """

    __tablename__ = "account_links"

    user_id: UUID = Field(foreign_key="users.id", index=True)
    purpose: str = Field(max_length=20)
    email: str = Field(max_length=254)
    token_hash: str = Field(unique=True, max_length=64)
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None, nullable=True)

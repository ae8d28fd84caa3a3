from datetime import datetime

from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import Row, moment
from faraday_app.core.vault import registry

registry.sealed("outgoing_mails", "sealed", "mail:{id}")


class OutgoingMail(Row, table=True):
    """A message that waits. Its words are sealed, since links in it are secrets, and gone once it was sent."""

    __tablename__ = "outgoing_mails"

    recipient: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    sealed: str
    attempts: int = 0
    due_at: datetime = moment(default_factory=now, index=True)

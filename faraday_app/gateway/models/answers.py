"""What is kept with an answer beside its receipt: what people think of it, and what outsiders were sent for it."""

from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, desc
from sqlmodel import Field

from faraday_app.core.database import TenantRow
from faraday_app.core.vault import registry

registry.sealed("sent_requests", "sealed", "sent request {id}")


class AnswerRating(TenantRow, table=True):
    """One person's judgement of an answer, and by whom it was: model, deployment and kind of task."""

    __tablename__ = "answer_ratings"
    __table_args__ = (
        UniqueConstraint("message_id", "user_id"),
        Index("ix_answer_ratings_organization_id_id", "organization_id", desc("id")),
    )

    user_id: UUID = Field(foreign_key="users.id", index=True)
    message_id: UUID
    good: bool
    reason: str = Field(default="", max_length=300)
    task: str = Field(default="", max_length=16)
    model: str = Field(max_length=120)
    deployment_id: UUID | None = None


class SentRequest(TenantRow, table=True):
    """A request as it left for a provider that is told no names. ``attempt``: its place on the receipt."""

    __tablename__ = "sent_requests"

    receipt_id: UUID = Field(foreign_key="route_receipts.id", ondelete="CASCADE", index=True)
    attempt: int
    model: str = Field(max_length=120)
    provider: str = Field(max_length=60)
    sealed: str = Field(sa_type=Text)

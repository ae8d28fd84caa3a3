from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from faraday_app.core.clock import now
from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class PeerPlan(TenantRow, table=True):
    """How the students of an assignment review each other; how many each writes is the assignment's.

    ``anonymous``: neither side is told the other's name. ``by_lot``: they are given out by Faraday, from ``started_at``
    on also to whoever hands in later. What was written is shown to those it is about from ``released_at`` on, which is
    ``due_at`` by itself where ``opens_when_due``.
    """

    __tablename__ = "peer_plans"
    __table_args__ = (
        UniqueConstraint("assignment_id"),
        Index("ix_peer_plans_waiting", "id", postgresql_where=text("released_at is null or started_at is null")),
    )

    assignment_id: UUID = Field(foreign_key="assignments.id")
    anonymous: bool = True
    by_lot: bool = True
    due_at: datetime | None = moment(default=None, nullable=True)
    opens_when_due: bool = False
    started_at: datetime | None = moment(default=None, nullable=True)
    released_at: datetime | None = moment(default=None, nullable=True)
    version: int = 0


class PeerReview(TenantRow, table=True):
    """What one student thinks of another's attempt, or of a team's. It is no grade and counts for none.

    ``author_id`` is who began the attempt. What was written is JSON: marks and remarks by the criteria of
    ``version_id``, and a comment. Until ``submitted_at`` only its reviewer reads it.
    """

    __tablename__ = "peer_reviews"
    __table_args__ = (UniqueConstraint("assignment_id", "reviewer_id", "author_id"),)

    assignment_id: UUID = Field(foreign_key="assignments.id")
    reviewer_id: UUID = Field(foreign_key="users.id", index=True)
    author_id: UUID = Field(foreign_key="users.id", index=True)
    submission_id: UUID = Field(foreign_key="submissions.id", index=True)
    team_id: UUID | None = None
    version_id: UUID | None = Field(default=None, foreign_key="rubric_versions.id", index=True)
    sealed_words: str | None = None
    submitted_at: datetime | None = moment(default=None, nullable=True)
    changed_at: datetime = moment(default_factory=now)
    version: int = 1

    @property
    def is_begun(self) -> bool:
        return self.sealed_words is not None


registry.sealed("peer_reviews", "sealed_words", "peer review {id}")

"""How alike pieces of work are, and what people made of it. None of it says that anybody did anything."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from faraday_app.core.database import TenantRow, moment
from faraday_app.core.vault import registry


class Outcome(StrEnum):
    """What two adults made of it, once the author had said what they had to say."""

    settled = "settled"
    talked = "talked"
    revise = "revise"
    passed_on = "passed_on"


class ComparedText(TenantRow, table=True):
    """The words of an attempt, as they are compared: what was written, then the text of each file.

    ``current``: it is its author's last attempt; only those are compared. ``compared``: it was, with all the others.
    ``problem`` says what could not be read.
    """

    __tablename__ = "similarity_texts"
    __table_args__ = (
        UniqueConstraint("submission_id"),
        Index("ix_similarity_texts_assignment_id_student_id", "assignment_id", "student_id"),
        Index("ix_similarity_texts_organization_id_current", "organization_id", postgresql_where=text("current")),
    )

    submission_id: UUID = Field(foreign_key="submissions.id", ondelete="CASCADE")
    assignment_id: UUID = Field(foreign_key="assignments.id")
    student_id: UUID = Field(foreign_key="users.id", index=True)
    team_id: UUID | None = None
    current: bool = True
    compared: bool = False
    ending: str = Field(default="", max_length=20)  # of the file's name: by it programs are known
    words: int = 0
    fingerprints: int = 0
    sealed_text: str | None = None
    problem: str = Field(default="", max_length=400)


class Fingerprint(SQLModel, table=True):
    """A number of a current text. There are hundreds for each, so a row is its key and nothing else."""

    __tablename__ = "similarity_fingerprints"

    organization_id: UUID = Field(foreign_key="organizations.id", primary_key=True)
    hash: int = Field(sa_type=BigInteger, primary_key=True)
    text_id: UUID = Field(foreign_key="similarity_texts.id", ondelete="CASCADE", primary_key=True, index=True)


class Handout(TenantRow, table=True):
    """What the class was given for an assignment: words that everybody may have, and that do not count."""

    __tablename__ = "similarity_handouts"

    assignment_id: UUID = Field(foreign_key="assignments.id", index=True)
    name: str = Field(max_length=200)
    sealed_text: str
    words: int
    added_by: UUID = Field(foreign_key="users.id", index=True)


class SimilarityCheck(TenantRow, table=True):
    """Of an assignment: how it is compared, and how far that is. ``wanted`` grows with each change that asks for it.

    ``share``: what more than so many percent of the class have in common does not count.
    """

    __tablename__ = "similarity_checks"
    __table_args__ = (
        UniqueConstraint("assignment_id"),
        CheckConstraint("share between 10 and 100", name="share"),
        Index("ix_similarity_checks_waiting", "id", postgresql_where=text("wanted <> done")),
    )

    assignment_id: UUID = Field(foreign_key="assignments.id")
    share: int = 30
    wanted: int = 0
    done: int = 0
    claimed_until: datetime | None = moment(default=None, nullable=True)
    checked_at: datetime | None = moment(default=None, nullable=True)
    template: str = Field(default="", max_length=64)  # what was left out, as a digest
    texts: int = 0  # that were compared with each other


class SimilarityPair(TenantRow, table=True):
    """Two texts with a passage in common; those without have no row. Where it stands is found anew when it is looked
    at: then it goes by the handout of the day.

    ``assignment_id`` is that of the left text, which is the newer one where the right is of other work.
    """

    __tablename__ = "similarity_pairs"
    __table_args__ = (
        UniqueConstraint("left_id", "right_id"),
        Index("ix_similarity_pairs_assignment_id_similarity", "assignment_id", "similarity"),
    )

    assignment_id: UUID = Field(foreign_key="assignments.id")
    left_id: UUID = Field(foreign_key="similarity_texts.id", ondelete="CASCADE")
    right_id: UUID = Field(foreign_key="similarity_texts.id", ondelete="CASCADE", index=True)
    within: bool  # both are of this assignment
    left_share: float
    right_share: float
    similarity: float
    longest: int
    passages: int


class SimilarityReview(TenantRow, table=True):
    """A teacher's question to an author about their own text, what the author says, and what two adults made of it.

    A team's authors have one each, with the same ``question_id``. Nothing is recorded before all of them have spoken,
    and nothing holds before a second adult has confirmed it.
    """

    __tablename__ = "similarity_reviews"
    __table_args__ = (
        CheckConstraint("outcome is null or stated_at is not null", name="heard"),
        CheckConstraint("confirmed_at is null or (outcome is not null and confirmed_by <> decided_by)", name="two"),
        CheckConstraint("outcome is null or outcome in ('settled', 'talked', 'revise', 'passed_on')", name="outcome"),
        Index(
            "uq_similarity_reviews_open",
            "submission_id",
            "student_id",
            unique=True,
            postgresql_where=text("withdrawn_at is null and confirmed_at is null"),
        ),
    )

    assignment_id: UUID = Field(foreign_key="assignments.id", index=True)
    submission_id: UUID = Field(foreign_key="submissions.id", ondelete="CASCADE", index=True)
    question_id: UUID = Field(index=True)  # the same of all whom it was put to
    student_id: UUID = Field(foreign_key="users.id", index=True)
    pair_id: UUID | None = None  # what was looked at; it may be gone when the text is compared anew
    asked_by: UUID = Field(foreign_key="users.id", index=True)
    sealed_question: str
    sealed_passages: str  # of the author's own text, as JSON
    sealed_statement: str | None = None
    stated_at: datetime | None = moment(default=None, nullable=True)
    outcome: str | None = Field(default=None, max_length=16)
    sealed_note: str | None = None
    decided_by: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    decided_at: datetime | None = moment(default=None, nullable=True)
    confirmed_by: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    confirmed_at: datetime | None = moment(default=None, nullable=True)
    withdrawn_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1


registry.sealed("similarity_texts", "sealed_text", "compared text {id}")
registry.sealed("similarity_handouts", "sealed_text", "handout {id}")
registry.sealed("similarity_reviews", "sealed_question", "similarity question {id}")
registry.sealed("similarity_reviews", "sealed_passages", "similarity passages {id}")
registry.sealed("similarity_reviews", "sealed_statement", "similarity statement {id}")
registry.sealed("similarity_reviews", "sealed_note", "similarity note {id}")

"""Prompt templates, their versions, what they were used for, two versions tried side by side, and pinned messages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, SmallInteger, String, UniqueConstraint, desc, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from faraday_app.contexts.models.kinds import Audience
from faraday_app.core.database import TenantRow, moment


class Template(TenantRow, table=True):
    """A prompt with blanks. ``current_id`` is the version that is used; ``roles`` see it when it is for roles."""

    __tablename__ = "templates"
    __table_args__ = (
        UniqueConstraint("organization_id", "owner_id", "request_key"),
        Index("ix_templates_organization_id_id", "organization_id", desc("id")),
    )

    owner_id: UUID = Field(foreign_key="users.id", index=True)
    name: str = Field(max_length=80)
    category: str = Field(max_length=40)
    about: str = Field(default="", max_length=300)
    audience: str = Field(default=Audience.me, max_length=16)
    roles: list[str] = Field(default_factory=list, sa_type=ARRAY(String(40)))
    current_id: UUID | None = None
    archived_at: datetime | None = moment(default=None, nullable=True)
    version: int = 1
    request_key: str | None = Field(default=None, max_length=160)


class TemplateVersion(TenantRow, table=True):
    """A text and its variables as they were saved once. Never changed: PostgreSQL refuses it."""

    __tablename__ = "template_versions"
    __table_args__ = (UniqueConstraint("template_id", "number"),)

    template_id: UUID = Field(foreign_key="templates.id")
    number: int
    text: str
    variables: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    note: str = Field(default="", max_length=200)
    author_id: UUID = Field(foreign_key="users.id")


class TemplateTrial(TenantRow, table=True):
    """Two versions at once: of a hundred uses ``share`` get the second. At most one of a template is open."""

    __tablename__ = "template_trials"
    __table_args__ = (
        Index("uq_template_trials_open", "template_id", unique=True, postgresql_where=text("ended_at is null")),
    )

    template_id: UUID = Field(foreign_key="templates.id")
    first_id: UUID = Field(foreign_key="template_versions.id")
    second_id: UUID = Field(foreign_key="template_versions.id")
    share: int = Field(sa_type=SmallInteger)
    started_by: UUID = Field(foreign_key="users.id")
    winner_id: UUID | None = Field(default=None, foreign_key="template_versions.id")
    ended_at: datetime | None = moment(default=None, nullable=True)


class TemplateUse(TenantRow, table=True):
    """A message that was written with a version. Which fields were left as they came, but never what was entered."""

    __tablename__ = "template_uses"
    __table_args__ = (Index("ix_template_uses_template_id_version_id", "template_id", "version_id"),)

    template_id: UUID = Field(foreign_key="templates.id")
    version_id: UUID = Field(foreign_key="template_versions.id")
    trial_id: UUID | None = Field(default=None, foreign_key="template_trials.id")
    user_id: UUID = Field(foreign_key="users.id")
    message_id: UUID = Field(foreign_key="messages.id", unique=True)
    at_default: list[str] = Field(default_factory=list, sa_type=ARRAY(String(40)))
    left_empty: list[str] = Field(default_factory=list, sa_type=ARRAY(String(40)))


class Pin(TenantRow, table=True):
    """A message that stands at the top of its conversation for all members."""

    __tablename__ = "message_pins"

    context_id: UUID = Field(foreign_key="contexts.id", index=True)
    message_id: UUID = Field(foreign_key="messages.id", unique=True)
    pinned_by: UUID = Field(foreign_key="users.id")

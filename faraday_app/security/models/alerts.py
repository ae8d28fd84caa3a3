from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Index, UniqueConstraint, Uuid, desc
from sqlmodel import Field

from faraday_app.core.database import TenantRow, moment


class SecurityAlert(TenantRow, table=True):
    """Something that named people were told about. One for each cause, however often it is detected."""

    __tablename__ = "security_alerts"
    __table_args__ = (
        UniqueConstraint("organization_id", "key"),
        Index("ix_security_alerts_organization_id_id", "organization_id", desc("id")),
    )

    key: str = Field(max_length=200)
    kind: str = Field(max_length=40)
    severity: str = Field(max_length=10)
    title: str = Field(max_length=200)
    text: str = Field(max_length=1_000)
    happened_at: datetime = moment()
    subject_id: UUID | None = Field(default=None, foreign_key="users.id")
    address: str = Field(default="", max_length=45)
    evidence: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid()))
    told: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid()))
    incident_id: UUID | None = Field(default=None, foreign_key="incidents.id", index=True)


class SecuritySettings(TenantRow, table=True):
    """When an organisation is alerted, and whom. Nobody chosen: everybody who may see the security centre."""

    __tablename__ = "security_settings"
    __table_args__ = (UniqueConstraint("organization_id"),)

    recipients: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid()))
    accounts_per_address: int = 6
    addresses_per_account: int = 3
    window_minutes: int = 10
    travel_speed: int = 900
    exports_minimum: int = 5
    exports_factor: int = 4
    refusals: int = 20
    version: int = 1


class AlertLook(TenantRow, table=True):
    """Until when it is known what happened in an organisation: what came later is still to be looked at."""

    __tablename__ = "alert_looks"
    __table_args__ = (UniqueConstraint("organization_id"),)

    looked_until: datetime = moment()

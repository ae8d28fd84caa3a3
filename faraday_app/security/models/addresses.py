from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from faraday_app.core.database import Row, TenantRow, moment


class AddressRule(Row, table=True):
    """From where may be called: a CIDR or a country, for one organisation, or for all when it names none."""

    __tablename__ = "address_rules"
    __table_args__ = (
        Index(
            "uq_address_rules_what",
            text("coalesce(organization_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            "kind",
            "what",
            unique=True,
        ),
    )

    organization_id: UUID | None = Field(default=None, foreign_key="organizations.id", index=True)
    kind: str = Field(max_length=8)
    what: str = Field(max_length=50)
    note: str = Field(default="", max_length=200)
    shadow: bool = False
    expires_at: datetime | None = moment(default=None, nullable=True)
    hits: int = 0
    last_hit_at: datetime | None = moment(default=None, nullable=True)


class AddressPolicy(TenantRow, table=True):
    """Who of an organisation may call from its allowed addresses only."""

    __tablename__ = "address_policies"
    __table_args__ = (Index("uq_address_policies_organization_id", "organization_id", unique=True),)

    only_staff: bool = False
    only_api: bool = False

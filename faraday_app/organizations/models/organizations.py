from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from faraday_app.core.database import Row, TenantRow


class Organization(Row, table=True):
    __tablename__ = "organizations"

    name: str = Field(max_length=120)
    time_zone: str = Field(default="UTC", max_length=64)


class Department(TenantRow, table=True):
    __tablename__ = "departments"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    name: str = Field(max_length=120)

from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from faraday_app.core.database import TenantRow


class AssignmentTeam(TenantRow, table=True):
    """Students who hand in one piece of work together."""

    __tablename__ = "assignment_teams"
    __table_args__ = (Index("uq_assignment_teams_name", "assignment_id", text("lower(name)"), unique=True),)

    assignment_id: UUID = Field(foreign_key="assignments.id")
    name: str = Field(max_length=80)


class AssignmentTeamMember(TenantRow, table=True):
    """A student is in one team of an assignment at most."""

    __tablename__ = "assignment_team_members"
    __table_args__ = (UniqueConstraint("assignment_id", "student_id"),)

    assignment_id: UUID = Field(foreign_key="assignments.id")
    team_id: UUID = Field(foreign_key="assignment_teams.id", index=True)
    student_id: UUID = Field(foreign_key="users.id", index=True)

"""The tables of organisations."""

from faraday_app.organizations.models.memberships import Invitation, Membership
from faraday_app.organizations.models.organizations import Department, Organization
from faraday_app.organizations.models.roles import CustomRole, RoleAssignment, RoleRule

__all__ = ["CustomRole", "Department", "Invitation", "Membership", "Organization", "RoleAssignment", "RoleRule"]

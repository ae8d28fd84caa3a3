"""The tables of organisations."""

from faraday_app.organizations.models import personal as personal
from faraday_app.organizations.models.memberships import Invitation, Membership
from faraday_app.organizations.models.organizations import Department, Organization
from faraday_app.organizations.models.providers import IdentityProvider, LinkedIdentity
from faraday_app.organizations.models.roles import CustomRole, RoleAssignment, RoleRule
from faraday_app.organizations.models.sign_in import SignInPolicy

__all__ = [
    "CustomRole",
    "Department",
    "IdentityProvider",
    "Invitation",
    "LinkedIdentity",
    "Membership",
    "Organization",
    "RoleAssignment",
    "RoleRule",
    "SignInPolicy",
]

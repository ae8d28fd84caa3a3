"""The tables of organisations."""

from faraday_app.organizations.models.memberships import Invitation, Membership
from faraday_app.organizations.models.organizations import Department, Organization
from faraday_app.organizations.models.sign_in import SignInPolicy

__all__ = ["Department", "Invitation", "Membership", "Organization", "SignInPolicy"]

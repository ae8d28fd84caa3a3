"""The tables of organisations."""

from faraday_app.organizations.models.memberships import Invitation, Membership
from faraday_app.organizations.models.organizations import Department, Organization
from faraday_app.organizations.models.providers import IdentityProvider, LinkedIdentity

__all__ = ["Department", "IdentityProvider", "Invitation", "LinkedIdentity", "Membership", "Organization"]

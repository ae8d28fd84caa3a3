"""The states of the platform's pages."""

from faraday_app.platform.state.founding import FoundingState
from faraday_app.platform.state.organization import OrganizationState
from faraday_app.platform.state.organizations import OrganizationsState

__all__ = ["FoundingState", "OrganizationState", "OrganizationsState"]

"""What the people page holds."""

from faraday_app.organizations.state.invitations import InvitationsState
from faraday_app.organizations.state.member import MemberState
from faraday_app.organizations.state.people import PeopleState
from faraday_app.organizations.state.reset_link import ResetLinkState

__all__ = ["InvitationsState", "MemberState", "PeopleState", "ResetLinkState"]

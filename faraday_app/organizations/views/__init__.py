"""What the browser may know of organisations."""

from faraday_app.organizations.views.people import (
    DONE,
    PROBLEMS,
    ConnectionView,
    InvitationView,
    OfferedProvider,
    PersonView,
    ProviderView,
    offered_provider,
)

__all__ = [
    "DONE",
    "PROBLEMS",
    "ConnectionView",
    "InvitationView",
    "OfferedProvider",
    "PersonView",
    "ProviderView",
    "offered_provider",
]

"""What the browser may know of organisations."""

from faraday_app.organizations.views.people import InvitationView, PersonView

__all__ = ["InvitationView", "PersonView"]

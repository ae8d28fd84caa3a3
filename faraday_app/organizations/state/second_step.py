"""What the holder of a ticket may show, as the page between the password and the session knows it."""

import reflex as rx

from faraday_app.accounts.models import User
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.organizations.service import two_factor
from faraday_app.organizations.service.sign_in import TICKET_COOKIE
from faraday_app.security.service import tickets
from faraday_app.ui.guard import PUBLIC, allow, cookie_of

GONE = "This took too long, or you are signed in already."
_LEADS = {
    "passkey": "Use your finger, face, PIN or security key.",
    "app": "Enter the six digits that your authenticator app shows.",
    "backup": "Enter one of the backup codes that you kept.",
    "mail": "We send six digits to {address}.",
}


class SecondStepState(rx.State):
    ways: list[str] = []
    way: str = ""
    gone: bool = False
    lead: str = ""

    _address: str = ""

    @rx.event
    @allow(PUBLIC)
    async def enter(self) -> None:
        token = cookie_of(self, TICKET_COOKIE)
        async with transaction(Actor.system()) as session:
            ticket = await tickets.find_ticket(session, token)
            self.ways = await two_factor.ways_of(session, ticket) if ticket else []
            user = await session.get(User, ticket.user_id) if ticket else None
        self.gone, self._address = ticket is None, masked(user.email) if user else ""
        self._show(self.ways[0] if self.ways else "")

    @rx.event
    @allow(PUBLIC)
    async def choose(self, way: str) -> None:
        if way in self.ways:
            self._show(way)

    def _show(self, way: str) -> None:
        self.way = way
        self.lead = GONE if self.gone else _LEADS.get(way, "").format(address=self._address)


def masked(email: str) -> str:
    """Enough of an address for its owner to know it by."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}…@{domain}"

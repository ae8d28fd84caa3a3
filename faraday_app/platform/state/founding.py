"""Founding an organisation, and the link for its first administrator, which is shown once."""

from typing import Any

import reflex as rx

from faraday_app.core import mail
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.core.settings import settings
from faraday_app.platform.service import founding
from faraday_app.platform.state.organization import OrganizationState
from faraday_app.platform.state.organizations import OrganizationsState
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import short


@passing
class FoundingState(rx.State):
    open: bool = False
    again: bool = False
    by_mail: bool = False
    name: str = ""
    name_error: str = ""
    email_error: str = ""
    problem: str = ""
    link: str = ""
    sent: str = ""
    expires: str = ""

    _organization_id: str = ""

    @rx.event
    @allow(Permission.organizations_manage)
    async def set_open(self, open: bool) -> None:
        """The link goes with the dialog: it cannot be shown again."""
        self.reset()
        self.open, self.by_mail = bool(open), mail.is_configured()

    @rx.event
    @allow(Permission.organizations_manage)
    async def ask_again(self, organization_id: str) -> None:
        """For an organisation that nobody has joined."""
        self.reset()
        self._organization_id = str(parse_id(organization_id))
        self.open, self.again, self.by_mail = True, True, mail.is_configured()

    @rx.event
    @allow(Permission.organizations_manage)
    async def found(self, form: dict[str, Any]) -> Any:
        if self.link or self.sent:
            return None
        self.problem = self.name_error = self.email_error = ""
        try:
            made = await self._found(form)
        except FaradayError as error:
            self._say(error)
            return None
        self.name, self.link, self.sent = made.name, made.link, "" if made.link else made.email
        self.expires = short(made.expires_at, (await self.get_state(Viewer)).zone)
        return OrganizationState.refresh if self.again else OrganizationsState.refresh

    async def _found(self, form: dict[str, Any]) -> founding.Founded:
        by_mail = mail.is_configured() and not form.get("founding_by_link")
        email, site = str(form.get("founding_email", ""))[:300], settings().site(str(self.router.url.origin))
        async with acting(self) as (session, actor):
            if self.again:
                made_id = parse_id(self._organization_id)
                return await founding.invite_again(session, actor, made_id, email, site, by_mail=by_mail)
            name = str(form.get("founding_name", ""))[:300]
            return await founding.found(session, actor, name, email, site, by_mail=by_mail)

    def _say(self, error: FaradayError) -> None:
        """Beside the field that it is about, or above the button."""
        field = getattr(error, "field", "")
        if field == "organization" or "named" in error.message:
            self.name_error = error.message
        elif field == "email":
            self.email_error = error.message
        else:
            self.problem = error.message

"""Inviting people, and the invitations that are still open."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.core import mail
from faraday_app.core.errors import Conflict, FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission, Role
from faraday_app.core.settings import settings
from faraday_app.organizations.models import Invitation
from faraday_app.organizations.service import invitations, list_departments
from faraday_app.organizations.state.choices import parse_department, parse_role
from faraday_app.organizations.views import InvitationView
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import short


@passing
class InvitationsState(rx.State):
    rows: list[InvitationView] = []
    inviting: bool = False
    link: str = ""
    sent: str = ""
    by_mail: bool = False
    invited: str = ""
    expires: str = ""
    email_error: str = ""
    error: str = ""
    revoking: bool = False
    revoked: str = ""

    _revoking_id: str = ""

    @rx.event
    @allow(Permission.people_invite)
    async def enter(self) -> Any:
        if actor := await viewer_of(self):
            topics = {topic("people", actor.organization): InvitationsState.refresh}
            await live.watch(self, "page.invitations", topics, actor.user)
        return InvitationsState.refresh

    @rx.event
    @allow(Permission.people_invite)
    async def refresh(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            found = await invitations.open_invitations(session, actor)
            names = {department.id: department.name for department in await list_departments(session, actor)}
        self.rows = [_view(invitation, names, zone) for invitation in found]

    @rx.event
    @allow(Permission.people_invite)
    async def set_inviting(self, open: bool) -> None:
        """The link goes with the dialog: it cannot be shown again."""
        self.inviting, self.by_mail = bool(open), mail.is_configured()
        self.link = self.sent = self.error = self.email_error = ""

    @rx.event
    @allow(Permission.people_invite)
    async def another(self) -> None:
        self.link = self.sent = ""

    @rx.event
    @allow(Permission.people_invite)
    async def invite(self, form: dict[str, Any]) -> Any:
        if self.link or self.sent:
            return None
        self.error = self.email_error = ""
        try:
            await self._invite(form)
        except (Invalid, Conflict) as error:
            self.email_error, self.error = _placed(error)
        except FaradayError as error:
            self.error = error.message
        return InvitationsState.refresh

    @rx.event
    @allow(Permission.people_invite)
    async def ask_revoke(self, invitation_id: str) -> None:
        self._revoking_id = str(parse_id(invitation_id))
        self.revoked = next((row.email for row in self.rows if row.id == self._revoking_id), "")
        self.revoking = True

    @rx.event
    @allow(Permission.people_invite)
    async def set_revoking(self, open: bool) -> None:
        self.revoking = bool(open)

    @rx.event
    @allow(Permission.people_invite)
    async def revoke(self) -> Any:
        self.revoking = False
        async with acting(self) as (session, actor):
            await invitations.revoke_invitation(session, actor, parse_id(self._revoking_id))
        return [InvitationsState.refresh, ui.notify("The invitation is revoked. Its link no longer works.")]

    @rx.event
    @allow(Permission.people_invite)
    async def resend(self, invitation_id: str) -> Any:
        async with acting(self) as (session, actor):
            invitation, token = await invitations.renew(session, actor, parse_id(invitation_id))
            await invitations.send(session, actor, invitation, token, self._site())
        return [InvitationsState.refresh, ui.notify(f"A new link is on its way to {invitation.email}.")]

    @rx.event
    @allow(Permission.people_invite)
    async def show_link(self, invitation_id: str) -> Any:
        """For handing it over by other means. It replaces the one before, and proves nothing of the address."""
        async with acting(self) as (session, actor):
            invitation, token = await invitations.renew(session, actor, parse_id(invitation_id))
        self.inviting, self.sent = True, ""
        await self._show(invitation, token)
        return InvitationsState.refresh

    async def _invite(self, form: dict[str, Any]) -> None:
        role, department = parse_role(form.get("invite_role")), parse_department(form.get("invite_department"))
        by_mail = mail.is_configured() and not form.get("invite_by_link")
        async with acting(self) as (session, actor):
            email = str(form.get("invite_email", ""))
            invitation, token = await invitations.invite(session, actor, email, role, department)
            if by_mail:
                await invitations.send(session, actor, invitation, token, self._site())
        if by_mail:
            self.sent = invitation.email
        else:
            await self._show(invitation, token)

    async def _show(self, invitation: Invitation, token: str) -> None:
        self.invited = f"{invitation.email} · {Role(invitation.role).label}"
        self.expires = short(invitation.expires_at, (await self.get_state(Viewer)).zone)
        self.link = f"{self._site()}/invitation?token={token}"

    def _site(self) -> str:
        return settings().site(str(self.router.url.origin))


def _placed(error: Invalid | Conflict) -> tuple[str, str]:
    """The sentence beside the address, when it is about the address, or above the buttons."""
    about_address = isinstance(error, Conflict) or error.field == "email"
    return (error.message, "") if about_address else ("", error.message)


def _view(invitation: Invitation, departments: dict[UUID, str], zone: str) -> InvitationView:
    department = departments.get(invitation.department_id) if invitation.department_id else ""
    terms = [Role(invitation.role).label, department, f"open until {short(invitation.expires_at, zone)}"]
    return InvitationView(
        str(invitation.id), invitation.email, " · ".join(term for term in terms if term), mail.is_configured()
    )

"""The pages before one is in: sign in, set up, accept an invitation."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.accounts.views import GOOD_PASSWORD
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.http.shield import safe_path
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.components.entrance import provider_links
from faraday_app.organizations.components.second_step import sign_in_with_passkey
from faraday_app.organizations.models import Organization
from faraday_app.organizations.service import any_organization, invitations, providers
from faraday_app.organizations.views import DONE, PROBLEMS, OfferedProvider, offered_provider
from faraday_app.ui.guard import PUBLIC, allow, viewer_of


class EntranceState(rx.State):
    """What a guest may know: whether there is anything to sign in to, and what their invitation says."""

    invited_as: str = ""
    organization: str = ""
    problem: str = ""
    told: str = ""
    providers: list[OfferedProvider] = []

    @rx.event
    @allow(PUBLIC)
    async def enter_sign_in(self) -> Any:
        if await viewer_of(self):
            return rx.redirect(safe_path(str(self.router.url.query_parameters.get("next", "/"))))
        if not await any_organization():
            return rx.redirect("/set-up")
        asked = self.router.url.query_parameters
        self.problem = PROBLEMS.get(str(asked.get("problem", "")), "")
        self.told = DONE.get(str(asked.get("done", "")), "")
        async with transaction(Actor.system()) as session:
            offered = await providers.offered(session)
        self.providers = [offered_provider(id, label, str(asked.get("next", ""))) for id, label in offered]
        return None

    @rx.event
    @allow(PUBLIC)
    async def enter_set_up(self) -> Any:
        return rx.redirect("/sign-in") if await any_organization() else None

    @rx.event
    @allow(PUBLIC)
    async def enter_invitation(self) -> None:
        self.problem = self.invited_as = self.organization = ""
        token = str(self.router.url.query_parameters.get("token", ""))
        try:
            async with transaction(Actor.system()) as session:
                invitation = await invitations.find_invitation(session, token)
                organization = await session.get_one(Organization, invitation.organization_id)
        except NotFound as missing:
            self.problem = missing.message
            return
        self.organization = organization.name
        self.invited_as = f"{invitation.email} · {Role(invitation.role).label}"


@ui.page("/sign-in", "Sign in", None, kind="plain", on_load=[EntranceState.enter_sign_in])
def sign_in_page() -> rx.Component:
    return ui.auth_card(
        "Sign in",
        "Welcome back to your school.",
        ui.told(EntranceState.told, "green"),
        ui.told(EntranceState.problem, "red"),
        ui.auth_form(
            "sign-in",
            ui.text_field(
                "email", "Email", type="email", auto_complete="username webauthn", required=True, auto_focus=True
            ),
            ui.password_field("password", "Password", required=True),
            rx.el.p(ui.link("Forgot your password?", to="/forgot"), class_name="meta"),
            submit="Sign in",
        ),
        provider_links(EntranceState.providers),
        sign_in_with_passkey(),
        footer="No account yet? Ask your administrator for an invitation.",
    )


@ui.page("/set-up", "Set up", None, kind="plain", on_load=[EntranceState.enter_set_up])
def set_up_page() -> rx.Component:
    return ui.auth_card(
        "Set up Faraday",
        "Name your organisation and make the first administrator: you.",
        ui.auth_form(
            "set-up",
            ui.text_field("organization", "Organisation", auto_complete="organization", required=True),
            ui.text_field("name", "Your name", auto_complete="name", required=True),
            ui.text_field("email", "Email", type="email", auto_complete="username", required=True),
            ui.password_field("password", "Password", help=GOOD_PASSWORD, auto_complete="new-password", required=True),
            submit="Create",
        ),
    )


@ui.page("/invitation", "Invitation", None, kind="plain", on_load=[EntranceState.enter_invitation])
def invitation_page() -> rx.Component:
    form = ui.auth_card(
        rx.cond(EntranceState.organization, "Join " + EntranceState.organization, "Invitation"),
        EntranceState.invited_as,
        ui.auth_form(
            "invitation",
            ui.text_field("name", "Your name", auto_complete="name", required=True),
            ui.password_field(
                "password",
                "Password",
                help=f"{GOOD_PASSWORD} If you use Faraday already, enter the password you have.",
                auto_complete="new-password",
                required=True,
            ),
            submit="Join",
        ),
    )
    gone = ui.auth_card(
        "Invitation", EntranceState.problem, ui.secondary_button("Go to sign in", to="/sign-in", icon="arrow_left")
    )
    shown: rx.Component = rx.cond(EntranceState.problem, gone, form)
    return shown

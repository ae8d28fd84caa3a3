"""The pages before one is in: sign in, set up, accept an invitation."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.http.shield import safe_path
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.components.second_step import sign_in_with_passkey
from faraday_app.organizations.models import Organization
from faraday_app.organizations.service import any_organization, invitations
from faraday_app.ui.guard import PUBLIC, allow, viewer_of


class EntranceState(rx.State):
    """What a guest may know: whether there is anything to sign in to, and what their invitation says."""

    invited_as: str = ""
    organization: str = ""
    problem: str = ""

    @rx.event
    @allow(PUBLIC)
    async def enter_sign_in(self) -> Any:
        if await viewer_of(self):
            return rx.redirect(safe_path(str(self.router.url.query_parameters.get("next", "/"))))
        return None if await any_organization() else rx.redirect("/set-up")

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


def _form(action: str, *fields: rx.Component, submit: str) -> rx.Component:
    form: rx.Component = rx.el.form(
        *fields,
        rx.el.p(
            hidden=True,
            role="alert",
            class_name="callout red",
            custom_attrs={"data-problem": ""},
        ),
        ui.primary_button(submit, type="submit"),
        rx.el.script(src="/scripts/auth.js", custom_attrs={"async": True}),
        action=f"/auth/{action}",
        method="post",
        class_name="stack",
        custom_attrs={"data-auth": ""},
    )
    return form


@ui.page("/sign-in", "Sign in", None, kind="plain", on_load=[EntranceState.enter_sign_in])
def sign_in_page() -> rx.Component:
    return ui.auth_card(
        "Sign in",
        "Welcome back to your school.",
        _form(
            "sign-in",
            ui.text_field("email", "Email", type="email", auto_complete="username", required=True, auto_focus=True),
            ui.password_field("password", "Password", required=True),
            submit="Sign in",
        ),
        sign_in_with_passkey(),
        footer="No account yet? Ask your administrator for an invitation.",
    )


@ui.page("/set-up", "Set up", None, kind="plain", on_load=[EntranceState.enter_set_up])
def set_up_page() -> rx.Component:
    return ui.auth_card(
        "Set up Faraday",
        "Name your organisation and make the first administrator: you.",
        _form(
            "set-up",
            ui.text_field("organization", "Organisation", auto_complete="organization", required=True),
            ui.text_field("name", "Your name", auto_complete="name", required=True),
            ui.text_field("email", "Email", type="email", auto_complete="username", required=True),
            ui.password_field(
                "password", "Password", help="At least 10 characters.", auto_complete="new-password", required=True
            ),
            submit="Create",
        ),
    )


@ui.page("/invitation", "Invitation", None, kind="plain", on_load=[EntranceState.enter_invitation])
def invitation_page() -> rx.Component:
    form = ui.auth_card(
        rx.cond(EntranceState.organization, "Join " + EntranceState.organization, "Invitation"),
        EntranceState.invited_as,
        _form(
            "invitation",
            ui.text_field("name", "Your name", auto_complete="name", required=True),
            ui.password_field(
                "password",
                "Password",
                help="Choose at least 10 characters, or enter yours if you already have an account.",
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

"""The parts of the people page."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.organizations.state import InvitationsState, MemberState, PeopleState, ResetLinkState
from faraday_app.organizations.state.choices import ROLES
from faraday_app.organizations.views import InvitationView, PersonView

_NO_DEPARTMENT = rx.Var.create([("", "No department")]) + PeopleState.departments
_ANY_DEPARTMENT = rx.Var.create([("", "Any department")]) + PeopleState.departments
_STATUSES = [("", "Any status"), ("active", "Active"), ("deactivated", "Deactivated")]


def people_filters() -> rx.Component:
    clear = ui.ghost_button("Clear", icon="x", size="small", on_click=PeopleState.clear)
    return ui.filter_bar(
        ui.search_field("Search people", PeopleState.search, PeopleState.set_search),
        ui.filter_select("Role", [("", "Any role"), *ROLES], PeopleState.role, PeopleState.set_role),
        ui.filter_select("Department", _ANY_DEPARTMENT, PeopleState.department, PeopleState.set_department),
        ui.filter_select("Status", _STATUSES, PeopleState.status, PeopleState.set_status),
        rx.cond(_filtered(), clear, rx.fragment()),
    )


def people_table() -> rx.Component:
    return ui.data_table(
        "People",
        [
            ui.Column("Name", _person, width="30%"),
            ui.Column("Role", _role, width="14%"),
            ui.Column("Department", lambda row: rx.cond(row.department, row.department, "—"), "16%", phone="hide"),
            ui.Column("Two-factor", lambda row: ui.badge(row.two_factor, row.two_factor_tone), "12%"),
            ui.Column("Last seen", _seen, width="12%"),
            ui.Column("Status", _status, phone="hide"),
        ],
        PeopleState.rows,
        empty=ui.Empty("users", "Nobody is here yet", "Invite the first people: each gets a link of their own."),
        loading=PeopleState.loading,
        error=PeopleState.error,
        retry=PeopleState.refresh,
        filtered=_filtered(),
        menu=_menu,
        footer=ui.pager(
            PeopleState.shown,
            on_previous=PeopleState.previous_page,
            on_next=PeopleState.next_page,
            has_previous=PeopleState.has_previous,
            has_next=PeopleState.has_next,
        ),
    )


def _filtered() -> rx.Var[bool]:
    narrowed = [PeopleState.search, PeopleState.role, PeopleState.department, PeopleState.status]
    return rx.Var.create(narrowed).join() != ""


def _person(row: PersonView) -> rx.Component:
    you = rx.cond(row.me, rx.el.span(" (you)", class_name="meta"), rx.fragment())
    return ui.row_item(rx.fragment(row.name, you), row.email, leading=ui.avatar(row.initials, row.tone))


def _role(row: PersonView) -> rx.Component:
    """On a phone together with what has no line of its own there."""
    department = rx.cond(row.department, rx.el.span(" · " + row.department, class_name="phone-only"), rx.fragment())
    gone = rx.cond(row.active, rx.fragment(), rx.el.span(_status(row), class_name="phone-only"))
    return rx.el.span(rx.el.span(row.role, department), gone, class_name="row")


def _seen(row: PersonView) -> rx.Component:
    here = rx.el.span(ui.presence_dot("green"), "now", class_name="row")
    return rx.cond(row.here, here, rx.el.span(row.seen, class_name="muted"))


def _status(row: PersonView) -> rx.Component:
    return rx.cond(row.active, ui.badge("Active", "green"), ui.badge("Deactivated"))


def _menu(row: PersonView) -> rx.Component:
    may, ruling = ui.allowed(Permission.people_manage), ui.allowed(Permission.roles_manage)
    sees, active = ui.allowed(Permission.audit_read), may & row.active
    rules, seen = rx.redirect("/people/rules?person=" + row.id), rx.redirect("/audit?seen=" + row.id)
    acts = ui.row_menu(
        "Actions for " + row.name,
        ui.MenuItem("Change role or department", MemberState.edit(row.id), "user_cog", shown=may),
        ui.MenuItem("Rules…", rules, "scale", shown=ruling),
        ui.MenuItem("Make a reset link", ResetLinkState.make(row.id), "key_round", shown=active & row.by_hand),
        ui.MenuItem("Sign out everywhere", MemberState.ask_sign_out(row.id), "log_out", shown=active),
        ui.MenuItem("Reset two-factor", MemberState.ask_reset(row.id), "shield_off", shown=may & _resettable(row)),
        ui.MenuItem("Who saw this person", seen, "eye", shown=sees),
        ui.MenuItem("Reactivate", MemberState.reactivate(row.id), "user_check", shown=may & ~row.active),
        ui.MenuItem("Deactivate", MemberState.ask_deactivate(row.id), "user_x", True, active & ~row.me),
    )
    return rx.cond(may | ruling | sees, acts, rx.fragment())


def _resettable(row: PersonView) -> rx.Var[bool]:
    return ~row.me & (row.two_factor_tone == "green")  # type: ignore[return-value]


def member_dialogs() -> rx.Component:
    """Changing what a person is, and the question before they lose their rights."""
    form = rx.el.form(
        ui.select_field("member_role", "Role", ROLES, default_value=MemberState.role),
        ui.select_field("member_department", "Department", _NO_DEPARTMENT, default_value=MemberState.department),
        _problem(MemberState.error),
        _foot("Save"),
        on_submit=MemberState.save,
        class_name="stack",
    )
    change = ui.dialog(
        "Change " + MemberState.name,
        "What they may do follows the role, from their next click.",
        form,
        open=MemberState.editing,
        on_open_change=MemberState.set_editing,
    )
    deactivate = ui.confirm_dialog(
        "Deactivate " + MemberState.name + "?",
        "They are signed out everywhere at once and cannot sign in again. What they made stays. "
        "You can reactivate them at any time.",
        open=MemberState.deactivating,
        on_open_change=MemberState.set_deactivating,
        confirm="Deactivate",
        on_confirm=MemberState.deactivate,
    )
    return rx.fragment(change, deactivate, _sign_out_dialog(), _reset_dialog())


def _reset_dialog() -> rx.Component:
    return ui.confirm_dialog(
        "Reset two-factor authentication of " + MemberState.name + "?",
        "Their app, passkeys and backup codes stop working: the password alone lets them in. Make sure that it is "
        "really them who asks. They are told.",
        open=MemberState.resetting,
        on_open_change=MemberState.set_resetting,
        confirm="Reset",
        on_confirm=MemberState.reset_factors,
    )


def _sign_out_dialog() -> rx.Component:
    return ui.confirm_dialog(
        "Sign out " + MemberState.name + " everywhere?",
        "All their devices are signed out at once. They can sign in again.",
        open=MemberState.signing_out,
        on_open_change=MemberState.set_signing_out,
        confirm="Sign out everywhere",
        on_confirm=MemberState.sign_out_everywhere,
    )


def reset_link_dialog() -> rx.Component:
    """The link is shown once, to be handed over."""
    return ui.dialog(
        "Send this link",
        "With it, " + ResetLinkState.name + " chooses a new password. They were told that you made it.",
        ui.form_field(
            "reset_link",
            "Reset link",
            rx.el.div(
                rx.el.input(id="reset_link", value=ResetLinkState.link, read_only=True, class_name="input"),
                ui.copy_button(ResetLinkState.link, "Copy link"),
                class_name="row",
            ),
        ),
        ui.callout("Works once, within 30 minutes. It is shown only now: copy it before you close this.", "amber"),
        open=ResetLinkState.link != "",
        on_open_change=ResetLinkState.set_open,
        actions=[ui.primary_button("Done", on_click=ResetLinkState.set_open(False))],
    )


def invite_dialog() -> rx.Component:
    return ui.dialog(
        rx.cond(
            InvitationsState.link,
            "Send this link",
            rx.cond(InvitationsState.sent, "The invitation is on its way", "Invite somebody"),
        ),
        rx.cond(InvitationsState.link, InvitationsState.invited, "They join by a link, as what you choose here."),
        rx.cond(InvitationsState.link, _link(), rx.cond(InvitationsState.sent, _sent(), _invite_form())),
        open=InvitationsState.inviting,
        on_open_change=InvitationsState.set_inviting,
    )


def _invite_form() -> rx.Component:
    by_link = ui.check_field(
        "invite_by_link", "Show me the link instead", help="For who has no mailbox. It does not confirm the address."
    )
    submit = rx.cond(InvitationsState.by_mail, "Invite", "Create link")
    return rx.el.form(
        ui.text_field(
            "invite_email",
            "E-mail address",
            error=InvitationsState.email_error,
            help="The link is for this address alone.",
            input_mode="email",
            auto_complete="off",
            auto_focus=True,
            required=True,
            max_length=254,
        ),
        ui.select_field("invite_role", "Role", ROLES, default_value="teacher"),
        ui.select_field("invite_department", "Department", _NO_DEPARTMENT),
        rx.cond(InvitationsState.by_mail, by_link, rx.fragment()),
        _problem(InvitationsState.error),
        rx.el.div(ui.primary_button(submit, type="submit"), class_name="dialog-foot"),
        on_submit=InvitationsState.invite,
        class_name="stack",
    )


def _sent() -> rx.Component:
    words = "We sent a link to " + InvitationsState.sent + ". It works once, for a week."
    return rx.el.div(ui.callout(words, "green"), _after_inviting(), class_name="stack")


def _after_inviting() -> rx.Component:
    return rx.el.div(
        ui.secondary_button("Invite another", on_click=InvitationsState.another),
        ui.primary_button("Done", on_click=InvitationsState.set_inviting(False)),
        class_name="dialog-foot",
    )


def _link() -> rx.Component:
    field = rx.el.div(
        rx.el.input(id="invite_link", value=InvitationsState.link, read_only=True, class_name="input"),
        ui.copy_button(InvitationsState.link, "Copy link"),
        class_name="row",
    )
    until = "Works once, until " + InvitationsState.expires + ". It is shown only now: copy it before you close this."
    return rx.el.div(
        ui.form_field("invite_link", "Invitation link", field),
        ui.callout(until, "amber"),
        _after_inviting(),
        class_name="stack",
    )


def open_invitations() -> rx.Component:
    """Who was invited and has not come yet; nothing when there is nobody."""
    waiting = ui.tile(
        "Open invitations", "mail", ui.rows(rx.foreach(InvitationsState.rows, _invitation)), action=_count()
    )
    revoke = ui.confirm_dialog(
        "Revoke this invitation?",
        "The link for " + InvitationsState.revoked + " stops working at once.",
        open=InvitationsState.revoking,
        on_open_change=InvitationsState.set_revoking,
        confirm="Revoke",
        on_confirm=InvitationsState.revoke,
    )
    return rx.fragment(rx.cond(InvitationsState.rows.length() > 0, waiting, rx.fragment()), revoke)


def _count() -> rx.Component:
    return ui.badge(InvitationsState.rows.length().to_string())


def _invitation(row: InvitationView) -> rx.Component:
    acts = ui.row_menu(
        "Actions for " + row.email,
        ui.MenuItem("Send again", InvitationsState.resend(row.id), "send", shown=row.resend),
        ui.MenuItem("Copy a new link instead", InvitationsState.show_link(row.id), "link"),
        ui.MenuItem("Revoke", InvitationsState.ask_revoke(row.id), "x", True),
    )
    return ui.row_item(row.email, row.terms, trailing=acts, key=row.id)


def _problem(error: rx.Var[str]) -> rx.Component:
    return rx.cond(error, rx.el.div(ui.callout(error, "red"), role="alert"), rx.fragment())


def _foot(submit: str) -> rx.Component:
    return rx.el.div(ui.primary_button(submit, type="submit"), class_name="dialog-foot")

"""What the platform's pages are made of."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.platform.state import FoundingState, OrganizationsState, OrganizationState
from faraday_app.platform.views import FigureView, OrganizationView


def organizations_table() -> rx.Component:
    return ui.data_table(
        "Organisations",
        [
            ui.Column("Organisation", _name, width="36%"),
            ui.Column("People", lambda row: rx.el.span(row.people, class_name="num"), align="end"),
            ui.Column("Created", lambda row: rx.el.span(row.created, class_name="num"), phone="hide"),
            ui.Column("Last activity", lambda row: rx.el.span(row.active, class_name="muted")),
            ui.Column("Credits issued", lambda row: rx.el.span(row.issued, class_name="num"), align="end"),
        ],
        OrganizationsState.rows,
        empty=ui.Empty("building_2", "There is no organisation", "Found the first one."),
        loading=OrganizationsState.loading,
        error=OrganizationsState.error,
        retry=OrganizationsState.refresh,
        filtered=OrganizationsState.search != "",
        footer=ui.pager(
            OrganizationsState.shown,
            on_previous=OrganizationsState.previous_page,
            on_next=OrganizationsState.next_page,
            has_previous=OrganizationsState.has_previous,
            has_next=OrganizationsState.has_next,
        ),
    )


def _name(row: OrganizationView) -> rx.Component:
    return ui.row_item(row.name, to="/platform/organizations/" + row.id)


def organization_figures() -> rx.Component:
    """Numbers alone: what is in the organisation is its own affair."""
    loading = ui.skeleton_lines(1)

    def figure(title: str, icon: str, value: rx.Var[str], caption: str) -> rx.Component:
        return ui.tile(title, icon, figure=rx.cond(value, value, loading), caption=caption, span=3)

    return ui.tiles(
        figure("People", "users", OrganizationState.people, "Active members"),
        figure("Signed in", "monitor", OrganizationState.signed_in, "Browsers with a session"),
        figure("Credits issued", "coins", OrganizationState.issued, "Since it was founded"),
        figure("Credits spent", "trending_down", OrganizationState.spent, "By everybody together"),
        ui.tile("People by role", "shield", _facts(OrganizationState.roles), span=6),
        ui.tile("About", "building_2", _facts(OrganizationState.facts), span=6),
    )


def _facts(figures: rx.Var[list[FigureView]]) -> rx.Component:
    def fact(figure: FigureView) -> rx.Component:
        value = rx.el.dd(figure.value, class_name="num")
        return rx.fragment(rx.el.dt(figure.id, class_name="muted"), value, key=figure.id)

    return rx.el.dl(rx.foreach(figures, fact), class_name="facts", style={"marginTop": "12px"})


def nobody_joined() -> rx.Component:
    """Only while the organisation waits for its first administrator."""
    again = ui.secondary_button(
        "Invite again", icon="send", size="small", on_click=FoundingState.ask_again(OrganizationState.id)
    )
    may = ui.allowed(Permission.organizations_manage)
    text = rx.el.div(
        rx.el.span("Nobody has joined yet: it waits for its first administrator. ", class_name="grow"),
        rx.cond(may, again, rx.fragment()),
        class_name="row wrap",
    )
    return rx.cond(OrganizationState.empty, ui.callout(text, "amber"), rx.fragment())


def founding_dialog() -> rx.Component:
    title = rx.cond(
        FoundingState.link != "",
        "Send this link",
        rx.cond(
            FoundingState.sent,
            "The invitation is on its way",
            rx.cond(FoundingState.again, "Invite the administrator again", "New organisation"),
        ),
    )
    lead = "Its administrator joins by a link and invites everybody else. You see counts of it, and nothing else."
    done = ui.primary_button("Done", on_click=FoundingState.set_open(False))
    sent = rx.el.div(
        ui.callout("We sent a link to " + FoundingState.sent + ". It works once, for a week.", "green"),
        rx.el.div(done, class_name="dialog-foot"),
        class_name="stack",
    )
    return ui.dialog(
        title,
        rx.cond(FoundingState.link + FoundingState.sent, FoundingState.name, lead),
        rx.cond(FoundingState.link, _link(done), rx.cond(FoundingState.sent, sent, _form())),
        open=FoundingState.open,
        on_open_change=FoundingState.set_open,
    )


def _form() -> rx.Component:
    name = ui.text_field(
        "founding_name",
        "Name of the organisation",
        error=FoundingState.name_error,
        auto_complete="off",
        auto_focus=True,
        required=True,
        max_length=120,
    )
    by_link = ui.check_field(
        "founding_by_link", "Show me the link instead", help="For who has no mailbox. It does not confirm the address."
    )
    problem = rx.el.div(ui.callout(FoundingState.problem, "red"), role="alert")
    return rx.el.form(
        rx.cond(FoundingState.again, rx.fragment(), name),
        ui.text_field(
            "founding_email",
            "E-mail address of its administrator",
            error=FoundingState.email_error,
            input_mode="email",
            auto_complete="off",
            required=True,
            max_length=254,
        ),
        rx.cond(FoundingState.by_mail, by_link, rx.fragment()),
        rx.cond(FoundingState.problem, problem, rx.fragment()),
        rx.el.div(
            ui.primary_button(rx.cond(FoundingState.again, "Invite", "Found it"), type="submit"),
            class_name="dialog-foot",
        ),
        on_submit=FoundingState.found,
        class_name="stack",
    )


def _link(done: rx.Component) -> rx.Component:
    field = rx.el.div(
        rx.el.input(id="founding_link", value=FoundingState.link, read_only=True, class_name="input"),
        ui.copy_button(FoundingState.link, "Copy link"),
        class_name="row",
    )
    until = "Works once, until " + FoundingState.expires + ". It is shown only now: copy it before you close this."
    return rx.el.div(
        ui.form_field("founding_link", "Invitation link", field),
        ui.callout(until, "amber"),
        rx.el.div(done, class_name="dialog-foot"),
        class_name="stack",
    )

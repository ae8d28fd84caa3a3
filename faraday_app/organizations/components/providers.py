"""Identity providers: the section of the administrator, and the one of each person's own page."""

import reflex as rx

from faraday_app import ui
from faraday_app.organizations.state.choices import ROLES
from faraday_app.organizations.state.connections import ConnectionsState
from faraday_app.organizations.state.providers import ProvidersState
from faraday_app.organizations.views import ConnectionView, ProviderView

_NEWCOMERS = [
    ("", "Nobody: people must be invited"),
    *((role, f"As {label.lower()}") for role, label in ROLES if role != "administrator"),
]


def providers_section() -> rx.Component:
    add = ui.secondary_button("Add a provider", icon="plus", on_click=ProvidersState.add)
    listed = ui.data_table(
        "Identity providers",
        [
            ui.Column("Provider", lambda row: ui.row_item(row.label, row.issuer), width="40%"),
            ui.Column("Who", lambda row: rx.el.span(row.terms, class_name="muted"), phone="hide"),
            ui.Column("Status", _status, width="16%"),
        ],
        ProvidersState.rows,
        empty=ui.Empty(
            "key_round",
            "Everybody signs in with a password",
            "Add the service where your people have accounts already: any OpenID Connect issuer.",
            add,
        ),
        loading=ProvidersState.loading,
        error=ProvidersState.error,
        retry=ProvidersState.refresh,
        menu=_menu,
    )
    more = rx.cond(ProvidersState.rows.length() > 0, rx.el.div(add), rx.fragment())
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Identity providers"),
            rx.el.p("Where people may sign in instead of with a password here.", class_name="muted"),
        ),
        listed,
        more,
        _dialogs(),
        class_name="stack",
    )


def _status(row: ProviderView) -> rx.Component:
    return rx.cond(row.enabled, ui.badge("Offered", "green"), ui.badge("Disabled"))


def _menu(row: ProviderView) -> rx.Component:
    return ui.row_menu(
        "Actions for " + row.label,
        ui.MenuItem("Edit", ProvidersState.edit(row.id), "pencil"),
        ui.MenuItem("Disable", ProvidersState.set_enabled(row.id, False), "pause", shown=row.enabled),
        ui.MenuItem("Enable", ProvidersState.set_enabled(row.id, True), "play", shown=~row.enabled),
        ui.MenuItem("Remove", ProvidersState.ask_remove(row.id), "trash_2", True),
    )


def _dialogs() -> rx.Component:
    edit = ui.dialog(
        rx.cond(ProvidersState.adding, "Add an identity provider", "Edit " + ProvidersState.label),
        "Register Faraday there as a web application, with the redirect address below.",
        _form(),
        open=ProvidersState.editing,
        on_open_change=ProvidersState.set_editing,
        width="520px",
    )
    remove = ui.confirm_dialog(
        "Remove " + ProvidersState.removed + "?",
        "Nobody can sign in with it any more. Whoever has no password needs a reset link.",
        open=ProvidersState.removing,
        on_open_change=ProvidersState.set_removing,
        confirm="Remove",
        on_confirm=ProvidersState.remove,
    )
    return rx.fragment(edit, remove)


def _form() -> rx.Component:
    problem = rx.el.div(ui.callout(ProvidersState.problem, "red"), role="alert")
    return rx.el.form(
        _callback(),
        _text("issuer", "Issuer", "Such as https://accounts.google.com. Faraday looks at it before saving.", "url"),
        _text("label", "Label", "The sign-in page says “Continue with …”."),
        _text("client_id", "Client ID"),
        ui.password_field(
            "provider_secret",
            "Client secret",
            help=rx.cond(
                ProvidersState.adding, "Kept encrypted; it is not shown again.", "Empty keeps the one you have."
            ),
            error=ProvidersState.faults["secret"],
            auto_complete="off",
        ),
        _text(
            "domains",
            "E-mail domains",
            "Whose verified addresses are believed, such as school.org, separated by commas.",
        ),
        ui.select_field("provider_role", "Newcomers join", _NEWCOMERS, default_value=ProvidersState.role),
        rx.cond(ProvidersState.problem, problem, rx.fragment()),
        rx.el.div(ui.primary_button("Save", type="submit"), class_name="dialog-foot"),
        on_submit=ProvidersState.save,
        class_name="stack",
    )


def _text(name: str, label: str, help: str = "", input_mode: str = "text") -> rx.Component:
    return ui.text_field(
        f"provider_{name}",
        label,
        help=help,
        error=ProvidersState.faults[name],
        default_value=getattr(ProvidersState, name),
        input_mode=input_mode,
        auto_complete="off",
        max_length=300,
    )


def _callback() -> rx.Component:
    field = rx.el.div(
        rx.el.input(id="provider_callback", value=ProvidersState.callback, read_only=True, class_name="input"),
        ui.copy_button(ProvidersState.callback, "Copy redirect address"),
        class_name="row",
    )
    return ui.form_field("provider_callback", "Redirect address", field)


def connected_accounts() -> rx.Component:
    """For a person's own page; nothing where no provider is offered and none is connected."""
    section = ui.form_section(
        "Connected accounts",
        "You can sign in with these instead of your password.",
        ui.told(ConnectionsState.told, "green"),
        ui.told(ConnectionsState.problem, "red"),
        ui.rows(rx.foreach(ConnectionsState.rows, _connection)),
    )
    disconnect = ui.confirm_dialog(
        "Disconnect " + ConnectionsState.disconnected + "?",
        "You cannot sign in with it any more, until you connect it again.",
        open=ConnectionsState.disconnecting,
        on_open_change=ConnectionsState.set_disconnecting,
        confirm="Disconnect",
        on_confirm=ConnectionsState.disconnect,
    )
    shown = rx.cond(ConnectionsState.rows.length() > 0, section, rx.fragment())
    return rx.fragment(shown, disconnect, rx.el.span(hidden=True, on_mount=ConnectionsState.enter))


def _connection(row: ConnectionView) -> rx.Component:
    drop = ui.secondary_button(
        "Disconnect",
        size="small",
        on_click=ConnectionsState.ask_disconnect(row.id),
        aria_label="Disconnect " + row.label,
    )
    connect = ui.auth_form(row.action, submit="Connect " + row.label, quiet=True)
    return ui.row_item(row.label, row.email, trailing=rx.cond(row.id, drop, connect), key=row.label + row.id)


ui.add_account_section(connected_accounts, order=40)

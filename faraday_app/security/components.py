"""The parts of the audit page and of the page of API keys."""

import reflex as rx

from faraday_app import ui
from faraday_app.security.state import AuditState, EventState, KeysState
from faraday_app.security.state.keys import field_of
from faraday_app.security.views import SCOPES, EventView, KeyView

_KINDS = rx.Var.create([("", "Any action")]) + AuditState.kinds
_FACTS = {
    "display": "grid",
    "gridTemplateColumns": "minmax(90px, max-content) minmax(0, 1fr)",
    "gap": "8px 16px",
    "margin": "0",
    "overflowWrap": "anywhere",
}
_SINCE = [("", "Any time"), ("today", "Today"), ("7", "Last 7 days"), ("30", "Last 30 days")]
_EXPIRY = [("30", "In 30 days"), ("90", "In 90 days"), ("365", "In a year")]


def audit_filters() -> rx.Component:
    clear = ui.ghost_button("Clear", icon="x", size="small", on_click=AuditState.clear)
    newer = ui.secondary_button("Show new events", icon="arrow_up", size="small", on_click=AuditState.newest)
    tail = ui.filter_chip("Live", on=AuditState.tailing, on_click=AuditState.toggle_tail, icon="radio")
    return ui.filter_bar(
        ui.search_field("Search the trail", AuditState.search, AuditState.set_search),
        ui.filter_select("Action", _KINDS, AuditState.kind, AuditState.set_kind),
        ui.filter_select("Since", _SINCE, AuditState.since, AuditState.set_since),
        tail,
        rx.cond(AuditState.behind, newer, rx.fragment()),
        rx.cond(_filtered(), clear, rx.fragment()),
    )


def audit_table() -> rx.Component:
    return ui.data_table(
        "Audit events, newest first",
        [
            ui.Column("When", lambda row: rx.el.span(row.when, class_name="num clip"), width="150px"),
            ui.Column("Who", _who),
            ui.Column("What", lambda row: row.what),
            ui.Column("Target", _target),
            ui.Column("Address", _address, phone="hide"),
        ],
        AuditState.rows,
        empty=ui.Empty("scroll_text", "Nothing has happened yet", "Every sign-in and every change is listed here."),
        loading=AuditState.loading,
        error=AuditState.error,
        retry=AuditState.refresh,
        filtered=_filtered(),
        menu=_details,
        dense=True,
        footer=ui.pager(
            AuditState.shown,
            on_previous=AuditState.previous_page,
            on_next=AuditState.next_page,
            has_previous=AuditState.has_previous,
            has_next=AuditState.has_next,
        ),
    )


def _filtered() -> rx.Var[bool]:
    return rx.Var.create([AuditState.search, AuditState.kind, AuditState.since]).join() != ""


def _who(row: EventView) -> rx.Component:
    return rx.el.span(ui.avatar(row.initials, row.tone, size="small"), rx.el.span(row.who), class_name="row")


def _target(row: EventView) -> rx.Component:
    return rx.el.span(rx.cond(row.target, row.target, "—"), style={"overflowWrap": "anywhere"})


def _address(row: EventView) -> rx.Component:
    return rx.el.span(rx.cond(row.address, row.address, "—"), class_name="muted num")


def _details(row: EventView) -> rx.Component:
    label = "Details: " + row.who + ", " + row.what
    return ui.icon_button(label, "info", size="small", on_click=EventState.show(row.id))


def event_dialog() -> rx.Component:
    def line(pair: rx.Var[tuple[str, str]]) -> rx.Component:
        return rx.fragment(rx.el.dt(pair[0], class_name="muted"), rx.el.dd(pair[1]))

    return ui.dialog(
        EventState.what,
        "As it was recorded. Nobody can change or remove it.",
        rx.el.dl(rx.foreach(EventState.lines, line), style=_FACTS),
        open=EventState.open,
        on_open_change=EventState.set_open,
        width="560px",
    )


def keys_table() -> rx.Component:
    create = ui.secondary_button("Create a key", icon="plus", on_click=KeysState.set_creating(True))
    return ui.data_table(
        "API keys",
        [
            ui.Column("Name", lambda row: ui.row_item(row.name, rx.el.code(row.prefix)), width="26%"),
            ui.Column("May", _scopes),
            ui.Column("Last used", lambda row: rx.el.span(row.used, class_name="muted")),
            ui.Column("Expires", _expiry),
        ],
        KeysState.rows,
        empty=ui.Empty(
            "key_round", "You have no API keys", "A key lets a program of yours do here what you may do.", create
        ),
        loading=KeysState.loading,
        error=KeysState.error,
        retry=KeysState.refresh,
        menu=_revoke,
    )


def _scopes(row: KeyView) -> rx.Component:
    return rx.el.span(rx.foreach(row.scopes, _scope), class_name="row", style={"flexWrap": "wrap", "gap": "4px"})


def _scope(words: rx.Var[str]) -> rx.Component:
    return ui.badge(words)


def _expiry(row: KeyView) -> rx.Component:
    return rx.cond(row.expired, ui.badge("Expired", "amber"), rx.el.span(row.expires, class_name="num"))


def _revoke(row: KeyView) -> rx.Component:
    return ui.icon_button("Revoke " + row.name, "trash_2", size="small", on_click=KeysState.ask_revoke(row.id))


def key_dialogs() -> rx.Component:
    create = ui.dialog(
        rx.cond(KeysState.secret, "Your new key", "Create an API key"),
        rx.cond(
            KeysState.secret,
            "Send it as a bearer token: “Authorization: Bearer …”.",
            "It acts for you, within the scopes you choose and never beyond your own rights.",
        ),
        rx.cond(KeysState.secret, _secret(), _create_form()),
        open=KeysState.creating,
        on_open_change=KeysState.set_creating,
    )
    revoke = ui.confirm_dialog(
        "Revoke “" + KeysState.revoked + "”?",
        "Programs that use this key are refused from now on. This cannot be taken back.",
        open=KeysState.revoking,
        on_open_change=KeysState.set_revoking,
        confirm="Revoke",
        on_confirm=KeysState.revoke,
    )
    return rx.fragment(create, revoke)


def _create_form() -> rx.Component:
    return rx.el.form(
        ui.text_field(
            "key_name",
            "Name",
            error=KeysState.name_error,
            help="What it is for, such as “Timetable import”.",
            auto_complete="off",
            auto_focus=True,
            max_length=80,
        ),
        _scope_fields(),
        ui.select_field("key_days", "Expires", _EXPIRY, default_value="90"),
        rx.cond(KeysState.problem, rx.el.div(ui.callout(KeysState.problem, "red"), role="alert"), rx.fragment()),
        rx.el.div(ui.primary_button("Create key", type="submit"), class_name="dialog-foot"),
        on_submit=KeysState.create,
        class_name="stack",
    )


def _scope_fields() -> rx.Component:
    boxes = [
        rx.cond(ui.allowed(scope), ui.check_field(field_of(scope), words), rx.fragment())
        for scope, words in SCOPES.items()
    ]
    fault = rx.el.p(rx.icon("circle_alert", size=14), KeysState.scopes_error, class_name="error", role="alert")
    return rx.el.fieldset(
        rx.el.legend("The key may", class_name="strong", style={"padding": "0", "marginBottom": "8px"}),
        *boxes,
        rx.cond(KeysState.scopes_error, fault, rx.fragment()),
        class_name="field",
        style={"border": "0", "margin": "0", "padding": "0", "gap": "8px"},
    )


def _secret() -> rx.Component:
    field = rx.el.div(
        rx.el.input(id="key_secret", value=KeysState.secret, read_only=True, class_name="input"),
        ui.copy_button(KeysState.secret, "Copy key"),
        class_name="row",
    )
    foot = rx.el.div(ui.primary_button("Done", on_click=KeysState.set_creating(False)), class_name="dialog-foot")
    warning = ui.callout("It is shown only now: copy it before you close this.", "amber")
    return rx.el.div(ui.form_field("key_secret", "API key", field), warning, foot, class_name="stack")

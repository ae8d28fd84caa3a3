"""The list of incidents, and the parts of one."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.security.state import IncidentsState, IncidentState
from faraday_app.security.views import STATUSES, AlertView, IncidentView, MomentView

_STATUSES = [("", "Any status"), ("unresolved", "Not resolved")] + [
    (key, words) for key, (words, _) in STATUSES.items()
]


def incident_filters() -> rx.Component:
    return ui.filter_bar(ui.filter_select("Status", _STATUSES, IncidentsState.status, IncidentsState.set_status))


def incidents_table() -> rx.Component:
    centre = ui.secondary_button("See alerts", to="/security")
    return ui.data_table(
        "Incidents, newest first",
        [
            ui.Column("Incident", _title, width="44%"),
            ui.Column("Severity", lambda row: ui.badge(row.severity, row.severity_tone)),
            ui.Column("Status", lambda row: ui.badge(row.status, row.status_tone)),
            ui.Column("Who looks into it", lambda row: row.assignee),
            ui.Column("Opened", lambda row: rx.el.span(row.opened, class_name="muted")),
        ],
        IncidentsState.rows,
        empty=ui.Empty("siren", "No incidents", "Open one from an alert when it needs looking into.", centre),
        loading=IncidentsState.loading,
        error=IncidentsState.error,
        retry=IncidentsState.refresh,
        filtered=IncidentsState.status != "",
        footer=ui.pager(
            IncidentsState.shown,
            on_previous=IncidentsState.previous_page,
            on_next=IncidentsState.next_page,
            has_previous=IncidentsState.has_previous,
            has_next=IncidentsState.has_next,
        ),
    )


def _title(row: IncidentView) -> rx.Component:
    return ui.go(row.title, to="/security/incidents/" + row.id, class_name="link")


def incident_timeline() -> rx.Component:
    moments = ui.rows(rx.foreach(IncidentState.moments, _moment))
    return ui.tile("What happened, and what was done?", "history", rx.cond(IncidentState.loaded, moments, _bones()))


def _bones() -> rx.Component:
    return ui.skeleton_lines(6)


def _moment(item: MomentView) -> rx.Component:
    icon = rx.match(
        item.kind,
        ("alert", rx.icon("bell_ring", size=16)),
        ("note", rx.icon("message_square_text", size=16)),
        ("sign_in", rx.icon("log_in", size=16)),
        rx.icon("activity", size=16),
    )
    text = rx.cond(item.text, rx.el.p(item.text, class_name="muted prose"), rx.fragment())
    body = rx.el.span(
        rx.el.span(item.what, class_name="title"), rx.el.span(item.meta, class_name="meta"), text, class_name="text"
    )
    return rx.el.div(rx.el.span(icon, class_name="lead"), body, class_name="item moment", key=item.id)


def note_form() -> rx.Component:
    form = rx.el.form(
        ui.textarea_field(
            "note",
            "Add a note",
            help="What you found out or did. It cannot be changed afterwards.",
            error=IncidentState.problem,
            default_value=IncidentState.note,
            rows=3,
            max_length=4_000,
        ),
        rx.el.div(ui.primary_button("Add note", type="submit"), class_name="dialog-foot"),
        on_submit=IncidentState.add_note,
        class_name="stack",
    )
    return rx.cond(ui.allowed(Permission.security_manage), form, rx.fragment())


def incident_panel() -> rx.Component:
    fixed = rx.el.dl(
        _line("Severity", ui.badge(IncidentState.severity, IncidentState.severity_tone)),
        _line("Opened", IncidentState.opened),
        rx.cond(IncidentState.resolved, _line("Resolved", IncidentState.resolved), rx.fragment()),
        class_name="facts",
    )
    return rx.el.div(
        rx.cond(ui.allowed(Permission.security_manage), _choices(), rx.fragment()),
        fixed,
        _alerts(),
        class_name="stack",
    )


def _choices() -> rx.Component:
    return rx.el.div(
        ui.select_field(
            "incident_status",
            "Status",
            [(key, words) for key, (words, _) in STATUSES.items()],
            value=IncidentState.status,
            on_change=IncidentState.set_status,
        ),
        ui.select_field(
            "incident_assignee",
            "Who looks into it",
            IncidentState.people,
            value=IncidentState.assignee,
            on_change=IncidentState.set_assignee,
        ),
        class_name="stack",
    )


def _alerts() -> rx.Component:
    add = ui.select_field(
        "incident_alert",
        "Add an alert",
        rx.Var.create([("", "Choose an alert")]) + IncidentState.others,
        value="",
        on_change=IncidentState.link,
    )
    may_add = ui.allowed(Permission.security_manage) & (IncidentState.others.length() > 0)
    return rx.el.div(
        rx.el.h2("Alerts"),
        ui.rows(rx.foreach(IncidentState.alerts, _linked)),
        rx.cond(may_add, add, rx.fragment()),
        class_name="stack",
        style={"marginTop": "8px"},
    )


def _line(name: str, value: rx.Component | rx.Var[str]) -> rx.Component:
    return rx.fragment(rx.el.dt(name, class_name="muted"), rx.el.dd(value))


def _linked(item: AlertView) -> rx.Component:
    return ui.row_item(item.title, item.when, key=item.id)

"""Incidents, and one of them."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.security.components import (
    incident_filters,
    incident_panel,
    incident_timeline,
    incidents_table,
    note_form,
)
from faraday_app.security.state import IncidentsState, IncidentState

_UP = ("Security", "/security")


@ui.page("/security/incidents", "Incidents", Permission.security_read, place="security", on_load=[IncidentsState.enter])
def incidents_page() -> rx.Component:
    return ui.list_page(ui.header("Incidents", back="/security"), incident_filters(), incidents_table())


@ui.page(
    "/security/incidents/[incident]",
    "Incident",
    Permission.security_read,
    place="security",
    on_load=[IncidentState.enter],
)
def incident_page() -> rx.Component:
    title = rx.cond(IncidentState.title, IncidentState.title, "Incident")
    status = rx.cond(
        IncidentState.status, ui.badge(IncidentState.status_words, IncidentState.status_tone), rx.fragment()
    )
    gone = ui.empty_state(
        "siren",
        "This incident does not exist",
        "It may belong to another organisation.",
        ui.secondary_button("All incidents", to="/security/incidents"),
    )
    return ui.detail_page(
        ui.header(title, status, back="/security/incidents"),
        rx.cond(IncidentState.missing, gone, rx.fragment(note_form(), incident_timeline())),
        panel=rx.cond(IncidentState.missing, rx.fragment(), incident_panel()),
        crumbs=[_UP, ("Incidents", "/security/incidents")],
        here=title,
    )

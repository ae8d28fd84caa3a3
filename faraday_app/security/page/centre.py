"""The security centre."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.security.components import alerting_dialog, end_session_dialog, sessions_table
from faraday_app.security.components.centre import (
    alerts_tile,
    failures_tile,
    findings_tile,
    keys_tile,
    map_tile,
    score_tile,
    told_tile,
)
from faraday_app.security.state import AlertingState, AlertsState, CentreState, OpenSessionsState

SECURITY = ui.Nav("security", "Security", "shield_check", section="Administration", order=5)


@ui.page(
    "/security",
    "Security",
    Permission.security_read,
    nav=SECURITY,
    on_load=[CentreState.enter, AlertsState.enter, OpenSessionsState.enter],
)
def security_page() -> rx.Component:
    incidents = ui.secondary_button("Incidents", icon="siren", to="/security/incidents")
    header = ui.header(
        "Security", rx.el.span("Who gets in, and what to mend", class_name="desk-only"), actions=[incidents]
    )
    problem = rx.cond(
        CentreState.error,
        rx.el.div(ui.error_state(CentreState.error, CentreState.refresh), class_name="span-12 panel"),
        rx.fragment(),
    )
    page = ui.home_page(
        header,
        problem,
        rx.el.div(score_tile(), told_tile(AlertingState.edit), class_name="span-4 column"),
        findings_tile(),
        alerts_tile(),
        failures_tile(),
        map_tile(),
        sessions_table(),
        keys_tile(),
    )
    return rx.fragment(page, alerting_dialog(), end_session_dialog())

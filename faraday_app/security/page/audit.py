"""The audit trail."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.security.components import audit_filters, audit_proof, audit_table, event_dialog
from faraday_app.security.state import AuditPageState

AUDIT = ui.Nav("audit", "Audit", "scroll_text", section="Administration", order=20)


@ui.page("/audit", "Audit", Permission.audit_read, nav=AUDIT, on_load=[AuditPageState.enter])
def audit_page() -> rx.Component:
    header = ui.header(
        "Audit", rx.el.span("Every sign-in and every change", class_name="desk-only"), actions=[audit_proof()]
    )
    return ui.list_page(header, audit_filters(), audit_table(), event_dialog())

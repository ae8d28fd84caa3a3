"""Who looked at one's record, and how records end."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.privacy.components import (
    erase_dialog,
    erasures_table,
    looks_table,
    records_filters,
    records_lead,
    retention_dialog,
    retention_lead,
)
from faraday_app.privacy.state import PrivacyState, RecordsState

RECORDS = ui.Nav("records", "Records", "eye", section="Classroom", order=90)
PRIVACY = ui.Nav("privacy", "Privacy", "shield_check", section="Administration", order=75)


@ui.page("/records", "Records", Permission.records_read, nav=RECORDS, on_load=[RecordsState.enter])
def records_page() -> rx.Component:
    take = ui.secondary_button("Take out all data", icon="download", on_click=RecordsState.take_out)
    header = ui.header("Who looked", rx.el.span(RecordsState.about), actions=[take])
    return ui.list_page(header, rx.fragment(records_lead(), records_filters()), looks_table())


@ui.page("/privacy", "Privacy", Permission.privacy_manage, nav=PRIVACY, on_load=[PrivacyState.enter])
def privacy_page() -> rx.Component:
    keep = ui.secondary_button("Retention", icon="hourglass", on_click=PrivacyState.set_choosing(True))
    erase = ui.primary_button("Export or erase", icon="user_x", on_click=PrivacyState.set_erasing(True))
    header = ui.header("Privacy", actions=[keep, erase])
    return ui.list_page(header, retention_lead(), erasures_table(), rx.fragment(retention_dialog(), erase_dialog()))

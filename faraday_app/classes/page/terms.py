"""Terms and grading periods."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.components.terms import term_dialogs, term_list
from faraday_app.classes.state.terms import TermEditorState, TermsState
from faraday_app.core.permissions import Permission

NAV = ui.Nav("terms", "Terms", "calendar_range", section="Administration", order=13)


@ui.page("/terms", "Terms", Permission.rosters_manage, nav=NAV, on_load=[TermsState.enter])
def terms_page() -> rx.Component:
    new = ui.primary_button("New term", icon="plus", on_click=TermEditorState.new_term)
    return ui.list_page(
        ui.header("Terms", ui.meta("and grading periods"), actions=[new]), rx.fragment(), term_list(), term_dialogs()
    )

"""What a person wants of answers, on their own page."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.service.languages import OWN_CHOICES
from faraday_app.contexts.state import PreferencesState


def own_answers() -> rx.Component:
    """For a person's own page; nothing for those who may not ask."""
    section = ui.form_section(
        "Answers",
        "For your questions in conversations that do not say in which language to answer.",
        ui.select_field(
            "answer_language",
            "Answer me in",
            OWN_CHOICES,
            value=PreferencesState.language,
            on_change=PreferencesState.choose_language,
        ),
    )
    return rx.fragment(
        rx.cond(PreferencesState.shown, section, rx.fragment()),
        rx.el.span(hidden=True, on_mount=PreferencesState.enter),
    )


ui.add_account_section(own_answers, order=20)

"""How a class does."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.views import ClassPlace, class_places, register_place
from faraday_app.core.permissions import Permission
from faraday_app.gradebook.components.analytics import concerns_table, figures_notes, figures_tiles, work_table
from faraday_app.gradebook.state.analytics import AnalyticsState

FIGURES = ClassPlace("figures", "Figures", "chart_column", "/class/figures", Permission.gradebook_manage, 40)
register_place(FIGURES)


@ui.page("/class/figures", "Figures", Permission.gradebook_read, place="classes", on_load=[AnalyticsState.enter])
def class_figures_page() -> rx.Component:
    gone = rx.fragment(
        ui.header("Figures", back="/classes"),
        ui.empty_state(
            "chart_column",
            "There is no such class here for you",
            "Figures of a class are for those who teach it.",
            ui.secondary_button("Your classes", to="/classes"),
        ),
    )
    return rx.cond(AnalyticsState.missing, gone, _figures())


def _figures() -> rx.Component:
    head = AnalyticsState.head
    header = ui.header(rx.cond(head.name, head.name, "Figures"), ui.meta("Figures · " + head.term), back="/classes")
    places = ui.place_row("Places of this class", class_places(), current=FIGURES.key, id=AnalyticsState.id)
    concerns = rx.el.section(rx.el.h2("Whom to look after", class_name="h2"), concerns_table(), class_name="stack")
    each = rx.el.section(
        rx.el.h2("Each piece of work", class_name="h2"), work_table(), figures_notes(), class_name="stack"
    )
    return rx.fragment(header, places, rx.el.div(figures_tiles(), concerns, each, class_name="content"))

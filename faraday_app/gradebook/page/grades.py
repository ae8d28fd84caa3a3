"""The gradebook of a class, and the list of one's classes with what they come to."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.views import class_places
from faraday_app.core.permissions import Permission
from faraday_app.gradebook.components.grid import grid, inspector, preloaded, status, toolbar
from faraday_app.gradebook.components.importing import import_dialog
from faraday_app.gradebook.components.own import class_totals, own
from faraday_app.gradebook.components.policy import policy_dialog
from faraday_app.gradebook.components.posting import posting_dialog
from faraday_app.gradebook.state import GradebookState
from faraday_app.gradebook.state.policy import PolicyState
from faraday_app.gradebook.state.reports import ClassTotalsState
from faraday_app.gradebook.views import GRADEBOOK

NAV = ui.Nav("gradebook", "Gradebook", "table_2", section="Classroom", order=20, phone=True)


@ui.page("/gradebook", "Gradebook", Permission.gradebook_read, nav=NAV, on_load=[ClassTotalsState.enter])
def gradebook_page() -> rx.Component:
    return rx.fragment(ui.header("Gradebook"), rx.el.div(class_totals(), class_name="content"))


@ui.page("/class/gradebook", "Gradebook", Permission.gradebook_read, place="gradebook", on_load=[GradebookState.enter])
def class_gradebook_page() -> rx.Component:
    gone = rx.fragment(
        ui.header("Gradebook", back="/gradebook"),
        ui.empty_state(
            "table_2",
            "There is no such class here for you",
            "You may have been taken out of it, or the link is not complete.",
            ui.secondary_button("Your classes", to="/gradebook"),
        ),
    )
    page = rx.cond(GradebookState.missing, gone, rx.cond(GradebookState.head.is_staff, _staff(), _family()))
    return rx.fragment(preloaded(), page)


def _header(*actions: rx.Component, saved: bool = False) -> rx.Component:
    head = GradebookState.head
    return ui.header(
        rx.cond(head.name, head.name, "Gradebook"),
        ui.meta("Gradebook · " + head.term),
        *([status()] if saved else []),
        actions=actions,
        compact=True,
        back="/gradebook",
    )


def _places() -> rx.Component:
    return ui.place_row("Places of this class", class_places(), current=GRADEBOOK.key, id=GradebookState.id)


def _staff() -> rx.Component:
    post = rx.cond(
        GradebookState.can_grade,
        ui.primary_button("Post grades", icon="send", on_click=GradebookState.post_all),
        rx.fragment(),
    )
    rules = rx.cond(
        GradebookState.can_grade,
        ui.secondary_button("Policy", icon="sliders_horizontal", on_click=PolicyState.begin(GradebookState.id)),
        rx.fragment(),
    )
    header = _header(ui.pane_switches(inspector_label="Receipt"), rules, post, saved=True)
    page = ui.workspace_page(
        rx.fragment(header, _places()), grid(), toolbar=toolbar(), inspector=("Receipt", inspector())
    )
    return rx.fragment(page, policy_dialog(), posting_dialog(), import_dialog())


def _family() -> rx.Component:
    return rx.fragment(_header(), _places(), own())

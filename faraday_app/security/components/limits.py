"""The parts of the page of limits."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.limits import Endpoint
from faraday_app.security.state import LimitsState, OverrideState, SimulationState
from faraday_app.security.views import AdaptationView, OverrideView, PolicyView, RefusedView

ENDPOINTS = [(endpoint.value, endpoint.words) for endpoint in Endpoint]
_DAYS = [("1", "For a day"), ("7", "For a week"), ("30", "For a month"), ("365", "For a year")]


def limits_status() -> rx.Component:
    """How far the limits stand from the whole, and what cannot be counted together."""
    alone = "Redis does not answer: each worker counts alone, by the same limits. It ends by itself."
    tight = rx.el.span(
        "The limits stand at ", LimitsState.percent, " %, because ", LimitsState.reason, ". They relax by themselves."
    )
    whole = rx.el.span("The limits stand at 100 %. ", LimitsState.measures)
    state = rx.cond(LimitsState.percent < 100, ui.callout(tight, "amber"), ui.callout(whole, "green"))
    return rx.el.div(
        rx.cond(LimitsState.degraded, ui.callout(alone, "amber"), rx.fragment()),
        rx.cond(LimitsState.loading, ui.skeleton_lines(1), state),
        class_name="stack",
    )


def policies_table() -> rx.Component:
    return ui.data_table(
        "Limits by kind of call",
        [
            ui.Column("Kind of call", lambda row: rx.el.span(row.name, class_name="strong"), width="18%"),
            ui.Column("At most", _limits, width="42%"),
            ui.Column("Last 5 minutes", lambda row: rx.el.span(row.lately, class_name="num"), align="end"),
            ui.Column("Last 24 hours", lambda row: rx.el.span(row.day, class_name="num"), align="end"),
            ui.Column("Refused", _refused, align="end"),
        ],
        LimitsState.policies,
        empty=ui.Empty("gauge", "No limits", "There is nothing to show."),
        loading=LimitsState.loading,
        error=LimitsState.error,
        retry=LimitsState.refresh,
    )


def _limits(row: PolicyView) -> rx.Component:
    return rx.el.span(
        rx.foreach(row.limits, lambda said: rx.el.span(said, class_name="meta", style={"display": "block"}))
    )


def _refused(row: PolicyView) -> rx.Component:
    return rx.cond(row.some_refused, ui.badge(row.refused, "amber"), rx.el.span(row.refused, class_name="num"))


def overrides_table() -> rx.Component:
    add = ui.secondary_button("Add an exception", icon="plus", on_click=OverrideState.show)
    lead = rx.el.p(
        "For an organisation, person, key or address that needs more, or less, for a time.", class_name="muted"
    )
    table = ui.data_table(
        "Exceptions",
        [
            ui.Column("For", lambda row: ui.row_item(row.who, row.note), width="30%"),
            ui.Column("Kind of call", lambda row: row.name),
            ui.Column("At most", lambda row: row.rate),
            ui.Column("Until", lambda row: rx.el.span(row.until, class_name="num")),
        ],
        LimitsState.overrides,
        empty=ui.Empty("sliders_horizontal", "No exceptions", "The limits above hold for everybody.", add),
        loading=LimitsState.loading,
        error=LimitsState.error,
        retry=LimitsState.refresh,
        menu=_remove,
    )
    return rx.el.section(rx.el.div(rx.el.h2("Exceptions"), lead), table, class_name="stack")


def _remove(row: OverrideView) -> rx.Component:
    label = "Remove the exception for " + row.who
    return ui.icon_button(label, "trash_2", size="small", on_click=LimitsState.remove(row.id))


def adaptations() -> rx.Component:
    def line(row: AdaptationView) -> rx.Component:
        return ui.row_item(row.what, row.why, trailing=rx.el.span(row.when, class_name="meta num"), key=row.id)

    none = rx.el.p("They were never tightened.", class_name="muted")
    shown = rx.cond(LimitsState.adaptations, ui.rows(rx.foreach(LimitsState.adaptations, line)), none)
    lead = rx.el.p(
        "Under load the limits tighten by steps, to a quarter at most, and relax again. "
        "Whoever looks after limits is never slowed down on their pages.",
        class_name="muted",
    )
    return rx.el.section(rx.el.div(rx.el.h2("Under load"), lead), shown, class_name="stack")


def simulation() -> rx.Component:
    lead = rx.el.p("What would a limit for each caller have done to the last 24 hours?", class_name="muted")
    form = rx.el.form(
        ui.select_field("sim_endpoint", "Kind of call", ENDPOINTS, default_value="api_read"),
        ui.text_field("sim_rate", "Calls per minute", default_value="60", input_mode="numeric", max_length=9),
        ui.text_field("sim_burst", "At once", default_value="20", input_mode="numeric", max_length=9),
        ui.secondary_button("Replay the day", icon="history", type="submit"),
        on_submit=SimulationState.run,
        style={
            "display": "grid",
            "gridTemplateColumns": "repeat(auto-fit, minmax(180px, 1fr))",
            "gap": "12px",
            "alignItems": "end",
        },
    )

    def line(row: RefusedView) -> rx.Component:
        return ui.row_item(row.name, key=row.id, trailing=rx.el.span(row.refused, class_name="meta num"))

    answer = rx.el.div(
        rx.el.p(SimulationState.answer, class_name="strong"),
        rx.el.p(SimulationState.basis, class_name="muted"),
        rx.cond(SimulationState.refusals, ui.rows(rx.foreach(SimulationState.refusals, line)), rx.fragment()),
        role="status",
        class_name="stack",
    )
    fault = rx.cond(SimulationState.problem, ui.callout(SimulationState.problem, "red"), rx.fragment())
    shown = rx.cond(SimulationState.answer, answer, rx.fragment())
    return rx.el.section(rx.el.div(rx.el.h2("Simulation"), lead), form, fault, shown, class_name="stack")


def override_dialog() -> rx.Component:
    address = rx.cond(
        OverrideState.subject == "address",
        ui.text_field("override_address", "Address", help="One address, such as 203.0.113.7.", max_length=45),
        rx.fragment(),
    )
    problem = rx.el.div(ui.callout(OverrideState.problem, "red"), role="alert")
    form = rx.el.form(
        ui.select_field(
            "override_subject",
            "For",
            OverrideState.subjects,
            value=OverrideState.subject,
            on_change=OverrideState.set_subject,
        ),
        address,
        ui.select_field("override_endpoint", "Kind of call", ENDPOINTS, default_value="api_read"),
        ui.text_field("override_rate", "Calls per minute", default_value="600", input_mode="numeric", max_length=9),
        ui.text_field("override_burst", "At once", default_value="100", input_mode="numeric", max_length=9),
        ui.select_field("override_days", "How long", _DAYS, default_value="7"),
        ui.text_field("override_note", "Note", help="Why, for whoever reads this later.", max_length=200),
        rx.cond(OverrideState.problem, problem, rx.fragment()),
        rx.el.div(ui.primary_button("Add exception", type="submit"), class_name="dialog-foot"),
        on_submit=OverrideState.save,
        class_name="stack",
    )
    return ui.dialog(
        "Add an exception",
        "It takes the place of the limit above, for as long as you say.",
        form,
        open=OverrideState.open,
        on_open_change=OverrideState.set_open,
    )

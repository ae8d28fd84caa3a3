"""One event of the trail, in full."""

import reflex as rx

from faraday_app import ui
from faraday_app.security.state import EventState
from faraday_app.security.views import ChangeView, FactView


def event_dialog() -> rx.Component:
    outcome = ui.badge(EventState.outcome, EventState.outcome_tone)
    seal = rx.cond(
        EventState.is_sealed,
        ui.badge(rx.fragment(rx.icon("lock", size=12), EventState.seal), "green"),
        ui.badge(rx.fragment(rx.icon("hourglass", size=12), EventState.seal)),
    )
    return ui.dialog(
        EventState.what,
        "As it was recorded. Nobody can change or remove it.",
        rx.el.div(outcome, seal, class_name="row wrap"),
        rx.el.dl(rx.foreach(EventState.facts, _fact), class_name="facts"),
        rx.cond((EventState.changes.length() > 0) | (EventState.same != ""), _changes(), rx.fragment()),
        rx.cond(EventState.lines.length() > 0, _lines(), rx.fragment()),
        ui.fold("Where it came from", rx.el.dl(rx.foreach(EventState.origin, _fact), class_name="facts")),
        open=EventState.open,
        on_open_change=EventState.set_open,
        width="620px",
        actions=[
            ui.secondary_button("Copy link", icon="link", on_click=EventState.copy_link),
            ui.primary_button("Done", on_click=EventState.set_open(False)),
        ],
    )


def _fact(fact: FactView) -> rx.Component:
    narrow = rx.el.button(
        fact.value,
        rx.icon("list_filter", size=13),
        type="button",
        class_name="narrows",
        aria_label="Show only " + fact.name + " " + fact.value,
        title="Show only this",
        on_click=EventState.only(fact.narrows),
    )
    value = rx.cond(fact.narrows, narrow, rx.fragment(fact.value))
    return rx.fragment(rx.el.dt(fact.name, class_name="muted"), rx.el.dd(value))


def _changes() -> rx.Component:
    def head(title: str) -> rx.Component:
        return rx.el.th(title, scope="col")

    def line(change: ChangeView) -> rx.Component:
        return rx.el.tr(
            rx.el.th(change.field, scope="row"),
            rx.el.td(rx.el.span(change.before, class_name=rx.cond(change.before == "—", "", "was"))),
            rx.el.td(rx.el.span(change.after, class_name=rx.cond(change.after == "—", "", "is"))),
        )

    table = rx.el.table(
        rx.el.thead(rx.el.tr(head("Field"), head("Before"), head("After"))),
        rx.el.tbody(rx.foreach(EventState.changes, line)),
        class_name="was-is",
        aria_label="What changed",
    )
    return rx.el.section(
        rx.el.h2("What changed"),
        rx.cond(EventState.changes.length() > 0, table, rx.fragment()),
        rx.cond(EventState.same, rx.el.p(EventState.same, class_name="meta"), rx.fragment()),
        class_name="stack",
    )


def _lines() -> rx.Component:
    def line(pair: rx.Var[tuple[str, str]]) -> rx.Component:
        return rx.fragment(rx.el.dt(pair[0], class_name="muted"), rx.el.dd(pair[1], class_name="verbatim"))

    return rx.el.section(
        rx.el.h2("Details"), rx.el.dl(rx.foreach(EventState.lines, line), class_name="facts"), class_name="stack"
    )

"""What goes in when the message is sent now, what it costs, and in which language it is answered."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.quote_views import PortionView
from faraday_app.contexts.service.languages import CHOICES
from faraday_app.contexts.state import QuoteState, ThreadState

shown = QuoteState.shown


def window_meter() -> rx.Component:
    """The window by part, each with its pattern and its line below; then the price."""
    bar = rx.el.div(
        rx.foreach(QuoteState.portions, _share),
        class_name="meter window",
        role="img",
        aria_label="The model's window by part; the list below has the figures",
    )
    return rx.fragment(
        rx.el.h2("What goes in now"),
        rx.cond(QuoteState.used, rx.el.p(QuoteState.used, class_name="meta num"), rx.fragment()),
        rx.cond(
            QuoteState.portions,
            rx.fragment(bar, rx.el.ul(rx.foreach(QuoteState.portions, _line), class_name="bare window-parts")),
            rx.fragment(),
        ),
    )


def price() -> rx.Component:
    """The quote in full: range, who pays, what is cheaper, and how good such estimates were."""
    range_ = rx.el.p(rx.el.strong(shown.cost, class_name="num"), " · ", shown.likely, class_name="num")
    return rx.cond(
        shown.cost,
        rx.fragment(
            rx.el.h2("What it costs"),
            range_,
            rx.cond(shown.details, rx.el.p(shown.details, class_name="meta"), rx.fragment()),
            rx.el.p(shown.pays, class_name="meta num"),
            rx.cond(shown.problem, ui.callout(shown.problem, "amber"), rx.fragment()),
            rx.cond(shown.cheaper_name, _cheaper(), rx.fragment()),
            rx.el.p(shown.accuracy, class_name="meta"),
        ),
        rx.fragment(),
    )


def quote_line() -> rx.Component:
    """The quote in a line under the message box."""
    costs = rx.el.p(
        rx.icon("coins", size=13), rx.el.span(shown.cost, " · ", shown.likely, class_name="num"), class_name="with-sign"
    )
    why_not = rx.cond(QuoteState.problem, QuoteState.problem, shown.problem)
    said = rx.cond(why_not, rx.el.p(rx.icon("circle_alert", size=13), why_not, class_name="with-sign"), costs)
    return rx.cond(why_not | shown.cost, rx.el.div(said, class_name="quote meta"), rx.fragment())


def language_field() -> rx.Component:
    """In which language a conversation is answered; a sentence of the instructions says it."""
    return ui.select_field(
        "language",
        "Answer in",
        CHOICES,
        value=QuoteState.language,
        on_change=QuoteState.choose_language,
        disabled=~ThreadState.may_write,
    )


def _cheaper() -> rx.Component:
    use = ui.secondary_button(
        "Use it",
        size="small",
        on_click=ThreadState.choose_model(shown.cheaper_name),
        aria_label="Use the cheaper model",
    )
    return ui.rows(
        ui.row_item("Cheaper", shown.cheaper, leading=rx.icon("trending_down", size=15), trailing=use, key="cheaper")
    )


def _share(portion: PortionView) -> rx.Component:
    return rx.el.i(
        class_name="part-" + portion.part, style={"width": portion.percent.to_string() + "%"}, key=portion.part
    )


def _line(portion: PortionView) -> rx.Component:
    note = rx.cond(portion.note, rx.el.span(portion.note, class_name="meta tone-amber"), rx.fragment())
    return rx.el.li(
        rx.el.i(class_name="swatch part-" + portion.part, aria_hidden="true"),
        rx.el.span(portion.label, class_name="grow"),
        note,
        rx.el.span(portion.tokens, class_name="num"),
        key=portion.part,
    )

"""The versions of a template, what they came to, two of them side by side, and what could be better."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.state import TemplateState
from faraday_app.contexts.template_views import AdviceView, VersionView


def template_results() -> rx.Component:
    return rx.el.div(_figures(), _advice(), _compared(), _versions(), class_name="stack")


def _figures() -> rx.Component:
    shown = rx.foreach(TemplateState.figures, lambda each: ui.stat(each[0], rx.el.span(each[1], class_name="num")))
    note = "A use went well when its answer was liked or kept, or neither disliked nor asked for once more."
    return rx.fragment(
        rx.el.h2("What it came to"),
        rx.el.div(shown, class_name="template-figures"),
        rx.el.p(note, class_name="meta"),
    )


def _advice() -> rx.Component:
    return rx.cond(
        TemplateState.advice,
        rx.fragment(rx.el.h2("What could be better"), ui.rows(rx.foreach(TemplateState.advice, _piece))),
        rx.fragment(),
    )


def _piece(advice: AdviceView) -> rx.Component:
    lead = rx.icon("lightbulb", size=15)
    words = rx.el.span(advice.words, class_name="wraps")
    return ui.row_item(words, rx.el.span(advice.fact, class_name="wraps"), leading=lead, key=advice.words)


def _compared() -> rx.Component:
    said = rx.el.div(
        rx.foreach(TemplateState.compared, lambda line: rx.el.p(line, class_name="num", key=line)), class_name="stack"
    )

    def choose(number: rx.Var[str]) -> rx.Component:
        return ui.secondary_button(
            "Go on with version " + number, size="small", on_click=TemplateState.choose_winner(number), key=number
        )

    running = rx.el.div(rx.foreach(TemplateState.pair, choose), class_name="row wrap")
    begin = rx.cond(TemplateState.versions.length() > 1, _begin(), rx.fragment())
    return rx.fragment(
        rx.cond(
            (TemplateState.compared.length() > 0) | (TemplateState.versions.length() > 1),
            rx.el.h2("Two versions side by side"),
            rx.fragment(),
        ),
        rx.cond(TemplateState.compared, said, rx.fragment()),
        rx.cond(TemplateState.comparing, running, begin),
    )


def _begin() -> rx.Component:
    def version(name: str, label: str) -> rx.Component:
        options = rx.foreach(
            TemplateState.versions,
            lambda each: rx.el.option(each.number.to_string(), value=each.number.to_string(), key=each.id),
        )
        return ui.form_field(name, label, rx.el.select(options, id=name, name=name, class_name="input"))

    return rx.el.form(
        version("first", "Version"),
        version("second", "Against version"),
        ui.text_field(
            "share", "Of 100 uses, it gets", default_value="50", type="number", min="5", max="95", required=True
        ),
        ui.secondary_button("Give out both", type="submit", size="small"),
        on_submit=TemplateState.compare,
        class_name="template-compare",
    )


def _versions() -> rx.Component:
    return rx.fragment(rx.el.h2("Versions"), ui.rows(rx.foreach(TemplateState.versions, _version)))


def _version(version: VersionView) -> rx.Component:
    again = ui.secondary_button("Use again", size="small", on_click=TemplateState.use_again(version.number))
    title = rx.el.span("Version ", version.number, rx.cond(version.note, ": " + version.note, ""))
    facts = rx.el.span(
        version.uses,
        rx.cond(version.outcome, " · " + version.outcome, ""),
        rx.cond(version.cost, " · " + version.cost, ""),
        class_name="num wraps",
    )
    offer = rx.cond(TemplateState.comparing, rx.fragment(), again)
    return ui.row_item(
        title, facts, trailing=rx.cond(version.current, ui.badge("in use", "green"), offer), key=version.id
    )

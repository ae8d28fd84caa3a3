"""A question about rights, and its answer."""

import reflex as rx

from faraday_app import ui
from faraday_app.organizations.state.why import KINDS, QUESTIONS, WhyState
from faraday_app.organizations.views.roles import StepView


def question() -> rx.Component:
    return ui.tile("Question", "circle_help", _form())


def _form() -> rx.Component:
    person = ui.person_picker(
        "why_person",
        "Who",
        chosen=WhyState.person,
        query=WhyState.query,
        found=WhyState.found,
        on_search=WhyState.search,
        on_choose=WhyState.choose,
        on_another=WhyState.choose_another,
    )
    problem = rx.el.div(ui.callout(WhyState.problem, "red"), role="alert")
    return rx.el.form(
        person,
        ui.select_field(
            "why_permission", "May they", QUESTIONS, value=WhyState.permission, on_change=WhyState.set_permission
        ),
        ui.select_field("why_kind", "To what", KINDS, value=WhyState.kind, on_change=WhyState.set_kind),
        _thing(),
        ui.text_field(
            "moment", "When", type="datetime-local", default_value=WhyState.moment, help="Empty: now.",
        ),
        ui.text_field(
            "address", "From which address", default_value=WhyState.address, help="Such as 192.0.2.7. Empty: unknown.",
            auto_complete="off", max_length=45,
        ),
        rx.cond(WhyState.problem, problem, rx.fragment()),
        rx.el.div(ui.primary_button("Find out", type="submit"), class_name="dialog-foot"),
        on_submit=WhyState.ask,
        class_name="stack",
        style={"marginTop": "12px"},
    )  # fmt: skip


def _thing() -> rx.Component:
    person = ui.person_picker(
        "why_thing",
        "Which person",
        chosen=WhyState.thing,
        query=WhyState.thing_query,
        found=WhyState.things,
        on_search=WhyState.search_thing,
        on_choose=WhyState.choose_thing,
        on_another=WhyState.choose_another_thing,
    )
    conversation = ui.text_field(
        "conversation",
        "Which conversation",
        default_value=WhyState.conversation,
        help="Its address or id: nothing of what is said in it is shown.",
        auto_complete="off",
    )
    return rx.match(WhyState.kind, ("person", person), ("conversation", conversation), rx.fragment())


def answer() -> rx.Component:
    verdict = rx.cond(WhyState.allowed, ui.badge("Allowed", "green", "check"), ui.badge("Blocked", "red", "ban"))
    none = rx.el.p("No rule of theirs is about this permission.", class_name="muted")
    rules = rx.el.ol(rx.foreach(WhyState.steps, _step), class_name="rows bare")
    found = ui.tile(
        "Answer",
        "scale",
        rx.el.p(verdict, " ", WhyState.answer, role="status"),
        rx.cond(WhyState.steps.length() > 0, rules, none),
    )
    nothing = ui.empty_state(
        "scale", "Ask, and see the rules", "Every rule that was looked at, in order, and why it did or did not apply."
    )
    return rx.cond(WhyState.answered, found, nothing)


def _step(step: StepView) -> rx.Component:
    mark = rx.cond(step.matched, ui.badge("applies", "iris"), ui.badge("does not apply"))
    text = rx.el.span(
        rx.el.span(step.says, class_name="title"),
        rx.el.span(step.source, class_name="meta"),
        rx.el.span(step.why, class_name="meta"),
        class_name="text",
    )
    return rx.el.li(text, rx.el.span(mark, class_name="trail"), class_name="item", key=step.id)

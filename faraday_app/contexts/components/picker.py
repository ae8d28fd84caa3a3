"""Templates in the message box: the list, then the form of one."""

import reflex as rx
from reflex.event import EventSpec

from faraday_app import ui
from faraday_app.contexts.state import PickerState
from faraday_app.contexts.template_views import FieldView, TemplateView


def templates_button() -> rx.Component:
    """Opens the picker; so does a slash in the empty box."""
    return ui.icon_button(
        "Templates (or type /)", "text_cursor_input", on_click=PickerState.begin, custom_attrs={"data-slash": "true"}
    )


def picker() -> rx.Component:
    """Beside the message box, never in it: what is submitted here would be submitted there too."""
    return ui.dialog(
        rx.cond(PickerState.chosen, PickerState.name, "Templates"),
        rx.cond(
            PickerState.chosen, "Fill it in; you can still change it before you send it.", "Choose one to fill in."
        ),
        rx.cond(PickerState.chosen, _form(), _list()),
        open=PickerState.open,
        on_open_change=PickerState.set_open,
        width="560px",
    )


def _list() -> rx.Component:
    nothing = rx.el.p("No template matches. Make one under Templates.", class_name="muted")
    return rx.fragment(
        ui.search_field("Search templates", PickerState.search, PickerState.set_search, "search-templates"),
        rx.cond(
            PickerState.offered,
            rx.el.ul(rx.foreach(PickerState.offered, _offer), class_name="bare template-list", aria_label="Templates"),
            rx.cond(PickerState.loaded, nothing, ui.skeleton_lines(4)),
        ),
    )


def _offer(each: TemplateView) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(each.name, class_name="title clip"),
            rx.el.span(each.category, " · ", each.about, class_name="meta clip"),
            type="button",
            on_click=PickerState.choose(each.id),
            class_name="template-offer",
        ),
        key=each.id,
    )


def _form() -> rx.Component:
    problem = rx.el.div(ui.callout(PickerState.problem, "red"), role="alert")
    return rx.el.form(
        rx.cond(PickerState.problem, problem, rx.fragment()),
        rx.foreach(PickerState.fields, _field),
        ui.fold("What will be asked", rx.el.p(PickerState.preview, class_name="template-preview verbatim")),
        rx.el.div(
            ui.ghost_button("Back", on_click=PickerState.back),
            ui.secondary_button("Send now", icon="arrow_up", on_click=PickerState.send),
            ui.primary_button("Put into the box", type="submit"),
            class_name="dialog-foot",
        ),
        on_submit=PickerState.submit,
        no_validate=True,
        class_name="stack",
        key=PickerState.chosen,
    )


def _field(field: FieldView) -> rx.Component:
    """Checked on the server as soon as it is left."""
    name = "field-" + field.name
    invalid = {"aria_invalid": rx.cond(field.problem, "true", "false"), "aria_describedby": name + "-help"}
    props = {"id": name, "name": name, "default_value": field.value, "class_name": "input", **invalid}

    def left(value: rx.Var[str]) -> EventSpec:
        return PickerState.enter(field.name, value)

    control = rx.match(
        field.control,
        ("area", rx.el.textarea(rows=4, on_blur=left, **props)),
        (
            "choice",
            rx.el.select(
                rx.el.option("Choose …", value=""),
                rx.foreach(field.choices, lambda each: rx.el.option(each, value=each)),
                on_change=left,
                **props,
            ),
        ),
        rx.el.input(type=field.type, min=field.least, max=field.most, step=field.step, on_blur=left, **props),
    )
    fault = rx.el.p(
        rx.icon("circle_alert", size=14), field.problem, id=name + "-help", class_name="error", role="alert"
    )
    below = rx.cond(field.problem, fault, rx.el.p(field.help, id=name + "-help", class_name="meta"))
    box = rx.el.input(
        type="checkbox",
        id=name,
        name=name,
        default_checked=field.value == "yes",
        on_change=lambda on: PickerState.enter(field.name, on),
    )
    asked = rx.cond(
        field.control == "check",
        rx.el.label(box, field.label, class_name="check"),
        rx.fragment(rx.el.label(field.label, html_for=name), control),
    )
    return rx.el.div(asked, below, class_name="field", key=field.name)

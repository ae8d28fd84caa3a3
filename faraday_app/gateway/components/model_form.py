"""The form of a model: what it is, where it is asked for, what it costs, who may use it."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Role
from faraday_app.gateway.components.models import price_fields
from faraday_app.gateway.state import ModelFormState as State
from faraday_app.gateway.views.catalogue import CAPABILITIES, CATEGORIES

_TIERS = [(str(tier), words) for tier, words in enumerate(
    ("1: simple", "2: fair", "3: good", "4: very good", "5: the best"), 1)]  # fmt: skip


def model_form_dialog() -> rx.Component:
    return ui.dialog(
        rx.cond(State.adding, "Add a model", "Edit " + State.label),
        rx.cond(
            State.adding,
            "People can choose it as soon as it is added.",
            "Answers that have begun are not touched.",
        ),
        _form(),
        open=State.open,
        on_open_change=State.set_open,
        width="560px",
    )


def _form() -> rx.Component:
    problem = rx.el.div(ui.callout(State.problem, "red"), role="alert")
    return rx.el.form(
        rx.el.div(
            _text("label", "Label", "What people see."),
            _text("name", "Name", "What programs ask for. Letters, digits and . _ : / -"),
            class_name="pair",
        ),
        rx.cond(State.adding, _where(), rx.fragment()),
        rx.el.div(
            _text("context", "Window", "Tokens it can read at once.", "numeric"),
            _text("longest_answer", "Longest answer", "Tokens; credits are set aside for it.", "numeric"),
            class_name="pair",
        ),
        rx.el.div(
            ui.select_field("model_category", "Category", CATEGORIES, default_value=State.category),
            ui.select_field("model_tier", "Quality", _TIERS, default_value=State.tier),
            class_name="pair",
        ),
        rx.cond(State.adding, price_fields(State), rx.fragment()),
        _group("It can do", *[_box(f"can_{each.value}", words, State.capabilities.contains(each.value))
                              for each, words in CAPABILITIES.items()]),
        _group("For (none ticked: everybody)", *[_box(f"for_{role.value}", role.label, State.roles.contains(role.value))
                                                 for role in Role]),
        _others(),
        rx.cond(State.problem, problem, rx.fragment()),
        rx.el.div(_submit(), class_name="dialog-foot"),
        on_submit=State.save,
        class_name="stack",
    )  # fmt: skip


def _submit() -> rx.Component:
    return ui.primary_button(rx.cond(State.adding, "Add model", "Save"), type="submit")


def _where() -> rx.Component:
    none = ui.callout("There is no provider yet. Add one under Providers, or add the model without a place.", "amber")
    fields = rx.el.div(
        ui.select_field(
            "model_provider",
            "Provider",
            State.providers,
            default_value=State.provider,
            error=State.faults["provider"],
        ),
        _text("upstream", "Its name there", "Empty: the same name."),
        class_name="pair",
    )
    return rx.cond(State.providers, fields, none)


def _others() -> rx.Component:
    return ui.fold(
        "When another has to answer",
        rx.el.p(
            "Names in the order in which they are asked, separated by commas. There are: ",
            State.known,
            class_name="meta",
        ),
        _text("fallbacks", "When it fails"),
        _text("larger", "When the text does not fit"),
        _text("laxer", "When its content policy refuses"),
    )


def _text(name: str, label: str, help: str = "", input_mode: str = "text") -> rx.Component:
    return ui.text_field(
        f"model_{name}",
        label,
        help=help,
        error=State.faults[name],
        default_value=getattr(State, name),
        input_mode=input_mode,
        auto_complete="off",
        max_length=400,
    )


def _box(name: str, label: str, ticked: rx.Var[bool]) -> rx.Component:
    return ui.check_field(name, label, default_checked=ticked)


def _group(legend: str, *boxes: rx.Component) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="strong"), rx.el.div(*boxes, class_name="row days"), class_name="field bare-set"
    )

"""Remarks on the work: written, at marked words, spoken, or from the bank."""

import reflex as rx

from faraday_app import ui
from faraday_app.gradebook.marking_views import BankView, RemarkView
from faraday_app.gradebook.state.marking import MarkingState
from faraday_app.gradebook.state.remarks import RECORDING, RemarksState

ON = MarkingState.on


def remarks() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Remarks"),
        rx.el.div(rx.foreach(RemarksState.remarks, lambda each: remark(each, own=True)), class_name="stack-tight"),
        _form(),
        _speak(),
        _bank(),
        aria_label="Remarks",
        class_name="stack-tight",
    )


def remark(each: rx.Var[RemarkView], *, own: bool = False) -> rx.Component:
    """As its readers see it."""
    remove = rx.cond(
        each.mine,
        ui.icon_button("Remove this remark", "trash_2", size="small", on_click=RemarksState.remove(ON.key, each.id)),
        rx.fragment(),
    )
    return rx.el.div(
        rx.el.div(
            rx.cond(each.number, ui.badge(each.number, "iris"), rx.fragment()),
            rx.el.span(each.author, class_name="strong"),
            rx.el.span(each.when, class_name="meta grow"),
            *([remove] if own else []),
            class_name="row",
        ),
        rx.cond(each.quote, rx.el.blockquote(each.quote), rx.fragment()),
        rx.cond(each.text, rx.el.p(each.text, class_name="said"), rx.fragment()),
        rx.cond(each.audio, rx.el.audio(src=each.audio, controls=True, preload="none"), rx.fragment()),
        class_name="remark stack-tight",
        key=each.id,
    )


def _form() -> rx.Component:
    about = rx.el.div(
        rx.el.blockquote(RemarksState.quote),
        ui.ghost_button("About the whole work", size="small", on_click=RemarksState.forget_words),
        class_name="stack-tight",
    )
    return rx.el.form(
        rx.cond(RemarksState.quote, about, rx.fragment()),
        rx.el.textarea(
            name="text",
            class_name="input",
            rows="3",
            max_length=5_000,
            required=True,
            placeholder="Mark words in the work to say something about them",
            aria_label="Remark",
            default_value=RemarksState.written,
            key=ON.key + RemarksState.turn.to_string(),
        ),
        rx.el.div(
            ui.check_field("keep", "Keep it in my bank"),
            ui.secondary_button("Add remark", type="submit", size="small"),
            class_name="row spread",
        ),
        on_submit=lambda form: RemarksState.say(ON.key, form),
        class_name="stack-tight",
    )


def _speak() -> rx.Component:
    """Recorded here or chosen as a file."""
    submission = ON.key.split(".")[1]
    field = rx.el.input(
        type="file",
        id=RECORDING,
        accept="audio/*",
        class_name="hidden",
        aria_label="A recording",
        on_change=RemarksState.send_recording,
    )
    record = ui.ghost_button(
        "Speak", icon="mic", size="small", aria_pressed="false", custom_attrs={"data-records": RECORDING}
    )
    choose = rx.el.label(rx.icon("upload", size=14), "Audio file", html_for=RECORDING, class_name="button ghost small")
    return rx.cond(submission != "", rx.el.div(field, record, choose, class_name="row"), rx.fragment())


def _bank() -> rx.Component:
    return ui.fold(
        "My bank of remarks",
        ui.search_field("Search my bank", RemarksState.looking, RemarksState.look_for, name="bank-search"),
        rx.el.div(rx.foreach(RemarksState.bank, _saved), class_name="stack-tight"),
    )


def _saved(each: rx.Var[BankView]) -> rx.Component:
    return rx.el.div(
        rx.el.button(
            each.text,
            type="button",
            aria_label=each.text,
            class_name="choice wide",
            on_click=RemarksState.use_saved(each.id),
        ),
        ui.icon_button("Remove from my bank", "x", size="small", on_click=RemarksState.forget_saved(each.id)),
        class_name="row",
        key=each.id,
    )

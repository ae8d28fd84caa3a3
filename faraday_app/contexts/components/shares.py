"""What a GPT gives to others and gets from them."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.components.gpts import face
from faraday_app.contexts.memory_views import KINDS
from faraday_app.contexts.models import SharePart
from faraday_app.contexts.share_views import PARTS, EntryView, ShareView
from faraday_app.contexts.state import GptSharesState

FILES = (
    "Searched at each question, for whoever uses the other GPT: the passages that fit are given, and no file. One that"
    " you remove is searched no more; one that you add is given once you give anew."
)
MEMORY = "Whoever uses the other GPT could read it from an answer."
PARAMETERS = "To be taken over with one click by its owner. Nothing changes by itself."


def shares_dialog() -> rx.Component:
    return ui.dialog(
        "What it gives and gets",
        "A share is sealed, and for one other GPT. Its answers may build on it; it gains no rights by it.",
        rx.el.h2(GptSharesState.name, " gives to", class_name="h2"),
        _shares(GptSharesState.gives, "It gives nothing to other GPTs."),
        rx.cond(GptSharesState.adding, _form(), _add()),
        rx.el.h2(GptSharesState.name, " gets from", class_name="h2"),
        _shares(GptSharesState.gets, "It gets nothing from other GPTs."),
        open=GptSharesState.open,
        on_open_change=GptSharesState.set_open,
        width="560px",
    )


def _shares(rows: rx.Var[list[ShareView]], nothing: str) -> rx.Component:
    return rx.cond(rows.length() > 0, ui.rows(rx.foreach(rows, _share)), rx.el.p(nothing, class_name="muted"))


def _share(row: ShareView) -> rx.Component:
    badges = rx.fragment(
        ui.badge(row.status, rx.cond(row.over | row.decides, "amber", "green")),
        rx.cond(row.stale, ui.badge("the source changed since", "amber"), rx.fragment()),
    )
    return rx.el.div(
        ui.row_item(
            rx.fragment(row.name, " ", rx.el.span(row.whose, class_name="meta")),
            rx.fragment(row.parts, " · ", row.until),
            leading=face(row.icon, row.tone, "small"),
            trailing=badges,
        ),
        _acts(row),
        rx.cond(GptSharesState.inside_of == row.id, _inside(), rx.fragment()),
        class_name="share",
        key=row.id,
    )


def _acts(row: ShareView) -> rx.Component:
    look = rx.cond(GptSharesState.inside_of == row.id, "Close", "Look inside")
    accept = ui.primary_button("Accept", size="small", on_click=GptSharesState.accept(row.id, row.version))
    decline = ui.secondary_button("Decline", size="small", on_click=GptSharesState.decline(row.id, row.version))
    renew = ui.secondary_button("Give as it is now", size="small", on_click=GptSharesState.renew(row.id, row.version))
    adopt = ui.secondary_button(
        "Take over its parameters", size="small", on_click=GptSharesState.take_over(row.id, row.version)
    )
    return rx.el.div(
        rx.cond(row.decides, rx.fragment(accept, decline), rx.fragment()),
        rx.cond(row.stale & row.renews, renew, rx.fragment()),
        rx.cond(row.adopts, adopt, rx.fragment()),
        ui.ghost_button(look, size="small", on_click=GptSharesState.look(row.id)),
        rx.cond(
            row.decides,
            rx.fragment(),
            ui.ghost_button("End", size="small", icon="x", on_click=GptSharesState.end(row.id)),
        ),
        class_name="row wrap",
        role="group",
        aria_label="Share with " + row.name,
    )


def _inside() -> rx.Component:
    nothing = rx.el.p("There is nothing in it any more.", class_name="muted")
    entries = rx.foreach(GptSharesState.inside, _entry)
    return rx.el.div(rx.cond(GptSharesState.inside.length() > 0, entries, nothing), class_name="stack")


def _entry(entry: EntryView) -> rx.Component:
    return rx.el.div(
        rx.el.p(entry.title, class_name="meta"),
        rx.el.p(entry.text, class_name="share-text"),
        class_name="callout neutral share-entry",
    )


def _add() -> rx.Component:
    add = ui.secondary_button(
        "Give to another GPT", icon="plus", size="small", on_click=GptSharesState.set_adding(True)
    )
    return rx.cond(
        GptSharesState.targets.length() > 0, add, rx.el.p("There is no other GPT to give to.", class_name="meta")
    )


def _form() -> rx.Component:
    problem = rx.el.div(ui.callout(GptSharesState.problem, "red"), role="alert")
    named = dict(PARTS)
    kinds = [ui.check_field(f"kind_{value}", label, default_checked=value != "person") for value, label in KINDS]
    return rx.el.form(
        rx.cond(GptSharesState.problem, problem, rx.fragment()),
        ui.select_field("target_id", "To", GptSharesState.targets),
        rx.el.fieldset(
            rx.el.legend("What"),
            ui.check_field("part_instructions", named[SharePart.instructions], default_checked=True),
            ui.check_field("part_knowledge", named[SharePart.knowledge], help=FILES),
            ui.check_field("part_memory", named[SharePart.memory], help=MEMORY),
            rx.el.div(*kinds, class_name="row wrap share-kinds"),
            ui.check_field("part_parameters", named[SharePart.parameters], help=PARAMETERS),
            class_name="field",
        ),
        ui.text_field("until", "Last day", type="date", help="Empty: until one of you ends it."),
        rx.el.div(
            ui.secondary_button("Cancel", on_click=GptSharesState.set_adding(False)),
            ui.primary_button("Give", type="submit"),
            class_name="dialog-foot",
        ),
        on_submit=GptSharesState.offer,
        class_name="stack",
    )

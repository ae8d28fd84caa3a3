"""The list of GPTs, and the editor of one."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.components.findings import findings
from faraday_app.contexts.components.knowledge import known_files
from faraday_app.contexts.components.tools import tools_field
from faraday_app.contexts.gpt_views import MEMORY_RIGHTS, GptView
from faraday_app.contexts.service.gpts import ICONS, LONGEST_INSTRUCTIONS, TONES
from faraday_app.contexts.state import GptEditorState, GptSharesState, GptsState, HistoryState, PackExportState
from faraday_app.core.permissions import Permission

LATER = "Once it is saved, you can add files that it answers from."


def face(icon: Any, tone: Any, size: str = "medium") -> rx.Component:
    """A GPT's icon in its colour, not read aloud: the name stands beside it."""
    pixels = 16 if size == "medium" else 13
    drawn = rx.match(icon, *[(name, rx.icon(name, size=pixels)) for name in ICONS], rx.icon("bot", size=pixels))
    return rx.el.span(drawn, class_name=rx.Var.create(f"avatar {size} ") + tone, aria_hidden="true")


def gpts_filters() -> rx.Component:
    def chip(text: str, which: str, on: rx.Var[bool]) -> rx.Component:
        return ui.filter_chip(text, on=on, on_click=GptsState.show(which))

    return ui.filter_bar(
        ui.search_field("Search GPTs", GptsState.search, GptsState.set_search),
        chip("Current", "current", ~GptsState.archived),
        chip("Archived", "archived", GptsState.archived),
    )


def gpts_table() -> rx.Component:
    make = ui.secondary_button("New GPT", icon="plus", on_click=GptEditorState.begin)
    return ui.data_table(
        "GPTs",
        [
            ui.Column("Name", _name, width="40%"),
            ui.Column("Model", lambda row: rx.el.span(row.model, class_name="muted"), phone="hide"),
            ui.Column("For", lambda row: rx.cond(row.shared, ui.badge("Everybody", "green"), ui.badge("Only you"))),
            ui.Column("", _try),
        ],
        GptsState.rows,
        empty=ui.Empty("bot", "No GPTs yet", "Give a model instructions and a name, and ask it again and again.", make),
        loading=GptsState.loading,
        error=GptsState.error,
        retry=GptsState.refresh,
        filtered=(GptsState.search != "") | GptsState.archived,
        menu=_menu,
        footer=ui.pager(
            GptsState.shown,
            on_previous=GptsState.previous_page,
            on_next=GptsState.next_page,
            has_previous=GptsState.has_previous,
            has_next=GptsState.has_next,
        ),
    )


def _name(row: GptView) -> rx.Component:
    return ui.row_item(row.name, row.about, leading=face(row.icon, row.tone))


def _try(row: GptView) -> rx.Component:
    label = "Try " + row.name
    button = ui.secondary_button("Try it", size="small", on_click=GptsState.try_it(row.id), aria_label=label)
    return rx.cond(row.archived, rx.fragment(), button)


def _menu(row: GptView) -> rx.Component:
    menu = ui.row_menu(
        "Actions for " + row.name,
        ui.MenuItem("Edit", GptEditorState.edit(row.id), "pencil"),
        ui.MenuItem("Gives and gets", GptSharesState.show(row.id), "share_2", shown=~row.archived),
        ui.MenuItem("Versions", HistoryState.show_gpt(row.id), "history"),
        ui.MenuItem("Export as a pack", PackExportState.begin(row.id), "download"),
        ui.MenuItem("Archive", GptsState.archive(row.id), "archive", shown=~row.archived),
        ui.MenuItem("Bring back", GptsState.restore(row.id), "undo_2", shown=row.archived),
    )
    return rx.cond(row.mine, menu, rx.fragment())


def gpt_dialog() -> rx.Component:
    return ui.dialog(
        rx.cond(GptEditorState.id, "Edit this GPT", "New GPT"),
        "It answers with these instructions, wherever you ask it.",
        _form(),
        rx.cond(GptEditorState.id, known_files(), rx.el.p(LATER, class_name="meta")),
        open=GptEditorState.open,
        on_open_change=GptEditorState.set_open,
        width="560px",
    )


def _form() -> rx.Component:
    problem = rx.el.div(ui.callout(GptEditorState.problem, "red"), role="alert")
    return rx.el.form(
        rx.cond(GptEditorState.problem, problem, rx.fragment()),
        findings(GptEditorState.findings, lambda found: GptEditorState.mend(found.remedy, found.target, found.of)),
        ui.text_field("gpt_name", "Name", default_value=GptEditorState.name, max_length=60, required=True),
        _faces(),
        ui.textarea_field(
            "instructions",
            "Instructions",
            default_value=GptEditorState.instructions,
            rows=6,
            max_length=LONGEST_INSTRUCTIONS,
            help="What it knows, how it speaks, what it leaves out.",
        ),
        ui.select_field("model", "Model", GptEditorState.models, default_value=GptEditorState.model),
        _parameters(),
        _reach(),
        rx.el.div(
            ui.secondary_button("Cancel", on_click=GptEditorState.set_open(False)),
            ui.primary_button("Save", type="submit"),
            class_name="dialog-foot",
        ),
        on_submit=GptEditorState.save,
        class_name="stack",
        key=GptEditorState.id,
    )


def _parameters() -> rx.Component:
    temperature = ui.text_field(
        "temperature",
        "Temperature",
        default_value=GptEditorState.temperature,
        type="number",
        min="0",
        max="2",
        step="0.1",
        help="0 is steady, 2 is wild.",
    )
    longest = ui.text_field(
        "longest",
        "Longest answer",
        default_value=GptEditorState.longest,
        type="number",
        min="0",
        help="In tokens. Empty: as long as the model may.",
    )
    return rx.el.div(temperature, longest, class_name="pair")


def _reach() -> rx.Component:
    """What it remembers, gives to others and may use, and who may use it."""
    gives = ui.ghost_button(
        "What it gives to other GPTs, and gets from them",
        icon="share_2",
        on_click=GptSharesState.show(GptEditorState.id),
    )
    share = ui.check_field(
        "shared",
        "Share with the organisation",
        help="Everybody can use it and see its name. Only you can change it.",
        default_checked=GptEditorState.shared,
    )
    return rx.fragment(
        ui.select_field(
            "memory_rights",
            "Memory",
            MEMORY_RIGHTS,
            default_value=GptEditorState.memory_rights,
            help="What is remembered for whoever asks. Without asking it keeps only for you, its owner.",
        ),
        rx.cond(GptEditorState.id, gives, rx.fragment()),
        tools_field(),
        rx.cond(ui.allowed(Permission.gpts_share), share, rx.fragment()),
    )


def _faces() -> rx.Component:
    def icon(name: str) -> rx.Component:
        return rx.el.button(
            rx.icon(name, size=16),
            type="button",
            class_name="chip face",
            aria_label=name.replace("_", " "),
            aria_pressed=rx.cond(GptEditorState.icon == name, "true", "false"),
            on_click=GptEditorState.set_icon(name),
        )

    def tone(name: str) -> rx.Component:
        return rx.el.button(
            rx.el.span(class_name=f"avatar small {name}"),
            type="button",
            class_name="chip face",
            aria_label=name,
            aria_pressed=rx.cond(GptEditorState.tone == name, "true", "false"),
            on_click=GptEditorState.set_tone(name),
        )

    return rx.el.fieldset(
        rx.el.legend("Face"),
        rx.el.div(*map(icon, ICONS), class_name="row wrap"),
        rx.el.div(face(GptEditorState.icon, GptEditorState.tone), *map(tone, TONES), class_name="row wrap"),
        class_name="field faces",
    )

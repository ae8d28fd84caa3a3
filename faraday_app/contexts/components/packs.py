"""Export a GPT as a pack, and bring in one that somebody packed, here or elsewhere."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.state import PackExportState, PacksState
from faraday_app.contexts.state.packs import FIELD

IN_IT = (
    "Its name, face, instructions, model, parameters and tools, signed by this installation. No ids, owners or rights."
)
OURS_STAYS = "What a conversation or your department remembers never travels in a pack."
PASSED_ON = "Whoever you pass the pack on to can read it."


def export_dialog() -> rx.Component:
    return ui.dialog(
        "Export " + PackExportState.name + " as a pack",
        IN_IT,
        rx.el.form(
            rx.cond(PackExportState.too_large, ui.callout(PackExportState.too_large, "amber"), rx.fragment()),
            rx.cond(PackExportState.files, _with_files(), rx.el.p("It knows no files.", class_name="muted")),
            rx.cond(PackExportState.memories > 0, _with_memory(), rx.el.p(NOTHING, class_name="muted")),
            rx.el.p(OURS_STAYS, class_name="meta"),
            rx.el.div(
                ui.secondary_button("Cancel", on_click=PackExportState.set_open(False)),
                ui.primary_button("Export", icon="download", type="submit"),
                class_name="dialog-foot",
            ),
            on_submit=PackExportState.export,
            class_name="stack",
            key=PackExportState.id,
        ),
        open=PackExportState.open,
        on_open_change=PackExportState.set_open,
    )


NOTHING = "It has remembered nothing for you."


def _with_files() -> rx.Component:
    return ui.check_field(
        "with_knowledge",
        "The files it knows",
        help=PackExportState.files,
        default_checked=PackExportState.too_large == "",
    )


def _with_memory() -> rx.Component:
    label = rx.fragment("What it has remembered for you (", PackExportState.memories, ")")
    return ui.check_field("with_memory", label, help=PASSED_ON, default_checked=True)


def pack_dialog() -> rx.Component:
    field = ui.form_field(
        FIELD,
        "Pack",
        rx.el.input(type="file", id=FIELD, accept=".zip", class_name="input"),
        help="A .pack.zip file that was exported from Faraday. Its signature is checked.",
    )
    elsewhere = ui.callout(PacksState.problem, "amber")
    wrong = ui.callout(PacksState.problem, "red")
    told = rx.el.div(rx.cond(PacksState.elsewhere, elsewhere, wrong), role="alert")
    act = rx.cond(
        PacksState.elsewhere,
        ui.primary_button("Bring it in all the same", busy=PacksState.busy, on_click=PacksState.send(True)),
        ui.primary_button("Bring it in", busy=PacksState.busy, on_click=PacksState.send(False)),
    )
    return ui.dialog(
        "Bring in a pack",
        "It becomes a GPT of yours. It is shared with nobody, and gains no rights by where it comes from. Its files are"
        " checked and read as if you had added them, and what it has remembered waits for you to keep it.",
        field,
        rx.cond(PacksState.problem, told, rx.fragment()),
        open=PacksState.open,
        on_open_change=PacksState.set_open,
        actions=[ui.secondary_button("Cancel", on_click=PacksState.set_open(False)), act],
    )

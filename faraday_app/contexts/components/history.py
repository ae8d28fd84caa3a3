"""What a conversation or a GPT was: its versions, what each changed, and the ways back."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.service.versions.reading import LONGEST_LABEL
from faraday_app.contexts.state import HistoryState, ThreadState
from faraday_app.contexts.version_views import DifferenceView, LineView, VersionView


def history_of_conversation() -> rx.Component:
    """For the side pane. Messages have branches of their own; here are settings and notes."""
    return _versions(ThreadState.may_write, "Nothing has been changed yet: settings and notes are kept here.")


def history_of_gpt() -> rx.Component:
    """On the page of GPTs."""
    return ui.dialog(
        "Versions of " + HistoryState.name,
        "Each change is kept. Restoring is a change too, so nothing is lost by it.",
        _versions(rx.Var.create(True), "There are no versions yet."),
        open=HistoryState.open,
        on_open_change=HistoryState.set_open,
        width="720px",
    )


def _versions(may: rx.Var[bool], nothing: str) -> rx.Component:
    listed = rx.fragment(
        rx.el.ol(
            rx.foreach(HistoryState.rows, lambda row: _version(row, may)),
            class_name="bare versions",
            aria_label="Versions",
        ),
        ui.pager(
            HistoryState.shown,
            on_previous=HistoryState.previous_page,
            on_next=HistoryState.next_page,
            has_previous=HistoryState.has_previous,
            has_next=HistoryState.has_next,
        ),
    )
    shown = rx.cond(HistoryState.rows, listed, rx.el.p(nothing, class_name="muted"))
    loaded = rx.cond(HistoryState.loading, ui.skeleton_lines(4), shown)
    return rx.cond(HistoryState.error, ui.error_state(HistoryState.error, HistoryState.refresh), loaded)


def _version(row: VersionView, may: rx.Var[bool]) -> rx.Component:
    changed = rx.cond(HistoryState.compared == row.id, "Hide what changed", "What changed")
    acts = ui.row_menu(
        "Actions for version " + row.title,
        ui.MenuItem("Restore", HistoryState.restore(row.id), "undo_2", shown=may & ~row.current),
        ui.MenuItem("Branch off", HistoryState.branch(row.id), "git_branch"),
        ui.MenuItem("Label", HistoryState.start_labelling(row.id), "tag", shown=may),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.span(
                    rx.el.strong(row.title),
                    rx.cond(row.current, ui.badge("Now", "green"), rx.fragment()),
                    rx.cond(row.label, ui.badge(row.label, "iris"), rx.fragment()),
                    class_name="row wrap",
                ),
                rx.el.span(row.about, class_name="meta"),
                class_name="grow stack-tight",
            ),
            ui.ghost_button(changed, size="small", on_click=HistoryState.compare(row.id)),
            acts,
            class_name="row",
        ),
        rx.cond(HistoryState.labelling == row.id, _label_form(row), rx.fragment()),
        rx.cond(HistoryState.compared == row.id, _differences(), rx.fragment()),
        key=row.id,
    )


def _label_form(row: VersionView) -> rx.Component:
    return rx.el.form(
        ui.text_field("label", "Label", default_value=row.label, max_length=LONGEST_LABEL, auto_focus=True),
        rx.el.div(
            ui.secondary_button("Cancel", size="small", on_click=HistoryState.start_labelling("")),
            ui.primary_button("Save", size="small", type="submit"),
            class_name="row",
        ),
        on_submit=HistoryState.label,
        class_name="stack",
    )


def _differences() -> rx.Component:
    same = rx.el.p("The same as the version before.", class_name="muted")
    return rx.cond(
        HistoryState.differences,
        rx.el.div(rx.foreach(HistoryState.differences, _difference), class_name="differences"),
        same,
    )


def _difference(found: DifferenceView) -> rx.Component:
    values = rx.el.p(rx.el.del_(found.before), " → ", rx.el.ins(found.after), class_name="values")
    lines = rx.el.div(
        rx.foreach(found.lines, _line), class_name="diff", role="group", tab_index=0, aria_label=found.title
    )
    return rx.el.div(
        rx.el.h3(found.title), rx.cond(found.lines, lines, values), class_name="stack-tight", key=found.title
    )


def _line(line: LineView) -> rx.Component:
    """The sign stands before each line: colour is never the only one."""
    sign = rx.match(line.sign, ("new", "+"), ("gone", "−"), ("skipped", "⋯"), " ")
    said = rx.match(line.sign, ("new", "Added: "), ("gone", "Removed: "), "")
    return rx.el.div(
        rx.el.span(sign, class_name="sign", aria_hidden="true"),
        rx.el.span(said, class_name="hidden"),
        rx.el.span(line.text),
        class_name=rx.Var.create("line ") + line.sign,
    )

"""The work of one class by group, and the dialogs to make, order and copy it."""

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.service.groups import AGGREGATES, DROP_BY
from faraday_app.coursework.state.class_work import ClassWorkState, GroupFormState, NewWorkState, RemovedState
from faraday_app.coursework.state.copying import CopyState
from faraday_app.coursework.work_views import GroupView, SourceView, WorkRow

_AGGREGATE_WORDS = {
    "sum": "All points together",
    "mean_of_percents": "Mean of the percents",
    "median": "Median of the percents",
    "min": "The lowest percent",
    "max": "The highest percent",
    "mode": "The most frequent percent",
}
_DROP_WORDS = {"best_total": "What leaves the best total", "item_percent": "The lowest percent each"}
_TEACHES = ClassWorkState.head.grades & ~ClassWorkState.head.archived


def work_actions() -> list[rx.Component]:
    new = ui.primary_button("New assignment", icon="plus", on_click=NewWorkState.begin(""))
    copy = ui.secondary_button("Copy from a class", icon="copy", on_click=CopyState.begin)
    group = ui.secondary_button("New group", icon="folder_plus", on_click=GroupFormState.begin(""))
    return [rx.cond(_TEACHES, rx.fragment(copy, group, new), rx.fragment())]


def class_work() -> rx.Component:
    hint = rx.cond(
        ClassWorkState.head.grades,
        "Set the first assignment, or copy those of another class you taught.",
        "Nothing is published yet. What the teacher sets stands here.",
    )
    found = rx.cond(
        ClassWorkState.groups,
        rx.foreach(ClassWorkState.groups, _group),
        ui.empty_state("clipboard_list", "No assignments", hint),
    )
    return rx.el.div(
        rx.cond(RemovedState.id, _removed(), rx.fragment()),
        rx.cond(
            ClassWorkState.error,
            ui.error_state(ClassWorkState.error, ClassWorkState.refresh),
            rx.cond(ClassWorkState.loaded, found, ui.skeleton_table()),
        ),
        class_name="stack",
    )


def _removed() -> rx.Component:
    undo = ui.secondary_button("Undo", icon="undo_2", on_click=RemovedState.undo, size="small")
    close = ui.icon_button("Close", "x", size="small", on_click=RemovedState.close)
    text = rx.el.span("Removed, with what was handed in and its grades.", class_name="grow")
    return ui.callout(rx.el.div(text, undo, close, class_name="row"), "neutral")


def _group(group: GroupView) -> rx.Component:
    tools = rx.el.span(
        ui.icon_button("Move " + group.name + " up", "arrow_up", size="small",
                       on_click=ClassWorkState.move_group(group.id, -1)),
        ui.icon_button("Move " + group.name + " down", "arrow_down", size="small",
                       on_click=ClassWorkState.move_group(group.id, 1)),
        ui.icon_button("Change " + group.name, "pencil", size="small", on_click=GroupFormState.begin(group.id)),
        ui.icon_button("New assignment in " + group.name, "plus", size="small",
                       on_click=NewWorkState.begin(group.id)),
        class_name="row",
    )  # fmt: skip
    head = rx.el.div(
        rx.el.h2(group.name),
        rx.el.span(group.about, class_name="meta grow"),
        rx.cond(_TEACHES, tools, rx.fragment()),
        class_name="row",
    )
    nothing = rx.el.p("Nothing in it yet.", class_name="meta pad")
    rows = rx.cond(group.rows, ui.rows(rx.foreach(group.rows, _row)), nothing)
    return rx.el.section(
        head, rx.el.div(rows, class_name="panel"), class_name="stack", aria_label=group.name, key=group.id
    )


def _row(row: WorkRow) -> rx.Component:
    waiting = rx.cond(row.waiting, ui.badge(row.waiting, "amber"), rx.fragment())
    counts = rx.el.span(row.counts, class_name="meta desk-only")
    title = ui.go(row.title, to="/assignment?id=" + row.id, class_name="link")
    return ui.row_item(
        title,
        row.about,
        trailing=rx.fragment(
            waiting, counts, ui.badge(row.badge, row.tone), rx.cond(_TEACHES, _menu(row), rx.fragment())
        ),
        key=row.id,
    )


def _menu(row: WorkRow) -> rx.Component:
    def act(label: str, icon: str, what: str, shown: rx.Var[bool] | bool = True) -> ui.MenuItem:
        return ui.MenuItem(label, icon=icon, on_click=ClassWorkState.act(what, row.id), shown=shown)

    return ui.row_menu(
        "More for " + row.title,
        ui.MenuItem("Move up", icon="arrow_up", on_click=ClassWorkState.move(row.id, -1)),
        ui.MenuItem("Move down", icon="arrow_down", on_click=ClassWorkState.move(row.id, 1)),
        act("Publish", "send", "publish", (row.status == "draft") | (row.status == "scheduled")),
        act("Close", "lock", "close", row.status == "published"),
        act("Open again", "lock_open", "reopen", row.status == "closed"),
        act("Duplicate", "copy", "duplicate"),
        ui.MenuItem("Remove", icon="trash_2", on_click=ClassWorkState.remove(row.id), danger=True),
    )


def work_dialogs() -> rx.Component:
    return rx.fragment(_new_dialog(), _group_dialog(), _copy_dialog())


def problem(text: rx.Var[str]) -> rx.Component:
    return rx.cond(text, rx.el.div(ui.callout(text, "red"), role="alert"), rx.fragment())


def _new_dialog() -> rx.Component:
    options = rx.Var.create([("", "A new group: Assignments")])
    choose = ui.select_field(
        "work_group",
        "Group",
        rx.cond(NewWorkState.groups, NewWorkState.groups, options),
        default_value=NewWorkState.group_id,
    )
    return ui.dialog(
        "New assignment",
        "A draft, which only you and your colleagues see.",
        problem(NewWorkState.problem),
        rx.el.form(
            ui.text_field("work_title", "Title", required=True, max_length=200, auto_focus=True),
            choose,
            _foot(NewWorkState.set_open(False), "Go on"),
            on_submit=NewWorkState.save,
            class_name="stack",
        ),
        open=NewWorkState.open,
        on_open_change=NewWorkState.set_open,
    )


def _group_dialog() -> rx.Component:
    group = GroupFormState.group
    form = rx.el.form(
        ui.text_field("group_name", "Name", default_value=group.name, required=True, max_length=80),
        ui.text_field("group_weight", "Weight in percent", default_value=group.weight, input_mode="decimal",
                      help="Where groups are weighted. More than 100 in all is extra credit."),
        ui.text_field("drop_lowest", "Lowest scores to drop", default_value=group.drop_lowest, input_mode="numeric"),
        ui.text_field("drop_highest", "Highest scores to drop", default_value=group.drop_highest, input_mode="numeric"),
        ui.select_field("drop_by", "Drop", [(each, _DROP_WORDS[each]) for each in DROP_BY],
                        default_value=group.drop_by),
        ui.select_field("aggregate", "Count", [(each, _AGGREGATE_WORDS[each]) for each in AGGREGATES],
                        default_value=group.aggregate),
        rx.cond(group.id, ui.ghost_button("Remove this group", icon="trash_2", on_click=GroupFormState.remove),
                rx.fragment()),
        _foot(GroupFormState.set_open(False), "Save"),
        on_submit=GroupFormState.save,
        class_name="stack",
        key=group.id,
    )  # fmt: skip
    return ui.dialog(
        rx.cond(group.id, group.name, "New group"),
        "Work that is counted together.",
        problem(GroupFormState.problem),
        form,
        open=GroupFormState.open,
        on_open_change=GroupFormState.set_open,
    )


def _copy_dialog() -> rx.Component:
    nothing = ui.empty_state("copy", "No other class", "Classes you teach or taught stand here once they have work.")
    sources = rx.cond(CopyState.sources, ui.rows(rx.foreach(CopyState.sources, _source)), nothing)
    chosen = rx.fragment(
        rx.el.div(ui.rows(rx.foreach(CopyState.work, _choice)), class_name="panel scroll"),
        rx.el.div(
            ui.secondary_button("Back", on_click=CopyState.back),
            ui.primary_button("Copy", icon="copy", on_click=CopyState.copy),
            class_name="dialog-foot",
        ),
    )
    return ui.dialog(
        "Copy from a class",
        "As drafts, in groups of the same names, with dates moved by the distance between the terms.",
        problem(CopyState.problem),
        rx.cond(CopyState.source, chosen, sources),
        open=CopyState.open,
        on_open_change=CopyState.set_open,
    )


def _source(source: SourceView) -> rx.Component:
    choose = ui.secondary_button("Choose", size="small", on_click=CopyState.choose(source.id))
    return ui.row_item(source.name, source.about, trailing=choose, key=source.id)


def _choice(work: SourceView) -> rx.Component:
    box = rx.el.input(
        type="checkbox", checked=work.chosen, on_change=lambda _: CopyState.toggle(work.id), aria_label=work.name
    )
    return ui.row_item(work.name, work.about, leading=box, key=work.id)


def _foot(cancel: object, label: str) -> rx.Component:
    return rx.el.div(
        ui.secondary_button("Cancel", on_click=cancel),
        ui.primary_button(label, type="submit"),
        class_name="dialog-foot",
    )

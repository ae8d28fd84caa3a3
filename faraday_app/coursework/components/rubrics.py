"""The list of rubrics, and the form in which one is written."""

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.rubric_views import CriterionForm, LevelForm, RubricRow
from faraday_app.coursework.state.rubric_editor import RubricEditorState
from faraday_app.coursework.state.rubrics import RubricsState

EDITOR = RubricEditorState


def rubric_filters() -> rx.Component:
    return ui.filter_bar(
        ui.search_field("Search rubrics", RubricsState.search, RubricsState.set_search),
        ui.filter_chip(
            "Put away",
            on=RubricsState.archived,
            on_click=RubricsState.show_archived(~RubricsState.archived),
            icon="archive",
        ),
    )


def rubric_table() -> rx.Component:
    return ui.data_table(
        "Rubrics",
        [
            ui.Column("Rubric", _name, width="40%"),
            ui.Column("Points", lambda row: rx.el.span(row.points, class_name="num"), align="end", width="10%"),
            ui.Column("Used by", lambda row: row.used_in, width="18%"),
            ui.Column("Owner", lambda row: row.owner),
        ],
        RubricsState.rows,
        empty=ui.Empty("list_checks", "No rubrics yet", "Write one, and use it for as many assignments as you like."),
        loading=RubricsState.loading,
        filtered=(RubricsState.search != "") | RubricsState.archived,
        menu=_menu,
        footer=ui.pager(
            RubricsState.shown,
            on_previous=RubricsState.previous_page,
            on_next=RubricsState.next_page,
            has_previous=RubricsState.has_previous,
            has_next=RubricsState.has_next,
        ),
    )


def _name(row: rx.Var[RubricRow]) -> rx.Component:
    title = ui.go(row.title, to=rx.Var.create("/rubric?id=") + row.id, class_name="link")
    shared = rx.cond(row.shared, ui.badge("Department"), rx.fragment())
    return ui.row_item(rx.el.span(title, shared, class_name="row"), row.about)


def _menu(row: rx.Var[RubricRow]) -> rx.Component:
    acts = ui.row_menu(
        rx.Var.create("Actions for ") + row.title,
        ui.MenuItem("Put away", RubricsState.put_away(row.id), "archive", shown=~RubricsState.archived),
        ui.MenuItem("Bring back", RubricsState.bring_back(row.id), "archive_restore", shown=RubricsState.archived),
    )
    return rx.cond(row.own, acts, rx.fragment())


def rubric_form() -> rx.Component:
    """Everything is kept when it is saved, and nothing before."""
    return rx.el.div(
        rx.cond(EDITOR.problem, ui.callout(EDITOR.problem, "red"), rx.fragment()),
        rx.cond(EDITOR.copies, ui.callout("This is a colleague's. Saving makes one of your own of it."), rx.fragment()),
        rx.cond(EDITOR.locked & ~EDITOR.copies, ui.callout(_LOCKED, "amber"), rx.fragment()),
        ui.text_field(
            "rubric-title", "Title", value=EDITOR.title, on_change=EDITOR.set_title, max_length=120, required=True
        ),
        ui.check_field(
            "rubric-shared",
            "Share with my department",
            help="Colleagues can use it, and copy it to change it.",
            checked=EDITOR.shared,
            on_change=EDITOR.set_shared,
        ),
        rx.el.div(rx.foreach(EDITOR.criteria, _criterion), class_name="stack"),
        rx.el.div(
            ui.secondary_button("Add a criterion", icon="plus", on_click=EDITOR.add_criterion),
            rx.el.span("Comes to ", rx.el.strong(EDITOR.total, class_name="num"), " points", class_name="muted"),
            class_name="row spread wrap",
        ),
        class_name="stack",
    )


_LOCKED = "Two assignments or more go by this. They keep it as it is: what you save here is for new uses."


def _criterion(each: rx.Var[CriterionForm]) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            _line(each, "title", "Criterion", each.title),
            ui.icon_button("Move up", "arrow_up", size="small", on_click=EDITOR.move(each.key, -1)),
            ui.icon_button("Move down", "arrow_down", size="small", on_click=EDITOR.move(each.key, 1)),
            ui.icon_button("Remove criterion", "trash_2", size="small", on_click=EDITOR.remove_criterion(each.key)),
            class_name="row",
        ),
        rx.el.textarea(
            class_name="input",
            rows="2",
            placeholder="What it is about (students read this)",
            aria_label="Description",
            default_value=each.details,
            max_length=2_000,
            on_blur=lambda typed: EDITOR.write(each.key, "details", typed),
        ),
        rx.cond(each.levels.length() == 0, _line(each, "points", "Points at most", each.points), rx.fragment()),
        rx.el.div(rx.foreach(each.levels, lambda level: _level(each, level)), class_name="stack-tight"),
        rx.el.div(
            ui.ghost_button("Add a level", icon="plus", size="small", on_click=EDITOR.add_level(each.key)),
            _flag(each, "scored", "Counts", each.scored),
            rx.cond(each.levels.length() > 0, _flag(each, "ranged", "Levels are ranges", each.ranged), rx.fragment()),
            class_name="row wrap",
        ),
        class_name="panel rubric-part stack",
        key=each.key,
    )


def _line(each: rx.Var[CriterionForm], name: str, label: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.input(
        class_name="input grow",
        placeholder=label,
        aria_label=label,
        default_value=value,
        max_length=200,
        on_blur=lambda typed: EDITOR.write(each.key, name, typed),
    )


def _flag(each: rx.Var[CriterionForm], name: str, label: str, on: rx.Var[bool]) -> rx.Component:
    box = rx.el.input(type="checkbox", checked=on, on_change=lambda value: EDITOR.turn(each.key, name, value))
    return rx.el.label(box, rx.el.span(label), class_name="check")


def _level(each: rx.Var[CriterionForm], level: rx.Var[LevelForm]) -> rx.Component:
    def part(name: str, label: str, value: rx.Var[str], size: str) -> rx.Component:
        return rx.el.input(
            class_name=f"input small {size}",
            placeholder=label,
            aria_label=label,
            default_value=value,
            on_blur=lambda typed: EDITOR.write_level(each.key, level.key, name, typed),
        )

    return rx.el.div(
        part("title", "Level", level.title, "level-name"),
        part("points", "Points", level.points, "level-points num"),
        part("text", "What it looks like", level.text, "grow"),
        ui.icon_button("Remove level", "x", size="small", on_click=EDITOR.remove_level(each.key, level.key)),
        class_name="row level-line",
        key=level.key,
    )

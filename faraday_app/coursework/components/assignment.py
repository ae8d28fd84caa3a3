"""A piece of work as whoever looks may see it."""

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.components.class_work import problem
from faraday_app.coursework.components.desk import work_desk
from faraday_app.coursework.components.materials import attach_dialog, attached, editor_dialog, material_dialog
from faraday_app.coursework.components.peer_plan import peer_plan
from faraday_app.coursework.components.peers import reviews_received, reviews_to_write
from faraday_app.coursework.components.settings import settings_form
from faraday_app.coursework.state.assignment import AssignmentState
from faraday_app.coursework.state.settings import SettingsState
from faraday_app.coursework.work_views import HandedInView

_STATE = AssignmentState


def assignment_header() -> rx.Component:
    badge = rx.cond(_STATE.is_staff, ui.badge(_STATE.status, _STATE.tone), rx.fragment())
    return ui.header(
        rx.cond(_STATE.title, _STATE.title, "Assignment"),
        ui.meta(_STATE.about),
        badge,
        actions=[rx.cond(_STATE.may_change, _acts(), rx.fragment())],
        back="/assignments",
    )


def _acts() -> rx.Component:
    draft = (_STATE.status == "Draft") | (_STATE.status == "Scheduled")
    more = ui.menu(
        ui.icon_button("More", "ellipsis"),
        ui.MenuItem("Publish later", icon="calendar_clock", on_click=_STATE.set_scheduling(True), shown=draft),
        ui.MenuItem("Back to draft", icon="undo_2", on_click=_STATE.act("withdraw"), shown=_STATE.status != "Draft"),
        ui.MenuItem("Duplicate", icon="copy", on_click=_STATE.duplicate),
        ui.MenuItem("Remove", icon="trash_2", on_click=_STATE.remove, danger=True),
    )
    next_act = rx.match(
        _STATE.status,
        ("Published", ui.secondary_button("Close", icon="lock", on_click=_STATE.act("close"))),
        ("Closed", ui.secondary_button("Open again", icon="lock_open", on_click=_STATE.act("reopen"))),
        ui.primary_button("Publish", icon="send", on_click=_STATE.act("publish")),
    )
    given = (_STATE.status == "Published") | (_STATE.status == "Closed")
    grade = ui.secondary_button("Grade", icon="list_checks", to="/class/grade?assignment=" + _STATE.id)
    return rx.fragment(more, rx.cond(given, grade, rx.fragment()), next_act)


def assignment_body() -> rx.Component:
    crumbs = ui.breadcrumb(
        ("Assignments", "/assignments"),
        (_STATE.class_name, "/class/assignments?id=" + _STATE.class_id),
        here=_STATE.title,
    )
    shown = rx.fragment(
        crumbs,
        rx.cond(_STATE.is_staff, _for_staff(), _for_others()),
        _scheduling(),
        material_dialog(),
        editor_dialog(),
        attach_dialog(),
    )
    return rx.cond(
        _STATE.error,
        ui.error_state(_STATE.error, _STATE.refresh),
        rx.cond(_STATE.loaded, rx.el.div(shown, class_name="stack"), ui.skeleton_lines(6)),
    )


def description() -> rx.Component:
    tool = rx.cond(_STATE.external_url, rx.el.p(ui.outside_link("Open the tool", _STATE.external_url)), rx.fragment())
    text = rx.cond(
        _STATE.html,
        rx.el.div(rx.html(_STATE.html), class_name="prose"),
        rx.el.p("There is no description yet.", class_name="meta"),
    )
    return rx.el.section(text, tool, class_name="stack panel pad", aria_label="What to do")


def _for_staff() -> rx.Component:
    """What students see, who handed in, and for its teachers the form."""
    form = ui.Tab("settings", "Settings", rx.cond(SettingsState.id == _STATE.id, settings_form(), ui.skeleton_lines(8)))
    who = ui.Tab("work", "Handed in", _roll())
    needed = ui.Tab("materials", "Materials", attached(_STATE.may_change))
    seen = ui.Tab("seen", "As students see it", description())
    peers = ui.Tab("peers", "Peer review", peer_plan(_STATE.may_change))
    return rx.cond(_STATE.may_change, ui.tabs(who, form, needed, peers, seen), ui.tabs(who, needed, peers, seen))


def _roll() -> rx.Component:
    nobody = ui.empty_state("users", "Nobody", "It is for none of the students yet. Its settings say whom it is for.")
    rows = rx.el.div(ui.rows(rx.foreach(_STATE.roll, _student)), class_name="panel")
    return rx.el.div(rx.el.p(_STATE.summary, class_name="meta"), rx.cond(_STATE.roll, rows, nobody), class_name="stack")


def _student(row: HandedInView) -> rx.Component:
    return ui.row_item(
        row.name,
        row.about,
        leading=ui.avatar(row.initials, row.tone),
        trailing=ui.badge(row.badge, row.badge_tone),
        key=row.id,
    )


def _for_others() -> rx.Component:
    children = rx.el.section(
        rx.el.h2("Handed in"),
        rx.el.div(ui.rows(rx.foreach(_STATE.roll, _student)), class_name="panel"),
        class_name="stack",
        aria_label="Handed in",
    )
    said = ui.link("Marks and remarks", to="/class/feedback?assignment=" + _STATE.id)
    return rx.fragment(
        description(),
        attached(_STATE.may_change),
        rx.el.p(said),
        reviews_to_write(),
        rx.cond(_STATE.learns, work_desk(), children),
        reviews_received(),
    )


def _scheduling() -> rx.Component:
    return ui.dialog(
        "Publish later",
        "It is published by itself, in your time zone.",
        problem(_STATE.problem),
        rx.el.form(
            ui.text_field("publish_at", "When", type="datetime-local", required=True),
            rx.el.div(
                ui.secondary_button("Cancel", on_click=_STATE.set_scheduling(False)),
                ui.primary_button("Schedule", type="submit"),
                class_name="dialog-foot",
            ),
            on_submit=_STATE.schedule,
            class_name="stack",
        ),
        open=_STATE.scheduling,
        on_open_change=_STATE.set_scheduling,
    )

"""The tiles of the first page."""

from typing import Literal

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.views import ConversationView
from faraday_app.core.permissions import Permission
from faraday_app.coursework.views import WorkRow
from faraday_app.dashboard.state import ClassroomState, HappenedView, HomeState, OnlineView, PostedView
from faraday_app.gradebook.views import ClassTotalView


def family_tiles() -> list[rx.Component]:
    """For students and parents: what is due, what was posted and what it comes to, of one child at a time."""
    awaited = ~ClassroomState.known & ~ui.allowed(Permission.gradebook_manage)
    shown = awaited | (ClassroomState.child != "")
    return [
        rx.cond(ClassroomState.children.length() > 1, _children(), rx.fragment()),
        rx.cond(shown, _due_tile(), rx.fragment()),
        rx.cond(shown, _grades_tile(), rx.fragment()),
    ]


def _children() -> rx.Component:
    def pill(child: rx.Var[tuple[str, str]]) -> rx.Component:
        on = ClassroomState.child == child[0]
        return ui.filter_chip(child[1], on=on, on_click=ClassroomState.show(child[0]))

    chips = rx.foreach(ClassroomState.children, pill)
    return rx.el.div(chips, class_name="row wrap span-12", role="group", aria_label="Whose work to show")


def _due_tile() -> rx.Component:
    nothing = ui.meta("Nothing is due. What teachers set stands here, with its date and what it is worth.")
    found = rx.cond(ClassroomState.due, ui.rows(rx.foreach(ClassroomState.due, _due)), nothing)
    return ui.tile(
        "Due",
        "clipboard_check",
        rx.cond(ClassroomState.known, found, ui.skeleton_lines(3)),
        action=ui.link("All", to="/assignments"),
        span=7,
    )


def _grades_tile() -> rx.Component:
    totals = ui.rows(rx.foreach(ClassroomState.classes, _class), rx.foreach(ClassroomState.posted, _posted))
    found = rx.cond(ClassroomState.classes, totals, ui.meta("No class yet."))
    return ui.tile(
        "Posted grades",
        "chart_line",
        rx.cond(ClassroomState.known, found, ui.skeleton_lines(3)),
        action=ui.link("All", to="/gradebook"),
        span=5,
    )


def to_grade_tile() -> rx.Component:
    """For teachers and aides."""
    nothing = ui.meta("Nothing waits to be graded.")
    found = rx.cond(ClassroomState.to_grade, ui.rows(rx.foreach(ClassroomState.to_grade, _to_grade)), nothing)
    tile = ui.tile(
        "To grade",
        "list_checks",
        found,
        action=rx.cond(ClassroomState.waiting > 0, ui.badge(ClassroomState.waiting, "amber"), rx.fragment()),
        span=12,
    )
    return rx.cond(ClassroomState.teaches, tile, rx.fragment())


def _due(row: WorkRow) -> rx.Component:
    badge = ui.badge(row.badge, row.tone)
    return ui.row_item(row.title, row.about, trailing=badge, to="/assignment?id=" + row.id, key=row.id + row.title)


def _class(row: ClassTotalView) -> rx.Component:
    total = rx.el.span(row.percent, " ", row.letter, class_name="num strong")
    return ui.row_item(row.name, row.meta, trailing=total, to="/class/gradebook?id=" + row.id, key=row.key)


def _posted(row: PostedView) -> rx.Component:
    score = rx.el.span(row.score, class_name="num")
    to = "/class/feedback?assignment=" + row.id
    return ui.row_item(row.title, row.about, trailing=score, to=to, key=row.id)


def _to_grade(row: WorkRow) -> rx.Component:
    grades = ui.allowed(Permission.gradebook_manage)
    to = rx.cond(grades, "/class/grade?assignment=", "/assignment?id=").to(str) + row.id
    return ui.row_item(row.title, row.about, trailing=ui.badge(row.waiting, "amber"), to=to, key=row.id)


def credits_tile() -> rx.Component:
    return ui.tile(
        "Credits",
        "coins",
        rx.cond(HomeState.line, _spent_line(), rx.fragment()),
        action=ui.link("Statement", to="/credits"),
        figure=rx.cond(HomeState.loaded, HomeState.credits, ui.skeleton_lines(1)),
        caption=rx.cond(HomeState.loaded, HomeState.spent + " spent in two weeks", ""),
        span=4,
    )


def _spent_line() -> rx.Component:
    return ui.sparkline(HomeState.line, HomeState.area, "Credits spent each day of the last two weeks")


def recent_tile() -> rx.Component:
    nothing = ui.empty_state(
        "sparkles",
        "No conversations yet",
        "Ask something, and it stays here for you.",
        ui.secondary_button("Ask the assistant", to="/assistant"),
    )
    found = rx.cond(HomeState.recent, ui.rows(rx.foreach(HomeState.recent, _conversation)), nothing)
    return ui.tile(
        "Recent conversations",
        "sparkles",
        rx.cond(HomeState.loaded, found, ui.skeleton_lines(4)),
        action=ui.link("All", to="/assistant"),
        span=8,
    )


def online_tile() -> rx.Component:
    """For staff: who is here now."""
    shown = ui.rows(rx.foreach(HomeState.online, _person))
    more = rx.cond(
        HomeState.online_count > HomeState.online.length(),
        ui.meta("and " + (HomeState.online_count - HomeState.online.length()).to_string() + " more"),
        rx.fragment(),
    )
    tile = ui.tile(
        "Online now",
        "users",
        rx.cond(HomeState.loaded, shown, ui.skeleton_lines(3)),
        more,
        action=ui.badge(HomeState.online_count, "green"),
        span=4,
    )
    return rx.cond(ui.allowed(Permission.presence_read), tile, rx.fragment())


def activity_tile() -> rx.Component:
    """The organisation's newest events for those who may read the trail, one's own for others."""
    everybody = _activity("Activity", 8, action=ui.link("Audit", to="/audit"))
    own = rx.cond(ui.allowed(Permission.presence_read), _activity("Your activity", 8), _activity("Your activity", 12))
    return rx.cond(ui.allowed(Permission.audit_read), everybody, own)


def _activity(title: str, span: Literal[8, 12], action: rx.Component | None = None) -> rx.Component:
    events = rx.cond(HomeState.loaded, ui.rows(rx.foreach(HomeState.happened, _event)), ui.skeleton_lines(4))
    return ui.tile(title, "activity", events, action=action, span=span)


def _conversation(item: ConversationView) -> rx.Component:
    answering = rx.cond(item.answering, ui.badge("answering", "iris"), rx.fragment())
    return ui.row_item(item.title, item.meta, trailing=answering, to="/assistant/" + item.id, key=item.id)


def _person(person: OnlineView) -> rx.Component:
    return ui.row_item(
        person.name,
        person.detail,
        leading=ui.avatar(person.initials, person.tone),
        trailing=ui.presence_dot("green", "Online"),
        key=person.id,
    )


def _event(event: HappenedView) -> rx.Component:
    return ui.row_item(event.what, event.meta, key=event.id)

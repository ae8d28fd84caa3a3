"""The tiles of the first page."""

from typing import Literal

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.views import ConversationView
from faraday_app.core.permissions import Permission
from faraday_app.dashboard.state import HappenedView, HomeState, OnlineView


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

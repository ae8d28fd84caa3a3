"""What surrounds a conversation: who answers, what the model sees, and who is in it."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.components.answerers import answerers
from faraday_app.contexts.components.data import data_tab
from faraday_app.contexts.components.findings import findings
from faraday_app.contexts.components.history import history_of_conversation
from faraday_app.contexts.components.marks import places
from faraday_app.contexts.components.memory import memory_label, memory_tab
from faraday_app.contexts.components.meter import language_field, price, window_meter
from faraday_app.contexts.components.notes import notes
from faraday_app.contexts.state import SharingState, SoundnessState, ThreadState
from faraday_app.contexts.views import MemberView


def inspector() -> rx.Component:
    """One tab for each thing that a conversation consists of beside its messages."""
    return rx.el.div(
        ui.tabs(
            ui.Tab("setup", "Setup", _setup()),
            ui.Tab("data", "Data", data_tab()),
            ui.Tab("notes", "Notes", notes()),
            ui.Tab("memory", memory_label(), memory_tab()),
            ui.Tab("history", "History", history_of_conversation()),
        ),
        class_name="inspector",
    )


def _setup() -> rx.Component:
    """Who answers and in which language, what goes in and what it costs, and the members."""
    local = rx.el.p("A small demo model on this server: quick, and often wrong.", class_name="meta")
    return rx.el.div(
        findings(SoundnessState.findings, lambda found: SoundnessState.mend(found.remedy, found.target, found.of)),
        answerers(),
        rx.cond(ThreadState.id, language_field(), rx.fragment()),
        window_meter(),
        ui.rows(ui.row_item(ThreadState.model, "Model", leading=rx.icon("cpu", size=15))),
        rx.cond(ThreadState.local_model, local, rx.fragment()),
        price(),
        rx.cond(ThreadState.id, rx.fragment(places(), _members()), rx.fragment()),
        class_name="stack",
    )


def _members() -> rx.Component:
    leave = ui.ghost_button("Leave this conversation", icon="log_out", size="small", on_click=SharingState.leave)
    return rx.fragment(
        rx.el.h2("Members"),
        ui.rows(rx.foreach(SharingState.members, _member)),
        rx.cond(ThreadState.is_owner, rx.fragment(), leave),
    )


def _member(member: MemberView) -> rx.Component:
    here = rx.fragment(ui.presence_dot("green"), "here")
    return ui.row_item(
        rx.cond(member.me, member.name + " (you)", member.name),
        member.access,
        leading=ui.avatar(member.initials, member.tone, "small"),
        trailing=rx.cond(member.here, here, rx.fragment()),
        key=member.user_id,
    )

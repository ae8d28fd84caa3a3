"""Who looked at a record."""

import reflex as rx

from faraday_app import ui
from faraday_app.privacy.state import RecordsState
from faraday_app.privacy.views import LookView, SubjectView


def records_lead() -> rx.Component:
    text = (
        "Whenever somebody else opens grades, work or the profile of a person here, it is noted. What is opened again"
        " within ten minutes is noted once."
    )
    return rx.el.p(text, class_name="muted", style={"maxWidth": "70ch"})


def records_filters() -> rx.Component:
    """Oneself and one's children; nothing to choose for whoever has none."""

    def chip(subject: SubjectView) -> rx.Component:
        return ui.filter_chip(
            subject.name, on=RecordsState.subject == subject.id, on_click=RecordsState.choose(subject.id)
        )

    chips = ui.filter_bar(rx.foreach(RecordsState.subjects, chip))
    return rx.cond(RecordsState.subjects.length() > 1, chips, rx.fragment())


def looks_table() -> rx.Component:
    return ui.data_table(
        "Who looked, newest first",
        [
            ui.Column("Who", _who, width="34%"),
            ui.Column("What", lambda row: rx.el.span(row.what)),
            ui.Column("When", lambda row: rx.el.span(row.when, class_name="num meta"), width="20%"),
        ],
        RecordsState.rows,
        empty=ui.Empty("eye_off", "Nobody has looked", "As soon as somebody opens this record, it is told here."),
        loading=RecordsState.loading,
        error=RecordsState.error,
        retry=RecordsState.refresh,
        footer=ui.pager(
            RecordsState.shown,
            on_previous=RecordsState.previous_page,
            on_next=RecordsState.next_page,
            has_previous=RecordsState.has_previous,
            has_next=RecordsState.has_next,
        ),
    )


def _who(row: LookView) -> rx.Component:
    return rx.el.span(rx.el.span(row.who, class_name="title"), " ", rx.el.span(row.role, class_name="meta"))

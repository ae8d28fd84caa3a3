"""The pairs of an assignment, the work of a class, and what does not count."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.classes.views import class_places
from faraday_app.coursework.similarity_views import HandoutRow, PairRow, WorkRow
from faraday_app.coursework.state.similarity import SimilarityState

KEY = "similarity"
CAUTION = (
    "What two texts have in common says nothing about why. Shared notes, a quotation, work done together with leave: "
    "all of it looks the same here. Read both, and ask the author before you make anything of it."
)


def pairs_header() -> rx.Component:
    state = SimilarityState
    again = ui.secondary_button("Compare again", icon="refresh_cw", on_click=state.compare_again)
    return rx.fragment(
        ui.header(
            rx.cond(state.title, state.title, "Passages in common"),
            ui.meta(state.head.name),
            actions=[rx.cond(state.assignment_id, again, rx.fragment())],
            back="/classes",
        ),
        ui.place_row("Places of this class", class_places(), current=KEY, id=state.head.id),
    )


def work_table() -> rx.Component:
    return ui.data_table(
        "Work of this class",
        [
            ui.Column("Assignment", _work, width="70%"),
            ui.Column(
                "Pairs with passages in common", lambda row: rx.el.span(row.pairs, class_name="num"), align="end"
            ),
        ],
        SimilarityState.works,
        empty=ui.Empty(
            "text_quote", "Nothing is compared yet", "Work is compared by itself within a minute of being handed in."
        ),
        loading=SimilarityState.loading,
        error=SimilarityState.error,
        retry=SimilarityState.refresh,
    )


def pair_table() -> rx.Component:
    state = SimilarityState
    return ui.data_table(
        "Pairs with passages in common",
        [
            ui.Column("Authors", _authors, width="34%"),
            ui.Column("Where", lambda row: rx.el.span(row.where, class_name="muted"), width="22%"),
            ui.Column("Of the first", lambda row: rx.el.span(row.left_share, class_name="num"), align="end"),
            ui.Column("Of the second", lambda row: rx.el.span(row.right_share, class_name="num"), align="end"),
            ui.Column("The same in a row", lambda row: rx.el.span(row.longest, class_name="num"), align="end"),
            ui.Column("", _look, align="end"),
        ],
        state.rows,
        empty=ui.Empty(
            "text_quote",
            "No passages in common",
            "Nothing that was handed in runs like other work, apart from what everybody was given.",
        ),
        loading=state.loading,
        error=state.error,
        retry=state.refresh,
        footer=ui.pager(
            state.summary,
            on_previous=state.previous_page,
            on_next=state.next_page,
            has_previous=state.has_previous,
            has_next=state.has_next,
        ),
    )


def aside() -> rx.Component:
    """What does not count: the handouts, and what much of the class has."""
    state = SimilarityState
    form = rx.el.form(
        ui.text_field("handout_name", "Name", max_length=200, required=True, auto_complete="off"),
        ui.textarea_field("handout_text", "Its words", rows=5, required=True),
        ui.secondary_button("Add handout", type="submit"),
        on_submit=state.add_handout,
        reset_on_submit=True,
        class_name="stack",
    )
    share = rx.el.form(
        ui.text_field(
            "share",
            "Percent of the class",
            type="number",
            default_value=state.share.to_string(),
            min=10,
            max=100,
            help="What more than so many have in common is taken for given.",
        ),
        ui.secondary_button("Keep", type="submit"),
        on_submit=state.set_share,
        key=state.share.to_string(),
        class_name="stack",
    )
    return rx.el.div(
        ui.tile(
            "What does not count",
            "list_filter",
            rx.el.div(
                rx.el.p("The assignment’s own words, and these handouts.", class_name="muted"),
                rx.foreach(state.handouts, _handout),
                ui.fold("Add a handout", form),
                ui.fold("What much of the class has", share),
                class_name="stack",
            ),
        ),
        class_name="stack",
    )


def _handout(row: HandoutRow) -> rx.Component:
    label: Any = "Remove " + row.name
    return rx.el.div(
        rx.el.span(row.name, class_name="grow clip"),
        rx.el.span(row.words, class_name="muted num"),
        ui.icon_button(label, "x", size="small", on_click=SimilarityState.remove_handout(row.id)),
        class_name="row",
        key=row.id,
    )


def _work(row: WorkRow) -> rx.Component:
    where: Any = "/class/similarity?assignment=" + row.id
    return ui.link(row.title, to=where)


def _count(row: WorkRow) -> rx.Component:
    return rx.el.span(row.pairs, class_name="num")


def _authors(row: PairRow) -> rx.Component:
    return rx.el.span(row.left, " and ", row.right, class_name="strong")


def _look(row: PairRow) -> rx.Component:
    return ui.secondary_button("Read both", size="small", on_click=SimilarityState.look(row.id))

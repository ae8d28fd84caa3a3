"""How the assistant was used: figures with their course, and a table by day, model or GPT."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.service.usage import By
from faraday_app.contexts.state import UseState
from faraday_app.contexts.state.use import RANGES, FigureView, RowView
from faraday_app.core.permissions import Permission

BY = [(by.value, by.label) for by in By]
WHOSE = [("", "Only me"), ("everyone", "The organisation")]


def use_figures() -> rx.Component:
    """The whole range in four figures."""
    shown = rx.el.div(rx.foreach(UseState.figures, _figure), class_name="tiles")
    return rx.fragment(
        rx.cond(UseState.figures, shown, ui.skeleton_lines(4)),
        rx.el.p(UseState.accuracy, class_name="meta"),
    )


def use_filters() -> rx.Component:
    whose = ui.filter_select("Whose figures", WHOSE, rx.cond(UseState.everyone, "everyone", ""), UseState.choose_whose)
    return ui.filter_bar(
        ui.filter_select("Range", RANGES, UseState.range, UseState.choose_range),
        ui.filter_select("Figures by", BY, UseState.by, UseState.choose_by),
        rx.cond(ui.allowed(Permission.credits_grant), whose, rx.fragment()),
    )


def use_table() -> rx.Component:
    return ui.data_table(
        "Use of the assistant",
        [
            ui.Column("What", lambda row: rx.el.span(row.name, class_name="strong")),
            ui.Column("Questions", _number("questions"), width="100px", align="end"),
            ui.Column("Answers", _number("answers"), width="100px", align="end"),
            ui.Column("Failed", _number("failed"), width="90px", align="end"),
            ui.Column("Tokens", _number("tokens"), width="190px", align="end", phone="hide"),
            ui.Column("Credits", _number("credits"), width="100px", align="end"),
            ui.Column("First token", _number("first"), width="110px", align="end"),
        ],
        UseState.rows,
        empty=ui.Empty("sparkles", "Nothing was asked in this time", "Choose a longer range, or ask the assistant."),
        loading=UseState.loading,
        error=UseState.error,
        retry=UseState.enter,
        footer=ui.pager(
            UseState.place,
            on_previous=UseState.previous_page,
            on_next=UseState.next_page,
            has_previous=UseState.has_previous,
            has_next=UseState.has_next,
        ),
    )


def _number(name: str) -> Callable[[Any], rx.Component]:
    def cell(row: RowView) -> rx.Component:
        return rx.el.span(getattr(row, name), class_name="num")

    return cell


def _figure(figure: FigureView) -> rx.Component:
    return rx.el.section(
        rx.el.header(rx.el.h2(figure.title, class_name="clip")),
        rx.el.div(figure.value, class_name="figure"),
        rx.el.div(figure.caption, class_name="caption"),
        ui.sparkline(figure.path, figure.area, figure.says, width="100%"),
        class_name="tile span-3",
        aria_label=figure.title,
        key=figure.title,
    )

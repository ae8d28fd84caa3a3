"""A list of things: a table on a desk, cards on a phone, and every state in between."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from faraday_app.ui.primitives._types import Flag, Handler, Part, Text, classes
from faraday_app.ui.primitives.button import secondary_button
from faraday_app.ui.primitives.feedback import empty_state, error_state, skeleton_table


@dataclass(frozen=True, slots=True)
class Column:
    """`cell` renders one row's value. `phone="hide"` leaves it out of the card; `align="end"` is for figures."""

    title: str
    cell: Callable[[Any], Part]
    width: str = ""
    align: Literal["start", "end"] = "start"
    phone: Literal["show", "hide"] = "show"

    def head(self) -> rx.Component:
        props = {"style": {"width": self.width}} if self.width else {}
        return rx.el.th(self.title, scope="col", role="columnheader", class_name=self.align, **props)

    def show(self, row: Any, first: bool) -> rx.Component:
        name = classes(self.align, "desk-cell" if self.phone == "hide" else "")
        label = {} if first or not self.title else {"data-label": self.title}
        return rx.el.td(self.cell(row), role="cell", class_name=name, custom_attrs=label)


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands in for an empty list: say why, and what to do."""

    icon: str
    title: str
    text: str
    action: rx.Component | None = None

    def show(self) -> rx.Component:
        return empty_state(self.icon, self.title, self.text, self.action)


NO_MATCH = Empty("search_x", "Nothing matches", "Try fewer filters or another word.")


def _line(columns: Sequence[Column], menu: Callable[[Any], Part] | None, key: str) -> Callable[[Any], rx.Component]:
    def line(row: Any) -> rx.Component:
        cells = [column.show(row, index == 0) for index, column in enumerate(columns)]
        if menu is not None:
            cells.append(rx.el.td(menu(row), role="cell", class_name="menu end"))
        return rx.el.tr(*cells, role="row", key=row[key] if isinstance(row, dict) else getattr(row, key))

    return line


def data_table(
    label: str,
    columns: Sequence[Column],
    rows: rx.Var[list[Any]],
    *,
    empty: Empty,
    key: str = "id",
    loading: Flag = False,
    error: Text = "",
    retry: Handler = None,
    filtered: Flag = False,
    no_match: Empty = NO_MATCH,
    menu: Callable[[Any], Part] | None = None,
    bulk: Part | None = None,
    footer: Part | None = None,
    dense: bool = False,
) -> rx.Component:
    """Shows, in this order: the error with a retry; the skeleton; nothing yet or nothing that matches; the rows.

    `rows` is a var of view models with an `id` (or `key`), at most a page of them. `menu` renders the last cell.
    """
    last = [rx.el.th(rx.el.span("Actions", class_name="hidden"), scope="col", role="columnheader", class_name="menu")]
    head = rx.el.tr(*[column.head() for column in columns], *(last if menu is not None else []), role="row")
    body = rx.el.tbody(rx.foreach(rows, _line(columns, menu, key)), role="rowgroup")
    table = rx.el.table(
        rx.el.thead(head, role="rowgroup"), body, role="table", aria_label=label, class_name=f"table{' dense' * dense}"
    )
    nothing = rx.cond(filtered, no_match.show(), empty.show())
    found = rx.cond(
        rows.length() > 0, rx.fragment(table, footer or rx.fragment()), rx.cond(loading, skeleton_table(), nothing)
    )
    shown = rx.cond(error, error_state(error, retry), found) if isinstance(error, rx.Var) else found
    return rx.el.div(*([bulk] if bulk is not None else []), shown, class_name="panel", aria_busy=loading)


def figure_table(label: Text, names: Sequence[str], lines: rx.Var[Any] | rx.Component) -> rx.Component:
    """Figures to compare, `names` over their columns and `lines` a foreach of `figure_line`s; no cards on a phone."""
    head = rx.el.tr(rx.el.td(), *[rx.el.th(name, scope="col") for name in names])
    table = rx.el.table(rx.el.thead(head), rx.el.tbody(lines), class_name="figures", aria_label=label)
    return rx.el.div(table, role="region", aria_label=label, tab_index=0, class_name="panel figures-frame")


def figure_line(name: Text, *values: Text, key: Text) -> rx.Component:
    """What is measured, then its figures."""
    return rx.el.tr(rx.el.th(name, scope="row"), *[rx.el.td(value, class_name="num") for value in values], key=key)


def pager(
    range_text: Text, *, on_previous: Handler, on_next: Handler, has_previous: rx.Var[bool], has_next: rx.Var[bool]
) -> rx.Component:
    """Keyset paging: the range in words, one page back, one on. What fits on one page has none."""
    pages = rx.el.nav(
        rx.el.span(range_text, class_name="muted num", role="status"),
        secondary_button("Previous", size="small", on_click=on_previous, disabled=~has_previous),
        secondary_button("Next", size="small", on_click=on_next, disabled=~has_next),
        class_name="pager",
        aria_label="Pages",
    )
    return rx.cond(has_previous | has_next, pages, rx.fragment())


def bulk_bar(count: rx.Var[int], *actions: Part, on_clear: Handler) -> rx.Component:
    """What can be done with the rows that are ticked; hidden while there are none."""
    clear = secondary_button("Clear", size="small", on_click=on_clear)
    bar = rx.el.div(rx.el.span(count, " selected", class_name="strong grow"), *actions, clear, class_name="bulk")
    return rx.cond(count > 0, bar, rx.fragment())

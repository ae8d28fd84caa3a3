"""Faraday's own mark: field lines around a core."""

import reflex as rx

_LENS = "M12 2.2c5 4.9 5 14.7 0 19.6c-5-4.9-5-14.7 0-19.6z"
_FIELD = "M2.4 8.3q9.6-3.4 19.2 0M2.4 15.7q9.6 3.4 19.2 0"


def mark(size: int = 24) -> rx.Component:
    """The mark alone, for the eye only; the name stands beside it."""
    return rx.el.svg(
        rx.el.path(d=_FIELD, stroke_width="1.6", opacity=".5"),
        rx.el.path(d=_LENS, stroke_width="1.9"),
        rx.el.circle(cx="12", cy="12", r="2.5", fill="var(--iris-9)", stroke="none"),
        view_box="0 0 24 24",
        width=f"{size}px",
        height=f"{size}px",
        fill="none",
        stroke="var(--iris-9)",
        custom_attrs={"strokeLinecap": "round", "strokeLinejoin": "round"},
        aria_hidden="true",
    )


def brand(size: int = 24) -> rx.Component:
    """The mark and the name."""
    return rx.el.span(mark(size), rx.el.span("Faraday"), class_name="brand")

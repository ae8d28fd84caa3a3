"""Small figures drawn as SVG on the server: no chart library in the browser."""

from collections.abc import Sequence
from dataclasses import dataclass

import reflex as rx

from faraday_app.ui.primitives._types import Text, classes

WIDTH, HEIGHT = 120, 32


@dataclass(frozen=True, slots=True)
class Sparkline:
    """The two paths of a sparkline, to be held in a view model. Empty with fewer than two points."""

    path: str = ""
    area: str = ""


def sparkline_paths(points: Sequence[float]) -> Sparkline:
    """A line through the points, left to right, lowest at the foot; a flat series runs through the middle."""
    if len(points) < 2:
        return Sparkline()
    low, high = min(points), max(points)
    step, inner = WIDTH / (len(points) - 1), HEIGHT - 4
    heights = [HEIGHT / 2 if high == low else HEIGHT - 2 - (p - low) / (high - low) * inner for p in points]
    path = "M" + "L".join(f"{i * step:g} {y:.4g}" for i, y in enumerate(heights))
    return Sparkline(path=path, area=f"{path}L{WIDTH} {HEIGHT}L0 {HEIGHT}Z")


def sparkline(
    path: Text, area: Text, label: Text, tone: Text = "iris", width: str = "120px", height: str = "32px"
) -> rx.Component:
    """The course of a figure. The label says in words what the line shows."""
    return rx.el.svg(
        rx.el.path(d=area, class_name="area"),
        rx.el.path(d=path),
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        custom_attrs={"preserveAspectRatio": "none"},
        width=width,
        height=height,
        class_name=classes("spark", tone),
        role="img",
        aria_label=label,
    )


def meter(label: Text, percent: rx.Var[int] | int, tone: Text = "iris", text: Text = "") -> rx.Component:
    """How much is used, 0 to 100. The text says it in words; the percentage does without one."""
    share = rx.Var.create(percent)
    return rx.el.div(
        rx.el.i(class_name=tone, style={"width": share.to_string() + "%"}),
        class_name="meter",
        custom_attrs={"role": "meter"},
        aria_label=label,
        aria_valuemin=0,
        aria_valuemax=100,
        aria_valuenow=share,
        aria_valuetext=text or share.to_string() + " %",
    )


def meter_stack(label: Text, *shares: tuple[rx.Var[int] | int, str]) -> rx.Component:
    """Parts of a whole in percent, each with its tone; a list below names them."""
    parts = [
        rx.el.i(class_name=tone, style={"width": rx.Var.create(share).to_string() + "%"}) for share, tone in shares
    ]
    return rx.el.div(*parts, class_name="meter", role="img", aria_label=label)

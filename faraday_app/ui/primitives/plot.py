"""Bars that plotly draws. Only for pages that need them: the library is large, and loaded with the page."""

from typing import Any

import reflex as rx

# Plotly draws with literal colours: slate 4, 11 and 12, and iris 9, of each mode.
_LIGHT = {"line": "#e8e8ec", "muted": "#60646c", "text": "#1c2024", "panel": "#ffffff"}
_DARK = {"line": "#272a2d", "muted": "#b0b4ba", "text": "#edeef0", "panel": "#212225"}
_BAR = "#5b5bd6"


def bars(
    names: rx.Var[Any], values: rx.Var[Any], told: rx.Var[Any], *, by_day: bool = False, height: int = 180
) -> rx.Component:
    """One bar for each name; ``told`` is what stands beside the pointer. ``by_day``: the names are dates.

    Hidden from screen readers: the same has to stand in words or in a table beside it.
    """
    from plotly.graph_objs import Figure

    figure = rx.Var.create(
        {
            "data": [
                {
                    "type": "bar",
                    "x": names,
                    "y": values,
                    "customdata": told,
                    "hovertemplate": "%{customdata}<extra></extra>",
                    "marker": {"color": _BAR},
                }
            ]
        }
    )
    return rx.el.div(
        rx.plotly.basic(
            data=figure.to(Figure),
            layout=rx.color_mode_cond(light=_layout(_LIGHT, height, by_day), dark=_layout(_DARK, height, by_day)),
            template=None,
            config={"displayModeBar": False, "responsive": True},
            use_resize_handler=True,
            width="100%",
            height=f"{height}px",
        ),
        aria_hidden="true",
        style={"minHeight": f"{height}px"},
    )


def _layout(colours: dict[str, str], height: int, by_day: bool) -> dict[str, Any]:
    axis = {"color": colours["muted"], "gridcolor": colours["line"], "fixedrange": True, "zeroline": False}
    across = {"type": "date", "tickformat": "%-d %b", "nticks": 7} if by_day else {"type": "category"}
    return {
        "height": height,
        "margin": {"l": 36, "r": 4, "t": 8, "b": 20},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "Inter, system-ui, sans-serif", "size": 12, "color": colours["muted"]},
        "bargap": 0.35,
        "xaxis": {**axis, **across, "showgrid": False},
        "yaxis": {**axis, "type": "linear", "rangemode": "tozero", "nticks": 4, "separatethousands": True},
        "hoverlabel": {
            "bgcolor": colours["panel"],
            "bordercolor": colours["line"],
            "font": {"color": colours["text"]},
        },
        "showlegend": False,
    }

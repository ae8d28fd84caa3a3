"""What the primitives take and give."""

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx

Text = str | rx.Var[str]
Flag = bool | rx.Var[bool]
Part = rx.Component | rx.Var[Any] | str
Handler = Any
"""Anything an event trigger of Reflex accepts: a handler, an event, a list of them, a lambda."""
Tone = Literal["neutral", "iris", "green", "amber", "red"]
Parts = Sequence[Part]


def classes(*names: str | rx.Var[str]) -> str | rx.Var[str]:
    """Class names joined; one of them may be a var."""
    if all(isinstance(name, str) for name in names):
        return " ".join(name for name in names if name)
    joined: Any = rx.Var.create("")
    for name in names:
        joined = joined + " " + name
    return joined


def given(value: object) -> bool:
    """Whether there is something to show; a var may always hold something."""
    return isinstance(value, rx.Var) or bool(value)


def when(value: Any, shown: rx.Component) -> rx.Component:
    """`shown` when the value has content: decided now for a literal, in the browser for a var."""
    if isinstance(value, rx.Var):
        return rx.cond(value, shown, rx.fragment())
    return shown if value else rx.fragment()

"""What is wrong or worth knowing before a question is sent, each with its remedy where there is one."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.version_views import FindingView


def findings(found: rx.Var[list[FindingView]], mend: Callable[[FindingView], Any]) -> rx.Component:
    """Errors stand in red and keep the question from being sent; warnings in amber do not."""

    def finding(each: FindingView) -> rx.Component:
        act = ui.secondary_button(each.act, size="small", on_click=mend(each))
        told = rx.el.div(rx.el.p(each.text), rx.cond(each.act, act, rx.fragment()), class_name="stack-tight")
        shown = rx.cond(each.severity == "error", ui.callout(told, "red"), ui.callout(told, "amber"))
        return rx.el.li(shown, key=each.text)

    listed = rx.el.ul(rx.foreach(found, finding), class_name="bare stack-tight", aria_label="To look at first")
    return rx.cond(found, listed, rx.fragment())

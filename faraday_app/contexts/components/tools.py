"""Which tools an answer called: a line each, opened to see what came."""

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.service.tools import TOOLS
from faraday_app.contexts.state import GptEditorState
from faraday_app.contexts.tool_views import ToolUseView


def tools_used(used: rx.Var[list[ToolUseView]]) -> rx.Component:
    lines = rx.el.div(rx.foreach(used, _line), class_name="tools-used", role="group", aria_label="Tools used")
    return rx.cond(used.length() > 0, lines, rx.fragment())


def _line(use: ToolUseView) -> rx.Component:
    failed = rx.cond(use.failed, ui.badge("failed", "amber"), rx.fragment())
    return rx.el.details(
        rx.el.summary(
            rx.icon("wrench", size=13),
            rx.el.span(use.name, class_name="strong"),
            rx.el.span(use.call, class_name="clip"),
            failed,
        ),
        rx.el.pre(use.result, tab_index=0),
        key=use.id,
    )


def tools_field() -> rx.Component:
    """Which tools the GPT that is edited may use."""
    boxes = [
        ui.check_field(
            f"tool_{tool.name}",
            tool.label,
            help=tool.about,
            default_checked=GptEditorState.tools.contains(tool.name),
        )
        for tool in TOOLS.values()
    ]
    unable = rx.el.p("Models that cannot use tools answer without them.", class_name="meta")
    return rx.el.fieldset(rx.el.legend("Tools"), *boxes, unable, class_name="checks")

"""A material, looked at over the page: shown where a browser can, and for its staff with its history."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.material_views import DiffLine, PastView
from faraday_app.coursework.state.materials import MaterialEditorState, MaterialState
from faraday_app.coursework.state.materials.material import FIELD
from faraday_app.coursework.state.materials.shelf import PROGRESS


def material_dialog() -> rx.Component:
    description = rx.el.p(MaterialState.description)
    problem = ui.callout(rx.fragment(MaterialState.problem), "amber")
    return ui.dialog(
        MaterialState.title,
        MaterialState.about,
        rx.cond(MaterialState.description, description, rx.fragment()),
        rx.cond(MaterialState.problem, problem, rx.fragment()),
        rx.el.div(_shown(), class_name="preview"),
        rx.cond(MaterialState.staff, _staffs(), rx.fragment()),
        open=MaterialState.open,
        on_open_change=MaterialState.set_open,
        actions=[
            rx.cond(MaterialState.manages, _edit(), rx.fragment()),
            rx.cond(MaterialState.download, _save(), rx.fragment()),
            rx.cond(MaterialState.url, _follow(), rx.fragment()),
        ],
        width="820px",
    )


def _shown() -> rx.Component:
    return rx.match(
        MaterialState.shown,
        ("page", rx.el.div(rx.html(MaterialState.html), class_name="paper prose markdown", tab_index=0)),
        ("text", rx.el.pre(MaterialState.text, class_name="data-text", tab_index=0, aria_label="Text")),
        ("image", rx.el.img(src=MaterialState.src, alt=MaterialState.title)),
        ("video", rx.el.video(src=MaterialState.src, controls=True, preload="metadata")),
        ("audio", rx.el.audio(src=MaterialState.src, controls=True, preload="metadata")),
        ("pdf", _pdf()),
        ("link", rx.el.p(MaterialState.url, class_name="muted place-words")),
        rx.el.p("There is no preview of this kind of file. Download it to open it.", class_name="muted"),
    )


def _pdf() -> rx.Component:
    """Phones show none inside a page: the link opens it in a tab of its own."""
    apart: Any = rx.el.a(
        "Open in its own tab", href=MaterialState.src, target="_blank", rel="noopener", class_name="link"
    )
    return rx.fragment(rx.el.iframe(src=MaterialState.src, title=MaterialState.title), rx.el.p(apart))


def _save() -> rx.Component:
    return ui.download_link("Download", to=MaterialState.download, class_name="button secondary")


def _follow() -> rx.Component:
    return rx.el.a(
        "Open the link", href=MaterialState.url, target="_blank", rel="noopener noreferrer", class_name="button primary"
    )


def _edit() -> rx.Component:
    return ui.secondary_button(
        "Edit", icon="pencil", on_click=[MaterialEditorState.edit(MaterialState.id), MaterialState.set_open(False)]
    )


def _staffs() -> rx.Component:
    replace = rx.el.div(
        rx.icon("upload", size=16),
        rx.el.span(rx.cond(MaterialState.replacing, "Adding…", "Put another file in its place")),
        rx.el.input(type="file", id=FIELD, on_change=MaterialState.replace, aria_label="Another file"),
        class_name="drop",
    )
    return rx.fragment(
        rx.el.p(MaterialState.used, class_name="meta"),
        rx.cond(MaterialState.is_file & MaterialState.manages, replace, rx.fragment()),
        rx.el.ul(id=f"{PROGRESS}_one", class_name="uploads bare"),
        rx.cond(MaterialState.wrong, rx.el.div(ui.callout(MaterialState.wrong, "red"), role="alert"), rx.fragment()),
        ui.fold(
            "Versions", rx.el.ol(rx.foreach(MaterialState.versions, _version), class_name="bare versions"), _diff()
        ),
    )


def _version(past: PastView) -> rx.Component:
    changes = ui.ghost_button("Changes", size="small", on_click=MaterialState.compare(past.number))
    back = ui.ghost_button("Restore", size="small", icon="undo_2", on_click=MaterialState.restore(past.number))
    save = ui.download_link("Download", to=past.download)
    return rx.el.li(
        rx.el.div(
            rx.el.span(rx.el.strong("Version ", past.number), " · ", past.when, " · ", past.author, class_name="grow"),
            rx.cond(past.is_latest, ui.badge("Current", "green"), rx.fragment()),
            rx.cond(past.download, save, rx.fragment()),
            rx.cond(MaterialState.manages & (past.number > 1), changes, rx.fragment()),
            rx.cond(MaterialState.manages & ~past.is_latest, back, rx.fragment()),
            class_name="row wrap",
        ),
        rx.cond(past.about, rx.el.span(past.about, class_name="meta place-words"), rx.fragment()),
        rx.cond(past.note, rx.el.span(past.note, class_name="meta"), rx.fragment()),
        key=past.number.to_string(),
    )


def _diff() -> rx.Component:
    signs = {"new": "+", "gone": "−", "skipped": "⋯"}

    def line(each: DiffLine) -> rx.Component:
        sign = rx.match(each.sign, *signs.items(), " ")
        spoken = rx.match(each.sign, ("new", "added: "), ("gone", "removed: "), "")
        return rx.el.div(
            rx.el.span(sign, class_name="sign", aria_hidden="true"),
            rx.el.span(spoken, class_name="hidden"),
            rx.el.span(each.text),
            class_name="line " + each.sign,
        )

    shown = rx.el.div(
        rx.el.h3(MaterialState.compared),
        rx.el.div(rx.foreach(MaterialState.lines, line), class_name="diff", tab_index=0),
        class_name="differences",
    )
    return rx.cond(MaterialState.compared, shown, rx.fragment())

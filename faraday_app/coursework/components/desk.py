"""Where a student works: the composer, the files, handing in, and what was handed in before."""

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.components.class_work import problem
from faraday_app.coursework.service.submissions.writing import LONGEST
from faraday_app.coursework.state.desk import FIELD, DeskState
from faraday_app.coursework.work_views import AttemptView, FileView


def work_desk() -> rx.Component:
    composer = rx.cond(DeskState.refused, ui.callout(DeskState.refused, "amber"), _composer())
    return rx.cond(
        DeskState.loaded,
        rx.fragment(composer, rx.cond(DeskState.attempts, _attempts(), rx.fragment())),
        ui.skeleton_lines(4),
    )


def _composer() -> rx.Component:
    """What is typed is kept as it is typed; leaving while something is not kept yet is asked about."""
    kept = rx.cond(DeskState.unsaved, "Keeping what you typed …", DeskState.saved)
    foot = rx.el.div(
        rx.el.span(kept, class_name="meta grow", role="status"),
        rx.el.span(DeskState.left, class_name="meta"),
        ui.primary_button("Hand in", icon="send", on_click=DeskState.hand_in, busy=DeskState.handing),
        class_name="row wrap",
        custom_attrs={"data-unsaved": rx.cond(DeskState.unsaved, "true", "false")},
    )
    return rx.el.section(
        rx.el.h2("Your work"),
        rx.cond(DeskState.team, rx.el.p("You hand in together: ", DeskState.team, class_name="meta"), rx.fragment()),
        rx.cond(DeskState.clash, _clash(), rx.fragment()),
        rx.cond(DeskState.takes_text, _text(), rx.fragment()),
        rx.cond(DeskState.takes_link, _link(), rx.fragment()),
        rx.cond(DeskState.takes_files, _files(), rx.fragment()),
        problem(DeskState.problem),
        foot,
        class_name="stack panel pad",
        aria_label="Your work",
    )


def _text() -> rx.Component:
    return ui.textarea_field(
        "work_text",
        "Text",
        value=DeskState.text,
        on_change=DeskState.write,
        rows=12,
        max_length=LONGEST,
        help="Markdown works: headings, lists, tables.",
    )


def _link() -> rx.Component:
    return ui.text_field(
        "work_link",
        "Link",
        type="url",
        value=DeskState.link,
        on_change=DeskState.set_link,
        max_length=2_000,
        placeholder="https://",
    )


def _files() -> rx.Component:
    field = rx.el.input(type="file", id=FIELD, accept=DeskState.kinds, multiple=True, class_name="input")
    takes = rx.cond(DeskState.kinds, DeskState.kinds + ", up to 20 MB each.", "Up to 20 MB each.")
    send = ui.secondary_button("Add files", icon="upload", on_click=DeskState.send, busy=DeskState.sending)
    return rx.fragment(
        rx.cond(DeskState.files, rx.el.div(ui.rows(rx.foreach(DeskState.files, _draft_file)), class_name="panel"),
                rx.fragment()),
        ui.form_field(FIELD, "Files", field, takes),
        rx.el.div(id=f"{FIELD}-progress", role="status", class_name="meta"),
        rx.el.div(send, class_name="row"),
    )  # fmt: skip


def _draft_file(file: FileView) -> rx.Component:
    remove = ui.icon_button("Remove " + file.name, "x", size="small", on_click=DeskState.remove(file.id))
    about = rx.cond(file.problem, rx.el.span(file.problem, class_name="line tone-red"), file.about)
    held = rx.cond(file.problem, ui.badge("In quarantine", "red", "shield_alert"), rx.fragment())
    return ui.row_item(
        file.name,
        about,
        leading=rx.icon("file_text", size=15),
        trailing=rx.fragment(held, remove),
        key=file.id,
    )


def _clash() -> rx.Component:
    """Both are shown; nothing is lost before one is chosen."""
    choice = rx.el.div(
        ui.secondary_button("Keep what I typed", on_click=DeskState.keep_mine),
        ui.secondary_button("Take the other", on_click=DeskState.take_theirs),
        class_name="row wrap",
    )
    return rx.el.div(
        ui.callout("This draft was changed in another window or by your team. What you typed is still below.", "amber"),
        rx.el.pre(DeskState.theirs, class_name="data-text", tab_index=0, aria_label="What the other window has"),
        choice,
        class_name="stack",
        role="alert",
    )


def _attempts() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Handed in"),
        rx.foreach(DeskState.attempts, attempt),
        class_name="stack",
        aria_label="Handed in",
    )


def attempt(each: AttemptView) -> rx.Component:
    """What was handed in, with its receipt."""
    files = rx.cond(each.files, ui.rows(rx.foreach(each.files, _handed_file)), rx.fragment())
    receipt = rx.el.div(
        rx.el.span("Receipt ", class_name="meta"),
        rx.el.code(each.receipt, class_name="clip num"),
        ui.copy_button(each.receipt, "Copy the receipt"),
        class_name="row",
    )
    return rx.el.article(
        rx.el.div(rx.el.h3(each.title), ui.badge(each.badge, each.tone), class_name="row"),
        rx.cond(each.html, rx.el.div(rx.html(each.html), class_name="prose"), rx.fragment()),
        rx.cond(each.link, ui.outside_link(each.link, each.link), rx.fragment()),
        files,
        receipt,
        class_name="stack panel pad",
        key=each.id,
    )


def _handed_file(file: FileView) -> rx.Component:
    download = ui.download_link("Download", to=file.href)
    return ui.row_item(file.name, file.about, leading=rx.icon("file_text", size=15), trailing=download, key=file.id)

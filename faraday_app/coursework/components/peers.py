"""Reviews of classmates' work: what a student owes, the place to write one, and those of one's own work."""

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.components.class_work import problem
from faraday_app.coursework.peer_views import PeerCriterionView, PeerLevelView, PeerTaskView, ReceivedView
from faraday_app.coursework.service.peers import LONGEST
from faraday_app.coursework.state.peers import PeerDeskState, PeerTasksState
from faraday_app.coursework.work_views import FileView

_DESK = PeerDeskState.desk
_OPEN = _DESK.closed == ""


def reviews_to_write() -> rx.Component:
    """Nothing at all where there is nothing to write. It is what comes next for whoever has handed in."""
    return rx.fragment(rx.cond(PeerTasksState.tasks, _owed(), rx.fragment()), _desk())


def reviews_received() -> rx.Component:
    """Nothing at all where there is nothing to read."""
    return rx.cond(PeerTasksState.received, _received(), rx.fragment())


def _owed() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Reviews to write", class_name="grow"),
            rx.el.span(PeerTasksState.due, class_name="meta"),
            class_name="row",
        ),
        rx.el.div(ui.rows(rx.foreach(PeerTasksState.tasks, _task)), class_name="panel"),
        class_name="stack",
        aria_label="Reviews to write",
    )


def _task(task: PeerTaskView) -> rx.Component:
    write = ui.secondary_button(
        "Open", size="small", on_click=PeerDeskState.begin(task.id), aria_label="Open the " + task.title
    )
    badge = ui.badge(task.badge, task.tone)
    return ui.row_item(task.title, trailing=rx.fragment(badge, write), key=task.id)


def _received() -> rx.Component:
    return rx.el.section(
        rx.el.h2("What classmates say"),
        rx.el.p("None of it is a grade, and none of it counts for one.", class_name="meta"),
        rx.foreach(PeerTasksState.received, _review),
        class_name="stack",
        aria_label="What classmates say",
    )


def _review(each: ReceivedView) -> rx.Component:
    return rx.el.article(
        rx.el.h3(each.title, class_name="strong"),
        said(each.criteria, each.comment),
        class_name="stack panel pad",
        key=each.id,
    )


def said(criteria: rx.Var[list[PeerCriterionView]], comment: rx.Var[str]) -> rx.Component:
    """A review as it is read."""
    return rx.fragment(
        rx.el.div(rx.foreach(criteria, _judged), class_name="stack rubric"),
        rx.cond(comment, rx.el.p(comment, class_name="said place-words"), rx.fragment()),
    )


def _judged(each: PeerCriterionView) -> rx.Component:
    levels = rx.foreach(each.levels, lambda level: rx.cond(level.chosen, ui.badge(level.title, "iris"), rx.fragment()))
    points = rx.cond(each.points, each.points, "—")
    got = rx.cond(each.most, rx.el.span(points, " / ", each.most, class_name="num meta"), rx.fragment())
    return rx.el.section(
        rx.el.header(
            rx.el.h4(each.title, class_name="strong"),
            rx.el.span(levels, got, class_name="row"),
            class_name="row spread",
        ),
        rx.cond(each.remark, rx.el.p(each.remark, class_name="said"), rx.fragment()),
        class_name="criterion",
        key=each.id,
    )


def _desk() -> rx.Component:
    again = ui.secondary_button("Change it", icon="pencil", on_click=PeerDeskState.take_up_again)
    closed = rx.cond(_DESK.sent, ui.callout(_DESK.closed, "green"), ui.callout(_DESK.closed, "amber"))
    acts = rx.cond(
        _OPEN,
        ui.primary_button("Send the review", icon="send", on_click=PeerDeskState.send),
        rx.cond(_DESK.sent, again, rx.fragment()),
    )
    return ui.dialog(
        _DESK.title,
        "What you write is kept as you write it, and read by nobody before you send it. It is no grade.",
        rx.cond(_OPEN, rx.fragment(), closed),
        _work(),
        rx.cond(_OPEN, _form(), said(_DESK.criteria, _DESK.comment)),
        problem(PeerDeskState.problem),
        rx.el.span(PeerDeskState.saved, class_name="meta", role="status"),
        open=PeerDeskState.open,
        on_open_change=PeerDeskState.set_open,
        actions=[ui.secondary_button("Close", on_click=PeerDeskState.set_open(False)), acts],
        width="700px",
    )


def _work() -> rx.Component:
    text = rx.el.div(rx.html(_DESK.html), class_name="paper prose markdown", tab_index=0)
    return rx.el.section(
        rx.el.h3("The work", class_name="strong"),
        rx.cond(_DESK.html, text, rx.fragment()),
        rx.cond(_DESK.link, ui.outside_link(_DESK.link, _DESK.link), rx.fragment()),
        rx.cond(_DESK.files, ui.rows(rx.foreach(_DESK.files, _file)), rx.fragment()),
        class_name="stack",
        aria_label="The work",
    )


def _file(file: FileView) -> rx.Component:
    download = rx.el.a("Download", href=file.href, download=True, class_name="link")
    return ui.row_item(file.name, file.about, leading=rx.icon("file_text", size=15), trailing=download, key=file.id)


def _form() -> rx.Component:
    comment = ui.textarea_field(
        "peer_comment",
        "What works well, and what would make it better",
        default_value=_DESK.comment,
        on_blur=PeerDeskState.write_comment,
        rows=5,
        max_length=LONGEST,
        key=_DESK.id,
    )
    return rx.el.section(
        rx.el.h3("Your review", class_name="strong"),
        rx.el.div(rx.foreach(_DESK.criteria, _criterion), class_name="stack rubric"),
        comment,
        class_name="stack",
        aria_label="Your review",
    )


def _criterion(each: rx.Var[PeerCriterionView]) -> rx.Component:
    points = rx.cond(each.points, each.points, "—")
    worth = rx.cond(each.most, rx.el.span(points, " / ", each.most, class_name="num meta"), rx.fragment())
    remark = rx.el.textarea(
        class_name="input",
        rows="2",
        placeholder="Remark",
        aria_label=rx.Var.create("Remark on ") + each.title,
        default_value=each.remark,
        max_length=2_000,
        on_blur=lambda typed: PeerDeskState.write_remark(each.id, typed),
    )
    levels = rx.el.div(
        rx.foreach(each.levels, lambda level: _level(each, level)),
        class_name="levels",
        role="group",
        aria_label=each.title,
    )
    return rx.el.section(
        rx.el.header(rx.el.h4(each.title, class_name="strong"), worth, class_name="row spread"),
        rx.cond(each.details, rx.el.p(each.details, class_name="meta"), rx.fragment()),
        levels,
        rx.cond(each.ranged, _points(each), rx.fragment()),
        remark,
        class_name="criterion",
        key=each.id,
    )


def _level(criterion: rx.Var[PeerCriterionView], level: rx.Var[PeerLevelView]) -> rx.Component:
    title = rx.el.span(level.title, class_name="strong")
    return rx.el.button(
        rx.el.span(title, rx.el.span(level.points, class_name="num"), class_name="row spread"),
        rx.cond(level.text, rx.el.span(level.text, class_name="meta"), rx.fragment()),
        type="button",
        class_name="level",
        aria_pressed=rx.cond(level.chosen, "true", "false"),
        on_click=PeerDeskState.choose(criterion.id, level.place),
        key=level.place.to_string(),
    )


def _points(each: rx.Var[PeerCriterionView]) -> rx.Component:
    name = rx.Var.create("peer-points-") + each.id
    field = rx.el.input(
        id=name,
        class_name="input small num",
        input_mode="decimal",
        default_value=each.points,
        on_blur=lambda typed: PeerDeskState.write_points(each.id, typed),
        key=each.id + each.points,
    )
    return rx.el.label(rx.el.span("Points", class_name="meta"), field, html_for=name, class_name="row")

"""How students review each other, and how far they are: for the staff of the class."""

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.components.class_work import problem
from faraday_app.coursework.components.peers import said
from faraday_app.coursework.peer_views import GivenView
from faraday_app.coursework.state.peers import PeerPlanState

_PLAN = PeerPlanState
_BY = [("lot", "By lot, evenly"), ("teacher", "I choose who reviews whom")]


def peer_plan(may_change: rx.Var[bool]) -> rx.Component:
    none = ui.empty_state(
        "users_round",
        "No peer review",
        "Say under Settings how many reviews each student writes of others' work, and save.",
    )
    found = rx.el.div(
        _head(may_change),
        problem(_PLAN.problem),
        _who(may_change),
        rx.cond(may_change, rx.fragment(_form(), _choosing()), rx.fragment()),
        _reading(),
        _releasing(),
        class_name="stack",
    )
    return rx.cond(_PLAN.each > 0, found, none)


def _head(may_change: rx.Var[bool]) -> rx.Component:
    begin = rx.cond(_PLAN.started, "Give out what is missing", "Give them out now")
    give_out = ui.secondary_button(begin, icon="shuffle", on_click=_PLAN.begin)
    show = rx.cond(
        _PLAN.released,
        ui.secondary_button("Stop showing them", icon="eye_off", on_click=_PLAN.withhold),
        ui.primary_button("Release the reviews", icon="eye", on_click=_PLAN.set_releasing(True)),
    )
    acts = rx.fragment(
        rx.cond(_PLAN.by_lot & ~_PLAN.released, give_out, rx.fragment()),
        rx.cond(_PLAN.sent > 0, show, rx.fragment()),
    )
    return rx.el.div(
        rx.el.p(_PLAN.summary, class_name="meta grow", role="status"),
        rx.cond(may_change, acts, rx.fragment()),
        class_name="row wrap",
    )


def _who(may_change: rx.Var[bool]) -> rx.Component:
    def row(each: GivenView) -> rx.Component:
        read = ui.ghost_button("Read", size="small", on_click=_PLAN.read(each.id), aria_label="Read how " + each.whole)
        back = ui.icon_button("Take back: " + each.whole, "x", size="small", on_click=_PLAN.take_back(each.id))
        act = rx.cond(each.sent, read, rx.cond(may_change, back, rx.fragment()))
        about = rx.el.span(each.about, class_name="wraps")
        return ui.row_item(each.title, about, trailing=rx.fragment(ui.badge(each.badge, each.tone), act), key=each.id)

    left = rx.el.p("Nobody reviews yet: ", _PLAN.unreviewed, ".", class_name="meta")
    rows = rx.el.div(ui.rows(rx.foreach(_PLAN.given, row)), class_name="panel")
    return rx.el.section(
        rx.el.h2("Who reviews whom"),
        rx.cond(
            _PLAN.given, rows, rx.el.p("Only those who have handed in review, and are reviewed.", class_name="meta")
        ),
        rx.cond(_PLAN.more, rx.el.p(_PLAN.more, class_name="meta"), rx.fragment()),
        rx.cond(_PLAN.unreviewed, left, rx.fragment()),
        class_name="stack",
        aria_label="Who reviews whom",
    )


def _form() -> rx.Component:
    return rx.el.form(
        ui.form_section(
            "How they review",
            "By the rubric of the assignment if it has one, with remarks. A review is never a grade.",
            ui.select_field(
                "peer_by",
                "Who reviews whom",
                _BY,
                default_value=rx.cond(_PLAN.by_lot, "lot", "teacher"),
                help="By lot: once the assignment is due, and for whoever hands in later when they do.",
            ),
            ui.check_field(
                "peer_anonymous",
                "Without names",
                help="Neither side is told the other's name. You see both.",
                default_checked=_PLAN.anonymous,
            ),
            ui.text_field(
                "peer_due_at",
                "Reviews are due",
                type="datetime-local",
                default_value=_PLAN.due_at,
                help="Empty: no date.",
            ),
            ui.check_field(
                "peer_opens", "Show them by themselves when they are due", default_checked=_PLAN.opens_when_due
            ),
        ),
        rx.el.div(ui.secondary_button("Save how they review", type="submit"), class_name="row"),
        on_submit=_PLAN.save,
        class_name="form stack apart",
        key=_PLAN.edition,
    )


def _choosing() -> rx.Component:
    names = rx.Var.create([("", "Choose a student")]) + _PLAN.students
    form = rx.el.form(
        ui.select_field("peer_reviewer", "Reviewer", names),
        ui.select_field("peer_author", "Reviews the work of", names),
        rx.el.div(ui.secondary_button("Give this review", icon="plus", type="submit"), class_name="row"),
        on_submit=_PLAN.give,
        reset_on_submit=True,
        class_name="form stack",
    )
    section = rx.el.section(rx.el.h2("Give one more"), form, class_name="stack apart", aria_label="Give one more")
    return rx.cond((_PLAN.students.length() > 1) & ~_PLAN.released, section, rx.fragment())


def _reading() -> rx.Component:
    return ui.dialog(
        _PLAN.reading,
        "As it was sent.",
        said(_PLAN.criteria, _PLAN.comment),
        open=_PLAN.reading != "",
        on_open_change=_PLAN.set_reading,
        width="620px",
    )


def _releasing() -> rx.Component:
    return ui.confirm_dialog(
        "Release the reviews?",
        _PLAN.consequences,
        open=_PLAN.releasing,
        on_open_change=_PLAN.set_releasing,
        confirm="Release the reviews",
        on_confirm=_PLAN.release,
        danger=False,
    )

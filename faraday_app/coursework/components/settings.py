"""The form of a piece of work, other dates for some, and teams."""

import reflex as rx

from faraday_app import ui
from faraday_app.coursework.components.class_work import problem
from faraday_app.coursework.service.drafts import LONGEST_DESCRIPTION, LONGEST_TITLE
from faraday_app.coursework.state.proposing import ProposingState
from faraday_app.coursework.state.settings import DatesState, SettingsState
from faraday_app.coursework.work_views import OverrideView

_GRADING = [
    ("points", "Points"),
    ("percent", "Percent"),
    ("letter", "Letters"),
    ("gpa", "Grade points"),
    ("pass_fail", "Pass or fail"),
    ("not_graded", "Not graded"),
]
_TYPES = [("text", "Text"), ("file", "Files"), ("link", "A link"), ("paper", "On paper"), ("external", "Another tool")]
_touched = SettingsState.touch.throttle(1_000)


def settings_form() -> rx.Component:
    bar = ui.save_bar(dirty=SettingsState.dirty, on_discard=SettingsState.discard, busy=SettingsState.busy)
    fields = rx.el.div(problem(SettingsState.problem), _what(), _how(), _when(), _counting(), class_name="form")
    form = rx.el.form(fields, bar, on_submit=SettingsState.save, key=SettingsState.edition)
    teams = rx.cond(SettingsState.checks["group_work"], _teams(), rx.fragment())
    return rx.el.div(_proposing(), form, _others(), teams, _dialog(), class_name="settings-parts")


def _proposing() -> rx.Component:
    """A model drafts it, the teacher edits it."""
    kinds = [("assignment", "An assignment"), ("quiz", "A quiz")]
    answers = rx.cond(ProposingState.answers, ui.callout(ProposingState.answers, "iris"), rx.fragment())
    dialog = ui.dialog(
        "Draft with a model",
        "It goes into the form for you to edit. Nothing is saved or published by itself.",
        problem(ProposingState.problem),
        rx.el.form(
            ui.select_field("kind", "What", kinds),
            ui.textarea_field("wish", "What about", rows=4, max_length=2_000, required=True,
                              help="Name no students: only what you write here goes to the model."),
            rx.el.div(
                ui.secondary_button("Cancel", on_click=ProposingState.set_open(False)),
                ui.primary_button("Draft it", type="submit", busy=ProposingState.busy),
                class_name="dialog-foot",
            ),
            on_submit=ProposingState.ask,
            class_name="stack",
        ),
        open=ProposingState.open,
        on_open_change=ProposingState.set_open,
    )  # fmt: skip
    begin = ui.secondary_button("Draft with a model", icon="sparkles", on_click=ProposingState.set_open(True))
    return rx.fragment(rx.el.div(begin, class_name="row"), answers, dialog)


def _text(name: str, label: str, **props: object) -> rx.Component:
    return ui.text_field(name, label, default_value=SettingsState.form[name], on_change=lambda _: _touched, **props)


def _check(name: str, label: str, help: str = "") -> rx.Component:
    return ui.check_field(
        name, label, help=help, default_checked=SettingsState.checks[name], on_change=lambda _: _touched
    )


def _select(name: str, label: str, options: object) -> rx.Component:
    return ui.select_field(
        name,
        label,
        options,
        default_value=SettingsState.form[name],
        on_change=lambda _: _touched,
    )


def _what() -> rx.Component:
    return ui.form_section(
        "What to do",
        "Students see it once it is published and open.",
        _text("title", "Title", required=True, max_length=LONGEST_TITLE),
        ui.textarea_field(
            "description",
            "Description",
            default_value=SettingsState.form["description"],
            on_change=lambda _: _touched,
            rows=10,
            max_length=LONGEST_DESCRIPTION,
            help="Markdown works: headings, lists, tables, links.",
        ),
        _select("group_id", "Group", SettingsState.groups),
    )


def _how() -> rx.Component:
    types = rx.el.fieldset(
        rx.el.legend("Handed in as"),
        *(_check(f"by_{name}", label) for name, label in _TYPES),
        class_name="stack",
    )
    return ui.form_section(
        "How it is handed in",
        "What a file is, is told by its content.",
        types,
        _text("file_kinds", "Kinds of files", placeholder="pdf, docx", help="Empty: any."),
        _text("external_url", "Address of the other tool", type="url", placeholder="https://"),
        _text("attempts", "Attempts", input_mode="numeric", help="Empty: as often as they like."),
        _check("group_work", "Teams hand in together"),
        _text("peer_reviews", "Peer reviews by each student", input_mode="numeric"),
    )


def _when() -> rx.Component:
    def moment(name: str, label: str, help: str) -> rx.Component:
        return _text(name, label, type="datetime-local", help=help)

    return ui.form_section(
        "When",
        "In your time zone.",
        moment("due_at", "Due", "Later is late, and still taken."),
        moment("available_from", "Open from", "Before, only the title and the date can be seen."),
        moment("available_until", "Open until", "It closes by itself then."),
        _check("for_everyone", "For the whole class", "Otherwise only for those with dates of their own, below."),
    )


def _counting() -> rx.Component:
    return ui.form_section(
        "What it counts",
        "In its group, by the rules of the class.",
        _text("points", "Points", input_mode="decimal"),
        _select("grading_type", "Graded in", _GRADING),
        _check("anonymous", "Grade without names"),
        _check("omitted", "Leave it out of the final grade"),
        ui.link("Rubric and markers", to="/assignment/marking?id=" + SettingsState.id),
    )


def _others() -> rx.Component:
    rows = rx.cond(
        SettingsState.overrides,
        ui.rows(rx.foreach(SettingsState.overrides, _override)),
        rx.el.p("The same dates for everybody.", class_name="meta pad"),
    )
    add = ui.secondary_button("Other dates", icon="calendar_plus", size="small", on_click=DatesState.begin)
    return rx.el.section(
        rx.el.div(rx.el.h2("Other dates", class_name="grow"), add, class_name="row"),
        rx.el.div(rows, class_name="panel"),
        class_name="stack",
        aria_label="Other dates",
    )


def _override(each: OverrideView) -> rx.Component:
    remove = ui.icon_button(
        "Take the dates of " + each.who + " away", "x", size="small", on_click=SettingsState.remove_dates(each.id)
    )
    return ui.row_item(each.who, each.about, trailing=remove, key=each.id)


def _teams() -> rx.Component:
    make = rx.el.form(
        ui.text_field("team_size", "Students in a team", default_value="3", input_mode="numeric"),
        ui.secondary_button("Draw teams", icon="shuffle", type="submit"),
        on_submit=SettingsState.make_teams,
        class_name="stack",
    )
    rows = ui.rows(rx.foreach(SettingsState.teams, lambda each: ui.row_item(each.who, each.about, key=each.id)))
    return rx.el.section(
        rx.el.h2("Teams"),
        rx.cond(SettingsState.teams, rx.el.div(rows, class_name="panel"), rx.fragment()),
        make,
        class_name="stack",
        aria_label="Teams",
    )


def _dialog() -> rx.Component:
    def moment(name: str, label: str) -> rx.Component:
        return ui.text_field(f"other_{name}", label, type="datetime-local", help="Empty: none.")

    return ui.dialog(
        "Other dates",
        "All three hold for them in place of the class's. A student's go before a section's.",
        problem(DatesState.problem),
        rx.el.form(
            ui.select_field("target", "For", DatesState.targets),
            moment("due_at", "Due"),
            moment("available_from", "Open from"),
            moment("available_until", "Open until"),
            rx.el.div(
                ui.secondary_button("Cancel", on_click=DatesState.set_open(False)),
                ui.primary_button("Save", type="submit"),
                class_name="dialog-foot",
            ),
            on_submit=DatesState.save,
            class_name="stack",
        ),
        open=DatesState.open,
        on_open_change=DatesState.set_open,
    )

"""The grading screen: the pile, the work, and the marks."""

import reflex as rx

from faraday_app import ui
from faraday_app.gradebook.components.remarks import remarks
from faraday_app.gradebook.components.rubric import rubric
from faraday_app.gradebook.marking_views import FileView, OtherView, SegmentView, StudentRow
from faraday_app.gradebook.state.marking import MarkingState
from faraday_app.gradebook.state.remarks import RemarksState

ON = MarkingState.on


def students() -> rx.Component:
    """The pile, with how far each is."""
    told = rx.cond(
        MarkingState.anonymous,
        rx.el.p("Names are hidden until grades are posted.", class_name="meta"),
        rx.fragment(),
    )
    return rx.el.nav(told, rx.foreach(MarkingState.students, _student), aria_label="Students", class_name="stack-tight")


def _student(row: rx.Var[StudentRow]) -> rx.Component:
    return rx.el.button(
        ui.row_item(row.name, row.about, trailing=ui.badge(row.stage, row.tone)),
        type="button",
        class_name="choice wide",
        aria_current=rx.cond(row.code == ON.code, "true", "false"),
        on_click=[MarkingState.open(row.code), RemarksState.load],
        key=row.code,
    )


def work() -> rx.Component:
    """What was handed in. Words of it can be marked for a remark."""
    return rx.el.div(
        rx.cond(ON.segments.length() > 0, _text(), rx.fragment()),
        rx.cond(ON.link, rx.el.p(rx.icon("link", size=15), " ", ui.outside_link(ON.link, ON.link)), rx.fragment()),
        rx.cond(ON.files.length() > 0, ui.rows(rx.foreach(ON.files, _file)), rx.fragment()),
        rx.cond(
            (ON.segments.length() == 0) & (ON.link == "") & (ON.files.length() == 0),
            ui.empty_state("file_x", "Nothing was handed in here", "Work on paper can be marked all the same."),
            rx.fragment(),
        ),
        rx.el.textarea(id="marking-words", hidden=True, aria_hidden="true", tab_index=-1, on_change=RemarksState.hear),
        id="marking",
        class_name="stack marking-paper",
    )


def _text() -> rx.Component:
    return rx.el.article(
        rx.foreach(ON.segments, _segment),
        id="marking-text",
        class_name="paper",
        aria_label="The work that was handed in",
        custom_attrs={"data-key": ON.key},
    )


def _segment(each: rx.Var[SegmentView]) -> rx.Component:
    marked = rx.el.mark(each.text, custom_attrs={"data-remarks": each.remarks}, key=each.key)
    return rx.cond(each.remarks, marked, rx.el.span(each.text, key=each.key))


def _file(each: rx.Var[FileView]) -> rx.Component:
    name = rx.el.a(each.name, href=each.address, target="_blank", rel="noopener")
    return ui.row_item(name, each.kind, leading=rx.icon("file", size=16), key=each.address)


def marks() -> rx.Component:
    """The rubric, the grade, what others gave, and remarks."""
    return rx.el.div(
        rx.cond(MarkingState.clash, _clash(), rx.fragment()),
        rx.cond(MarkingState.has_rubric, rx.fragment(_points_told(), rubric(), _draft()), _no_rubric()),
        rx.cond(ON.others.length() > 0, _others(), rx.fragment()),
        rx.cond(RemarksState.agreement.length() > 0, _agreement(), rx.fragment()),
        remarks(),
        class_name="stack",
    )


def _points_told() -> rx.Component:
    wrong = rx.el.p("The rubric does not come to what the assignment is worth.", class_name="meta tone-amber")
    return rx.cond(MarkingState.fits, rx.fragment(), wrong)


def _no_rubric() -> rx.Component:
    return rx.el.p("There is no rubric for this assignment: give points and remarks.", class_name="meta")


def grade_bar() -> rx.Component:
    """At the foot: the grade, and the ways on."""
    score = rx.el.label(
        rx.el.span("Grade"),
        rx.el.input(
            id="marking-score",
            class_name="input small num",
            input_mode="decimal",
            placeholder=rx.cond(ON.comes_to, ON.comes_to, "—"),
            default_value=ON.score,
            read_only=~MarkingState.grades,
            on_blur=lambda typed: MarkingState.write_score(ON.key, typed),
            key=ON.key + ON.score,
        ),
        rx.cond(MarkingState.points, rx.el.span("of ", MarkingState.points, class_name="meta num"), rx.fragment()),
        html_for="marking-score",
        class_name="row",
    )
    state = rx.el.span(
        rx.cond(ON.on_the_way, "Draft kept", rx.cond(ON.posted, "Posted", rx.cond(ON.grade_version > 0, "Graded", ""))),
        class_name="meta",
        role="status",
    )
    steps = rx.el.div(
        _step("Previous student (k)", "chevron_up", "marking-previous", -1),
        _step("Next student (j)", "chevron_down", "marking-next", 1),
        class_name="row",
    )
    save = rx.cond(
        MarkingState.grades,
        ui.primary_button("Save", id="marking-save", on_click=MarkingState.save(ON.key, ON.grade_version)),
        rx.fragment(),
    )
    return rx.el.div(
        rx.cond(MarkingState.needs_reason, _reason(), rx.fragment()),
        rx.el.div(score, state, rx.el.span(class_name="grow"), steps, save, class_name="row wrap"),
        class_name="stack-tight grade-bar",
    )


def _step(label: str, icon: str, id: str, by: int) -> rx.Component:
    return ui.icon_button(label, icon, id=id, on_click=[MarkingState.step(by), RemarksState.load])


def _reason() -> rx.Component:
    why = rx.el.input(
        name="reason",
        class_name="input",
        placeholder="Why does the posted grade change?",
        required=True,
        max_length=400,
        aria_label="Reason",
    )
    return rx.el.form(
        why,
        ui.primary_button("Save with this reason", type="submit", size="small"),
        on_submit=lambda form: MarkingState.save_because(ON.key, ON.grade_version, form),
        class_name="row",
    )


def _clash() -> rx.Component:
    theirs = rx.Var.create("Keep theirs: ") + MarkingState.clash_theirs
    mine = rx.Var.create("Save mine: ") + MarkingState.clash_mine
    return rx.el.div(
        ui.callout(MarkingState.clash, "amber"),
        rx.el.div(
            ui.secondary_button(theirs, size="small", on_click=MarkingState.leave_theirs),
            ui.secondary_button(mine, size="small", on_click=MarkingState.save_over(ON.key)),
            class_name="row wrap",
        ),
        class_name="stack",
        role="alert",
    )


def _draft() -> rx.Component:
    """A model's draft: asked for by the teacher, and never posted by itself."""
    ask = ui.secondary_button(
        "Draft feedback",
        icon="sparkles",
        size="small",
        busy=ON.draft == "waiting",
        disabled=ON.draft == "waiting",
        on_click=RemarksState.ask_for_draft(ON.key),
    )
    told = rx.match(
        ON.draft,
        ("waiting", rx.el.p("The model reads the work, without anybody's name …", class_name="meta", role="status")),
        ("refused", ui.callout(ON.draft_told, "amber")),
        ("failed", ui.callout(ON.draft_told, "red")),
        rx.el.p("Proposes levels with passages from the work. You decide; nothing is posted.", class_name="meta"),
    )
    rate = rx.cond(RemarksState.rate, rx.el.p(RemarksState.rate, class_name="meta"), rx.fragment())
    return rx.cond(
        MarkingState.grades & (ON.segments.length() > 0),
        rx.el.div(ask, told, rate, class_name="stack-tight"),
        rx.fragment(),
    )


def _others() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Other markers"),
        ui.rows(rx.foreach(ON.others, _other)),
        aria_label="Other markers",
    )


def _other(each: rx.Var[OtherView]) -> rx.Component:
    choose = rx.cond(
        MarkingState.moderates & ~each.chosen,
        ui.secondary_button("Choose", size="small", on_click=MarkingState.stand_by(ON.key, each.id)),
        rx.cond(each.chosen, ui.badge("Stands", "green"), rx.fragment()),
    )
    return ui.row_item(each.name, rx.Var.create("gave ") + each.comes_to, trailing=choose, key=each.id)


def _agreement() -> rx.Component:
    lines = rx.foreach(
        RemarksState.agreement,
        lambda each: ui.figure_line(each.title, each.pairs, each.exact, each.near, each.kappa, key=each.title),
    )
    return ui.fold(
        "How far markers agree",
        ui.figure_table("Agreement", ("Pairs", "Same level", "Within one", "Kappa"), lines),
        rx.el.p("Kappa is Cohen's, weighted by the square of the distance, from ten pairs on.", class_name="meta"),
    )

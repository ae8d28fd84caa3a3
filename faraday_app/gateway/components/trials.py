"""Drills, replays, and what was learned."""

import reflex as rx

from faraday_app import ui
from faraday_app.gateway.service.replaying import MOST_DAYS
from faraday_app.gateway.state import DrillsState, LearnedState, ReplayState
from faraday_app.gateway.views import Schedule, Strategy
from faraday_app.gateway.views.trials import DrillView, LearnedTask, LearnedView, OutcomeView, ReplayView

_SCHEDULES = [(schedule.value, schedule.label) for schedule in Schedule]
_STRATEGIES = [(strategy.value, strategy.label) for strategy in Strategy]


def drills_section() -> rx.Component:
    now = ui.secondary_button(
        "Drill now", icon="flame", on_click=DrillsState.start, disabled=DrillsState.going_on, busy=DrillsState.going_on
    )
    table = ui.data_table(
        "Failover drills",
        [
            ui.Column("When", lambda row: row.when, width="22%"),
            ui.Column("Begun", lambda row: row.by, phone="hide"),
            ui.Column("Recovered", lambda row: rx.el.span(row.recovered, class_name="num"), align="end"),
            ui.Column("Added, median", lambda row: rx.el.span(row.added, class_name="num"), align="end"),
            ui.Column("Credits more", lambda row: rx.el.span(row.cost, class_name="num"), align="end"),
            ui.Column("Outcome", lambda row: ui.badge(row.says, row.tone)),
        ],
        DrillsState.rows,
        empty=ui.Empty(
            "flame", "No drill yet", "A drill breaks each first choice on purpose and asks who stands in for it."
        ),
        loading=DrillsState.loading,
        menu=_report,
    )
    lead = _lead(
        "Failover drills",
        "What would happen if a provider failed now: each way it can break is tried, and a short question is asked of"
        " the others for real. People notice nothing of it.",
    )
    schedule = ui.filter_select("By itself", _SCHEDULES, DrillsState.schedule, DrillsState.set_schedule)
    return rx.el.section(lead, ui.filter_bar(schedule, trailing=(now,)), table, class_name="stack")


def _report(row: DrillView) -> rx.Component:
    return ui.icon_button("Report of " + row.when, "file_text", size="small", on_click=DrillsState.show(row.id))


def drill_dialog() -> rx.Component:
    return ui.dialog(
        "Report of a drill",
        "Beside an undisturbed answer by the same model.",
        rx.el.p(DrillsState.summary),
        ui.rows(rx.foreach(DrillsState.outcomes, _outcome)),
        open=DrillsState.open,
        on_open_change=DrillsState.set_open,
        width="600px",
    )


def _outcome(row: OutcomeView) -> rx.Component:
    return ui.row_item(row.title, row.meta, trailing=ui.badge(row.says, row.tone), key=row.id)


def replay_section() -> rx.Component:
    form = rx.el.form(
        ui.select_field("replay_strategy", "Ask first", _STRATEGIES, default_value=Strategy.cheapest.value),
        ui.text_field(
            "replay_days",
            "Of the last days",
            default_value="7",
            input_mode="numeric",
            auto_complete="off",
            max_length=3,
            help=f"1 to {MOST_DAYS}.",
        ),
        ui.check_field("replay_learned", "Go by what was learned, where Auto chooses"),
        rx.el.div(
            ui.primary_button(
                "Replay", type="submit", icon="history", disabled=ReplayState.going_on, busy=ReplayState.going_on
            )
        ),
        on_submit=ReplayState.start,
        class_name="stack",
        style={"maxWidth": "420px"},
    )
    lead = _lead(
        "Replay",
        "What another policy would have done with the calls that were made: their cost, the wait and the failures,"
        " beside what really happened. It reads the receipts and asks nobody.",
    )
    none = ui.empty_state("history", "Nothing was replayed yet", "Choose an order and how far back.")
    rows = rx.el.div(rx.foreach(ReplayState.rows, _replay), class_name="stack")
    shown = rx.cond(ReplayState.rows, rows, none)
    return rx.el.section(lead, form, rx.cond(ReplayState.loading, ui.skeleton_lines(3), shown), class_name="stack")


def _replay(row: ReplayView) -> rx.Component:
    head = rx.el.div(
        rx.el.strong(row.what, class_name="grow"),
        rx.el.span(row.calls, " · ", row.when, class_name="meta num"),
        ui.badge(row.says, row.tone),
        class_name="row",
    )
    table = ui.figure_table(row.what, _COMPARED, rx.foreach(row.lines, _compared))
    return rx.el.article(
        head,
        rx.cond(row.lines, table, rx.fragment()),
        rx.cond(row.note, rx.el.p(row.note, class_name="meta"), rx.fragment()),
        class_name="stack",
        key=row.id,
    )


_COMPARED = ("As it was", "Under this policy", "Change")


def _compared(line: rx.Var[tuple[str, str, str, str]]) -> rx.Component:
    return ui.figure_line(line[0], line[1], line[2], line[3], key=line[0])


def learned_section() -> rx.Component:
    lead = _lead(
        "Learning",
        "People judge answers with a thumb up or down; from that, the wait and the cost Faraday learns which model is"
        " worth asking for what. It goes on trying those it knows little of.",
    )
    switch = ui.check_field(
        "learning_on",
        "Have Auto go by what was learned",
        checked=LearnedState.on,
        on_change=LearnedState.switch,
        help="Off, Auto goes by the order of the policy, and judgements are still learned from.",
    )
    none = ui.empty_state(
        "thumbs_up", "Nothing was learned yet", "As soon as somebody judges an answer, what it teaches stands here."
    )
    tasks = rx.el.div(rx.foreach(LearnedState.tasks, _task), class_name="stack")
    shown = rx.cond(LearnedState.tasks, tasks, none)
    return rx.el.section(lead, switch, rx.cond(LearnedState.loading, ui.skeleton_lines(4), shown), class_name="stack")


def _task(task: LearnedTask) -> rx.Component:
    return rx.el.section(
        rx.el.h3(task.task), ui.rows(rx.foreach(task.models, _learned)), class_name="explanation", key=task.task
    )


def _learned(model: LearnedView) -> rx.Component:
    """The bar goes from the least to the most that it may be; the words say the same."""
    reach = {"width": model.width.to_string() + "%", "marginLeft": model.low.to_string() + "%"}
    bar = rx.el.span(rx.el.i(style=reach), class_name="meter", aria_hidden="true", style={"maxWidth": "320px"})
    return rx.el.div(
        rx.el.span(
            rx.el.span(model.label, class_name="title"),
            rx.el.span(model.words, class_name="meta line num"),
            rx.el.span("Asked first in ", model.first, " calls", class_name="meta line num"),
            bar,
            class_name="text",
        ),
        class_name="item top",
        key=model.id,
    )


def _lead(title: str, text: str) -> rx.Component:
    return rx.el.div(rx.el.h2(title), rx.el.p(text, class_name="muted"))

"""The badge in the top bar, and the parts of the credits page."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.credits.state import (
    BalanceState,
    CreditsState,
    DayView,
    GrantState,
    LineView,
    PersonView,
    StatementState,
    UsageState,
)


def balance_badge() -> rx.Component:
    """What the viewer has, in the top bar of every page; leads to the statement."""
    badge = ui.go(
        ui.badge(BalanceState.text, icon="coins"),
        to="/credits",
        aria_label=BalanceState.text + " credits",
        title="Your credits",
    )
    return rx.el.span(rx.cond(BalanceState.text, badge, rx.fragment()), on_mount=BalanceState.load)


def balance_tiles() -> rx.Component:
    """What there is, what is held and what was spent; for administrators what can be granted."""
    loading = ui.skeleton_lines(1)
    return ui.tiles(
        ui.tile(
            "Your balance",
            "coins",
            figure=rx.cond(CreditsState.available, CreditsState.available, loading),
            caption=rx.cond(
                CreditsState.held == "0",
                "Ready to spend",
                CreditsState.held + " more held for answers that are being written",
            ),
            span=4,
        ),
        ui.tile(
            "Spent in 30 days",
            "trending_down",
            figure=rx.cond(UsageState.total, UsageState.total, loading),
            caption="By you, up to today",
            span=4,
        ),
        rx.cond(
            ui.allowed(Permission.credits_grant),
            ui.tile(
                "Organisation pool",
                "landmark",
                figure=rx.cond(CreditsState.pool, CreditsState.pool, loading),
                caption="Left to grant to members",
                span=4,
            ),
            rx.fragment(),
        ),
    )


def _plot() -> rx.Component:
    """The bars. The words beside it say the same to who does not see them."""
    return ui.bars(
        UsageState.days.map(lambda day: day.day),
        UsageState.days.map(lambda day: day.spent),
        UsageState.days.map(lambda day: day.label + "<br>" + day.text),
        by_day=True,
    )


def _day_row(day: DayView) -> rx.Component:
    return rx.el.tr(rx.el.td(day.label), rx.el.td(day.text), key=day.day)


def usage_chart() -> rx.Component:
    """How much each day; a table of the same for screen readers."""
    whose = ui.filter_select(
        "Whose usage",
        [("", "Only me"), ("everyone", "Everyone")],
        rx.cond(UsageState.everyone, "everyone", ""),
        UsageState.choose,
    )
    title = rx.cond(
        UsageState.everyone, "How many credits does everyone use each day?", "How many credits do I use each day?"
    )
    words = rx.el.table(rx.el.caption(title), rx.el.tbody(rx.foreach(UsageState.days, _day_row)), class_name="hidden")
    shown = rx.fragment(_plot(), words)
    return ui.tile(
        title,
        "chart_column",
        rx.el.div(
            rx.el.p(UsageState.summary, class_name="muted grow"),
            rx.cond(ui.allowed(Permission.credits_grant), whose, rx.fragment()),
            class_name="row",
            style={"marginTop": "4px", "minHeight": "34px"},
        ),
        rx.cond(UsageState.summary, rx.cond(UsageState.used, shown, rx.fragment()), ui.skeleton_lines(5)),
    )


def _what(line: LineView) -> rx.Component:
    return ui.row_item(line.what, rx.cond(line.note, line.note, ""))


def _amount(line: LineView) -> rx.Component:
    return rx.el.span(line.amount, class_name=rx.cond(line.incoming, "num strong", "num"))


def _when(line: LineView) -> rx.Component:
    return rx.el.span(line.at, class_name="muted num")


def _balance(line: LineView) -> rx.Component:
    return rx.el.span(line.balance, class_name="num")


def statement_table() -> rx.Component:
    """Every movement, newest first."""
    return ui.data_table(
        "Statement",
        [
            ui.Column("What", _what),
            ui.Column("When", _when, width="180px"),
            ui.Column("Amount", _amount, width="150px", align="end"),
            ui.Column("Balance", _balance, width="150px", align="end", phone="hide"),
        ],
        StatementState.lines,
        empty=ui.Empty(
            "coins",
            "No credits yet",
            "An administrator gives you credits. What you get and what your answers cost is listed here.",
        ),
        loading=StatementState.loading,
        error=StatementState.error,
        retry=StatementState.load,
        footer=ui.pager(
            StatementState.range,
            on_previous=StatementState.previous,
            on_next=StatementState.next,
            has_previous=StatementState.has_previous,
            has_next=StatementState.has_next,
        ),
    )


def statement_filters() -> rx.Component:
    """Administrators see what the organisation gave, too."""
    whose = ui.filter_select(
        "Whose statement",
        [("", "My statement"), ("pool", "Organisation pool")],
        StatementState.whose,
        StatementState.choose,
    )
    return rx.cond(ui.allowed(Permission.credits_grant), ui.filter_bar(whose), rx.fragment())


def _person(person: PersonView) -> rx.Component:
    return rx.el.button(
        ui.row_item(person.name, person.about, leading=ui.avatar(person.initials, person.tone)),
        type="button",
        on_click=GrantState.choose(person.id),
        class_name="choice",
        key=person.id,
        style={"width": "100%", "textAlign": "left"},
    )


def _person_field() -> rx.Component:
    """Search and choose; then who was chosen, and the way back."""
    chosen = GrantState.chosen
    search = rx.el.div(
        ui.text_field(
            "grant-person",
            "Person",
            error=GrantState.person_error,
            value=GrantState.query,
            on_change=GrantState.search,
            placeholder="Name or e-mail",
            auto_complete="off",
            auto_focus=True,
        ),
        rx.el.div(
            rx.foreach(GrantState.found, _person),
            rx.cond(GrantState.found, rx.fragment(), rx.el.p("Nobody matches.", class_name="meta")),
            role="group",
            aria_label="People found",
            style={"maxHeight": "196px", "overflowY": "auto", "marginTop": "6px", "contain": "inline-size"},
        ),
    )
    picked = ui.row_item(
        chosen.name,
        chosen.about,
        leading=ui.avatar(chosen.initials, chosen.tone),
        trailing=ui.secondary_button("Change", size="small", on_click=GrantState.choose_another),
    )
    return rx.cond(chosen.id, picked, search)


def grant_dialog() -> rx.Component:
    """To whom, how much, what for."""
    form = rx.el.form(
        rx.cond(GrantState.problem, ui.callout(GrantState.problem, "red"), rx.fragment()),
        _person_field(),
        ui.text_field(
            "amount",
            "Amount in credits",
            help="Whole or with up to two decimals. The organisation has " + CreditsState.pool + " left.",
            error=GrantState.amount_error,
            input_mode="decimal",
            auto_complete="off",
            required=True,
        ),
        ui.text_field(
            "memo", "What for", help="Shown in both statements.", error=GrantState.memo_error, max_length=200
        ),
        rx.el.div(
            ui.secondary_button("Cancel", on_click=GrantState.set_open(False)),
            ui.primary_button("Grant credits", type="submit", busy=GrantState.busy),
            class_name="dialog-foot",
        ),
        on_submit=GrantState.send,
        class_name="stack",
    )
    return ui.dialog(
        "Grant credits",
        "They move from the organisation's pool to the person's balance at once.",
        form,
        open=GrantState.open,
        on_open_change=GrantState.set_open,
    )

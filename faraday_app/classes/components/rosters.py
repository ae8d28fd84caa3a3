"""The parts of the page of rosters."""

import reflex as rx

from faraday_app import ui
from faraday_app.classes.oneroster import Action, Version
from faraday_app.classes.roster_views import ACTIONS, ChangeView, CountView, FindingView, HistoryView
from faraday_app.classes.state.rosters import FIELD, RostersState


def send_form() -> rx.Component:
    takes = "A OneRoster zip, 1.1 or 1.2, with its manifest.csv. Up to 20 MB. You see what it would change first."
    field = rx.el.input(type="file", id=FIELD, accept=".zip", class_name="input")
    look = ui.primary_button("Look at it", icon="scan_search", on_click=RostersState.send, busy=RostersState.sending)
    body = (ui.form_field(FIELD, "File", field, takes, RostersState.problem), rx.el.div(look, class_name="row"))
    return ui.tile("Bring in a roster", "upload", rx.el.div(*body, class_name="stack"), span=6)


def export_form() -> rx.Component:
    version = ui.select_field(
        "roster-version",
        "Version",
        [(each.value, f"OneRoster {each.value}") for each in Version],
        value=RostersState.version,
        on_change=RostersState.set_version,
        help="All classes, people, enrolments and grades as a zip that other systems read.",
    )
    demographics = ui.check_field(
        "roster-demographics",
        "Open demographics",
        help="Off, demographics.csv is not even unpacked. On, it is checked; it is never stored.",
        checked=RostersState.demographics,
        on_change=RostersState.set_demographics,
    )
    export = rx.el.div(ui.secondary_button("Export", icon="download", on_click=RostersState.export), class_name="row")
    return ui.tile(
        "Take it elsewhere", "download", rx.el.div(version, export, demographics, class_name="stack"), span=6
    )


def looked_at() -> rx.Component:
    """The package that waits, or was refused: what it would do, and what to do about it."""
    return rx.cond(
        RostersState.found.id,
        rx.el.section(_head(), _counts(), _findings(), _changes(), class_name="stack"),
        rx.fragment(),
    )


def _head() -> rx.Component:
    acts = rx.el.div(
        ui.secondary_button("Discard", on_click=RostersState.discard, disabled=RostersState.applying),
        ui.primary_button("Apply", icon="check", on_click=RostersState.set_asking(True), busy=RostersState.applying),
        class_name="row",
    )
    refused = ui.callout("Nothing of this file can be taken. Mend what is marked below, and send it again.", tone="red")
    return rx.fragment(
        rx.el.div(
            rx.el.div(
                rx.el.h2(RostersState.found.name),
                rx.el.p(RostersState.found.about, class_name="meta"),
                class_name="grow",
            ),
            rx.cond(RostersState.found.state == "checked", acts, rx.fragment()),
            class_name="row wrap",
        ),
        rx.cond(RostersState.found.state == "refused", refused, rx.fragment()),
    )


def _counts() -> rx.Component:
    names = ("New", "Changed", "Ends", "As it is", "Not taken")
    return rx.cond(
        RostersState.counts,
        ui.figure_table("Rows by file", names, rx.foreach(RostersState.counts, _count)),
        rx.fragment(),
    )


def _count(row: CountView) -> rx.Component:
    return ui.figure_line(row.label, row.new, row.changed, row.ends, row.same, row.refused, key=row.id)


def _findings() -> rx.Component:
    """In sight where they are why nothing is taken."""
    found = ui.rows(rx.foreach(RostersState.findings, _finding))
    shown = rx.cond(
        RostersState.found.state == "refused",
        rx.el.div(found, class_name="panel"),
        ui.fold(RostersState.found.findings_count, found),
    )
    return rx.cond(RostersState.findings, shown, rx.fragment())


def _finding(row: FindingView) -> rx.Component:
    return ui.row_item(
        row.problem, rx.fragment(row.place, " · ", row.remedy), trailing=ui.badge(row.kind, row.tone), key=row.id
    )


def _changes() -> rx.Component:
    actions = [
        ("", "Every change"),
        *((each.value, ACTIONS[each][0].capitalize()) for each in Action if each in ACTIONS),
    ]
    files = rx.el.select(
        rx.el.option("All files", value=""),
        rx.foreach(RostersState.counts, lambda row: rx.el.option(row.label, value=row.id)),
        value=RostersState.file,
        on_change=RostersState.set_file,
        aria_label="File",
        class_name="chip",
    )
    table = ui.data_table(
        "What it would change",
        [
            ui.Column("What", _what, width="34%"),
            ui.Column("Change", lambda row: ui.badge(row.action, row.tone), width="14%"),
            ui.Column("Details", lambda row: rx.el.span(row.details, style={"overflowWrap": "anywhere"})),
            ui.Column("Where", lambda row: rx.el.span(row.place, class_name="muted"), width="18%", phone="hide"),
        ],
        RostersState.rows,
        empty=ui.Empty("equal", "Nothing would change", "Everything in this file is here already, just like that."),
        filtered=(RostersState.file != "") | (RostersState.action != ""),
        dense=True,
        footer=ui.pager(
            RostersState.shown,
            on_previous=RostersState.previous_page,
            on_next=RostersState.next_page,
            has_previous=RostersState.has_previous,
            has_next=RostersState.has_next,
        ),
    )
    narrow = ui.filter_bar(files, ui.filter_select("Change", actions, RostersState.action, RostersState.set_action))
    return rx.cond(RostersState.found.state == "checked", rx.fragment(narrow, table), rx.fragment())


def _what(row: ChangeView) -> rx.Component:
    return rx.el.span(rx.el.span(row.label), rx.el.br(), rx.el.span(row.file, class_name="meta"))


def apply_dialog() -> rx.Component:
    sweeping = ui.check_field(
        "roster-sweeping",
        "The file is whole",
        help=RostersState.found.sweeping + ": more than a fifth of what is here would end.",
        checked=RostersState.sweeping,
        on_change=RostersState.set_sweeping,
    )
    administrators = ui.check_field(
        "roster-administrators",
        "Make them administrators",
        help=RostersState.found.administrators + ". Without this, they become aides.",
        checked=RostersState.administrators,
        on_change=RostersState.set_administrators,
    )
    invite = ui.check_field(
        "roster-invite",
        "Write to new people",
        help="A letter to each new address: how to choose a password and sign in.",
        checked=RostersState.invite,
        on_change=RostersState.set_invite,
    )
    return ui.dialog(
        "Apply this roster",
        "All of it happens at once, or none of it. Who is gone is deactivated or withdrawn, never erased. Grades go"
        " through the ledger of each class.",
        rx.cond(RostersState.found.sweeping, sweeping, rx.fragment()),
        rx.cond(RostersState.found.administrators, administrators, rx.fragment()),
        invite,
        open=RostersState.asking,
        on_open_change=RostersState.set_asking,
        actions=[
            ui.secondary_button("Cancel", on_click=RostersState.set_asking(False)),
            ui.primary_button(
                "Apply",
                on_click=RostersState.apply,
                disabled=(RostersState.found.sweeping != "") & ~RostersState.sweeping,
            ),
        ],
    )


def past_imports() -> rx.Component:
    return ui.data_table(
        "Rosters that were brought in",
        [
            ui.Column("File", lambda row: row.name, width="28%"),
            ui.Column("When", lambda row: rx.el.span(row.at, class_name="num"), width="16%"),
            ui.Column("Who", lambda row: row.who, width="16%"),
            ui.Column("State", _state, width="12%"),
            ui.Column("What was done", lambda row: rx.el.span(row.came, class_name="muted")),
        ],
        RostersState.history,
        empty=ui.Empty(
            "upload", "No roster yet", "Send the zip of your school’s own system: you see what it does first."
        ),
        loading=RostersState.loading,
        error=RostersState.error,
        retry=RostersState.refresh,
        dense=True,
        menu=_take_back,
    )


def _take_back(row: HistoryView) -> rx.Component:
    asked = ui.ghost_button("Take grades back", icon="undo_2", on_click=RostersState.ask_back(row.id))
    return rx.cond(row.can_take_back, asked, rx.fragment())


def take_back_dialog() -> rx.Component:
    return ui.dialog(
        "Take these grades back",
        "What this import entered becomes what it was before, except grades that somebody has changed since and those"
        " in a closed grading period. People, classes and work stay.",
        open=RostersState.taking_back != "",
        on_open_change=RostersState.keep_them,
        actions=[
            ui.secondary_button("Cancel", on_click=RostersState.keep_them(False)),
            ui.primary_button("Take back", icon="undo_2", on_click=RostersState.take_back),
        ],
    )


def _state(row: HistoryView) -> rx.Component:
    return ui.badge(row.state, row.tone)

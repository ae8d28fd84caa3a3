"""Narrowing the audit trail, keeping that, and taking it out."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.security.state import AuditSearchesState, AuditState
from faraday_app.security.views import OUTCOMES, THINGS, SearchView

_KINDS = rx.Var.create([("", "Any action")]) + AuditState.kinds
_SINCE = [
    ("", "Any time"),
    ("today", "Today"),
    ("7", "Last 7 days"),
    ("30", "Last 30 days"),
    ("dates", "Between dates"),
]
_OUTCOMES = [("", "Any outcome")] + [(key, words) for key, (words, _) in OUTCOMES.items()]
# Several tables may be one thing to a person: the trail is narrowed by table.
_THINGS = [("", "Anything"), *sorted(THINGS.items(), key=lambda thing: thing[1])]


def audit_filters() -> rx.Component:
    newer = ui.secondary_button("Show new events", icon="arrow_up", size="small", on_click=AuditState.newest)
    tail = ui.filter_chip("Live", on=AuditState.tailing, on_click=AuditState.toggle_tail, icon="radio")
    narrowed = AuditState.narrowed
    return rx.fragment(
        ui.filter_bar(
            ui.search_field("Search the trail", narrowed["text"], AuditState.narrow("text")),
            rx.el.span(
                ui.filter_select("Action", _KINDS, narrowed["action"], AuditState.narrow("action")),
                ui.filter_select("Time", _SINCE, AuditState.since_choice, AuditState.set_since),
                class_name="row desk-only",
            ),
            _more(),
            tail,
            rx.cond(AuditState.behind, newer, rx.fragment()),
            trailing=(_searches(), _export()),
        ),
        ui.active_filters(
            AuditState.shown_filters,
            AuditState.drop,
            AuditState.hidden_count,
            ui.ghost_button("Clear all", size="small", on_click=AuditState.clear),
        ),
        rx.cond(AuditState.cut, _cut(), rx.fragment()),
    )


def filtered() -> rx.Var[bool]:
    return (AuditState.shown_filters.length() > 0) | (AuditState.narrowed["text"] != "")


def _cut() -> rx.Component:
    return ui.callout(
        "The text was sought among the newest 20,000 events that match the other filters. "
        "Choose dates or another filter to look further back."
    )


def _more() -> rx.Component:
    narrowed = AuditState.narrowed
    return ui.more_filters(
        AuditState.hidden_count,
        rx.el.div(
            ui.select_field(
                "audit_action", "Action", _KINDS, value=narrowed["action"], on_change=AuditState.narrow("action")
            ),
            ui.select_field(
                "audit_since", "Time", _SINCE, value=AuditState.since_choice, on_change=AuditState.set_since
            ),
            class_name="stack phone-only",
        ),
        ui.select_field(
            "audit_outcome", "Outcome", _OUTCOMES, value=narrowed["outcome"], on_change=AuditState.narrow("outcome")
        ),
        ui.select_field(
            "audit_target",
            "Done to",
            _THINGS,
            value=narrowed["target_type"],
            on_change=AuditState.narrow("target_type"),
        ),
        rx.el.div(
            _day("since", "From"),
            _day("until", "Until"),
            class_name="dates",
        ),
        ui.text_field(
            "audit_address",
            "Address",
            value=AuditState.address_text,
            on_change=AuditState.set_address,
            help=rx.cond(
                (AuditState.address_text != "") & (narrowed["address"] == ""),
                "Enter a whole address, such as 192.0.2.7.",
                "Exactly this one.",
            ),
            auto_complete="off",
            max_length=45,
        ),
        ui.person_picker(
            "audit_person",
            "Who did it",
            chosen=AuditState.person,
            query=AuditState.person_query,
            found=AuditState.people,
            on_search=AuditState.search_people,
            on_choose=lambda id: AuditState.narrow("actor_id", id),
            on_another=AuditState.narrow("actor_id", ""),
        ),
        open=AuditState.more,
        on_open_change=AuditState.set_more,
    )


def _day(name: str, label: str) -> rx.Component:
    shown = rx.cond(AuditState.narrowed[name].length() == 10, AuditState.narrowed[name], "")
    day = rx.el.input(
        id=f"audit_{name}", type="date", class_name="input", value=shown, on_change=AuditState.narrow(name)
    )
    return ui.form_field(f"audit_{name}", label, day)


def _searches() -> rx.Component:
    trigger = ui.ghost_button(
        rx.el.span("Saved searches", class_name="desk-only"), icon="bookmark", aria_label="Saved searches"
    )
    state = AuditSearchesState
    nothing = rx.el.p(
        "Nothing is kept yet. Choose filters, then keep them under a name.", class_name="muted popover-blank"
    )
    form = rx.el.form(
        ui.text_field(
            "search_name", "Keep the present filters as", error=state.problem, auto_complete="off", max_length=80
        ),
        ui.check_field("search_shared", "Share with all who read the trail"),
        rx.el.div(ui.primary_button("Keep", type="submit", size="small"), class_name="row end"),
        on_submit=state.keep,
        class_name="stack popover-body",
    )
    return ui.popover(
        trigger,
        rx.el.div(rx.el.h2("Saved searches", class_name="h2"), class_name="popover-head"),
        rx.cond(state.rows.length() > 0, ui.rows(rx.foreach(state.rows, _search)), nothing),
        rx.cond(filtered(), form, rx.fragment()),
        label="Saved searches",
        open=state.open,
        on_open_change=state.set_open,
    )


def _search(row: SearchView) -> rx.Component:
    remove = ui.icon_button("Remove " + row.name, "trash_2", size="small", on_click=AuditSearchesState.remove(row.id))
    use = rx.el.button(
        rx.el.span(row.name, class_name="title clip"),
        rx.el.span(row.about, class_name="meta clip"),
        type="button",
        class_name="text told takes",
        on_click=AuditSearchesState.use(row.id),
    )
    return rx.el.div(rx.el.div(use, rx.cond(row.mine, remove, rx.fragment()), class_name="item"), key=row.id)


def _export() -> rx.Component:
    trigger = ui.ghost_button(rx.el.span("Export", class_name="desk-only"), icon="download", aria_label="Export")
    choice = ui.menu(
        trigger,
        ui.MenuItem("CSV, for a spreadsheet", AuditState.export("csv"), "table"),
        ui.MenuItem("JSON lines, with the proofs", AuditState.export("jsonl"), "file_check"),
    )
    return rx.cond(ui.allowed(Permission.audit_export), choice, rx.fragment())

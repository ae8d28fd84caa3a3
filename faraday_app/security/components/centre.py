"""The tiles of the security centre."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.security.state import AlertsState, CentreState
from faraday_app.security.views import AlertView, CountryView, FindingView, GuardianView, KeyAgeView, TriedView
from faraday_app.security.views.centre import HEIGHT, TILE, WIDTH, map_codes, map_tiles


def score_tile() -> rx.Component:
    tone = rx.cond(CentreState.score >= 85, "green", rx.cond(CentreState.score >= 60, "amber", "red"))
    figure = rx.fragment(CentreState.score, rx.el.span(" of 100", class_name="muted", style={"fontSize": "14px"}))
    said = rx.cond(
        CentreState.findings.length() > 0,
        CentreState.verdict + ". Mend what stands first and it rises most.",
        "Good. There is nothing to mend.",
    )
    return ui.tile(
        "How safe are we?",
        "shield_check",
        rx.cond(CentreState.loaded, ui.meter("Security score", CentreState.score, tone), rx.fragment()),
        figure=rx.cond(CentreState.loaded, figure, ui.skeleton_lines(1)),
        caption=rx.cond(CentreState.loaded, said, ""),
        span=4,
    )


def findings_tile() -> rx.Component:
    nothing = ui.empty_state("shield_check", "Nothing to mend", "New findings appear here by themselves.")
    found = ui.rows(rx.foreach(CentreState.findings, _finding))
    count = ui.badge(CentreState.findings.length().to_string())
    return ui.tile(
        "What should we mend first?",
        "wrench",
        _once_loaded(rx.cond(CentreState.findings, found, nothing), 4),
        action=rx.cond(CentreState.findings, count, rx.fragment()),
        span=8,
    )


def _finding(item: FindingView) -> rx.Component:
    mend = rx.cond(
        item.link,
        ui.secondary_button(item.act, size="small", to=item.link),
        rx.el.span(item.act, class_name="meta"),
    )
    rise = ui.badge(CentreState.score.to_string() + " → " + item.then, "green")
    return rx.el.div(
        rx.el.div(
            rx.el.span(item.title, class_name="title"),
            rise,
            class_name="row",
            style={"justifyContent": "space-between", "gap": "12px"},
        ),
        rx.el.p(item.why, class_name="muted"),
        rx.el.div(
            rx.el.span(rx.el.span("Concerns ", class_name="hidden"), item.concerns, class_name="meta"),
            mend,
            class_name="row finding-foot",
        ),
        class_name="item finding",
        key=item.id,
    )


def map_tile() -> rx.Component:
    nothing = ui.empty_state("map", "No sign-ins yet", "Each sign-in of the last 30 days is counted here.")
    shown = rx.el.div(_map(), _countries(), class_name="world")
    return ui.tile(
        "Where do people sign in?",
        "globe",
        _once_loaded(rx.cond(CentreState.countries, shown, nothing), 6),
        action=ui.meta(CentreState.sign_ins + " in 30 days"),
    )


def _map() -> rx.Component:
    codes, across, down = map_codes()
    lands = rx.el.path(d=map_tiles(), class_name="land")
    names = rx.el.svg.text(codes, x=across, y=down, class_name="codes", aria_hidden="true")
    return rx.el.svg(
        lands,
        names,
        rx.foreach(CentreState.countries, _country),
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label="A map with one tile for each country. The table beside it says the same in words.",
        class_name="map",
    )


def _country(item: CountryView) -> rx.Component:
    tile = rx.el.svg.rect(x=item.x, y=item.y, width=TILE, height=TILE, rx="1.5", class_name=item.strength)
    code = rx.el.svg.text(item.id, x=item.middle, y=item.foot, class_name=item.strength)
    return rx.cond(item.x, rx.el.g(tile, code, rx.el.title(item.name + ": " + item.count)), rx.fragment())


def _countries() -> rx.Component:
    def line(item: CountryView) -> rx.Component:
        share = rx.cond(item.share > 0, item.share.to_string() + " %", "under 1 %")
        return rx.el.tr(
            rx.el.th(item.name, scope="row"),
            rx.el.td(item.count, class_name="num end"),
            rx.el.td(share, class_name="num end muted"),
            key=item.id,
        )

    head = rx.el.tr(
        rx.el.th("Country", scope="col"),
        rx.el.th("Sign-ins", scope="col", class_name="end"),
        rx.el.th("Share", scope="col", class_name="end"),
    )
    return rx.el.div(
        rx.el.table(
            rx.el.caption("Sign-ins of the last 30 days by country", class_name="hidden"),
            rx.el.thead(head),
            rx.el.tbody(rx.foreach(CentreState.countries, line)),
            class_name="tally",
        ),
        tab_index=0,
        role="region",
        aria_label="Sign-ins by country",
        class_name="tally-frame",
    )


def failures_tile() -> rx.Component:
    line = ui.sparkline(
        CentreState.line, CentreState.area, "Failed sign-ins in each of the last 24 hours", tone="red", width="100%"
    )
    lists = rx.el.div(
        _tried("By account", CentreState.accounts), _tried("By address", CentreState.addresses), class_name="tried"
    )
    nothing = rx.el.p("Nobody failed to sign in within a week.", class_name="muted")
    found = rx.fragment(
        rx.cond(CentreState.line, line, rx.fragment()),
        rx.cond(CentreState.failed_week != "0", lists, nothing),
    )
    return ui.tile(
        "Who fails to sign in?",
        "key_round",
        _once_loaded(found, 4),
        figure=rx.cond(CentreState.loaded, CentreState.failed, ui.skeleton_lines(1)),
        caption=rx.cond(CentreState.loaded, "in 24 hours · " + CentreState.failed_week + " in 7 days", ""),
        span=6,
    )


def _tried(title: str, found: rx.Var[list[TriedView]]) -> rx.Component:
    def line(item: TriedView) -> rx.Component:
        count = rx.el.span(item.failures, class_name="num strong")
        return ui.row_item(item.name, "last " + item.last, trailing=count, key=item.id)

    return rx.el.div(rx.el.h3(title, class_name="meta"), ui.rows(rx.foreach(found, line)))


def alerts_tile() -> rx.Component:
    nothing = ui.empty_state(
        "bell", "No alerts yet", "When something unusual happens, it is here within a minute and people are told."
    )
    pager = ui.pager(
        AlertsState.shown,
        on_previous=AlertsState.previous_page,
        on_next=AlertsState.next_page,
        has_previous=AlertsState.has_previous,
        has_next=AlertsState.has_next,
    )
    rows = rx.fragment(ui.rows(rx.foreach(AlertsState.rows, _alert)), pager)
    found = rx.cond(AlertsState.rows, rows, nothing)
    unresolved = ui.link("Unresolved incidents: " + AlertsState.unresolved.to_string(), to="/security/incidents")
    return ui.tile(
        "What raised an alert?",
        "bell_ring",
        rx.cond(AlertsState.loaded, found, ui.skeleton_lines(4)),
        action=rx.cond(AlertsState.unresolved > 0, unresolved, ui.link("Incidents", to="/security/incidents")),
        span=6,
    )


def _alert(item: AlertView) -> rx.Component:
    look = ui.secondary_button(
        "Incident", size="small", to="/security/incidents/" + item.incident, aria_label="Incident: " + item.title
    )
    open_it = ui.secondary_button(
        "Look into it",
        size="small",
        on_click=AlertsState.open_incident(item.id),
        aria_label="Look into: " + item.title,
    )
    act = rx.cond(item.incident, look, rx.cond(ui.allowed(Permission.security_manage), open_it, rx.fragment()))
    return rx.el.div(
        rx.el.div(rx.el.span(item.title, class_name="title"), class_name="row"),
        rx.el.p(item.text, class_name="muted"),
        rx.el.div(
            rx.el.span(ui.badge(item.severity, item.tone), rx.el.span(item.when, class_name="meta"), class_name="row"),
            act,
            class_name="row finding-foot",
        ),
        class_name="item finding",
        key=item.id,
    )


def told_tile(edit: Any) -> rx.Component:
    def person(item: GuardianView) -> rx.Component:
        return ui.row_item(item.name, leading=ui.avatar(item.initials, item.tone, size="small"), key=item.id)

    change = ui.ghost_button("Change", icon="settings_2", size="small", on_click=edit)
    nobody = rx.el.p("Nobody may see this page.", class_name="muted")
    found = rx.cond(AlertsState.told, ui.rows(rx.foreach(AlertsState.told, person)), nobody)
    return ui.tile(
        "Who is told of the next alert?",
        "users",
        rx.cond(AlertsState.loaded, found, ui.skeleton_lines(2)),
        action=rx.cond(ui.allowed(Permission.security_manage), change, rx.fragment()),
    )


def keys_tile() -> rx.Component:
    def key(item: KeyAgeView) -> rx.Component:
        return ui.row_item(item.name, item.meta, trailing=rx.el.span(item.age, class_name="num"), key=item.id)

    nothing = rx.el.p("Nobody has an API key.", class_name="muted")
    found = rx.cond(CentreState.keys, ui.rows(rx.foreach(CentreState.keys, key)), nothing)
    return ui.tile("Which API keys are oldest?", "key_square", _once_loaded(found, 3), span=4)


def _once_loaded(content: rx.Component, lines: int) -> rx.Component:
    return rx.cond(CentreState.loaded, content, ui.skeleton_lines(lines))

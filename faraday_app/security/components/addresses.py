"""The parts of the page of addresses."""

import reflex as rx

from faraday_app import ui
from faraday_app.security.state import AddressesState, AllAddressesState, RuleForAllState, RuleState
from faraday_app.security.views import BlockView, RuleView

_KINDS = [("block", "Block"), ("allow", "Allow")]
_UNTIL = [("0", "For good"), ("1", "For a day"), ("7", "For a week"), ("30", "For a month"), ("365", "For a year")]


Rules = type[AddressesState] | type[AllAddressesState]
Form = type[RuleState] | type[RuleForAllState]


def address_lead() -> rx.Component:
    order = "What is allowed comes first, then what is blocked, then countries, then automatic blocks."
    return _lead(AddressesState, order)


def lead_for_all() -> rx.Component:
    order = "These rules come first, for every organisation. What they let in, an organisation may still keep out."
    return _lead(AllAddressesState, order)


def _lead(state: Rules, order: str) -> rx.Component:
    own = rx.el.span("Your own address is ", rx.el.code(state.own), ". It cannot be locked out by mistake.")
    return rx.el.div(ui.callout(own, "iris"), rx.el.p(order, class_name="muted"), class_name="stack")


def rules_table(state: Rules, form: Form) -> rx.Component:
    add = ui.secondary_button("Add a rule", icon="plus", on_click=form.set_open(True))
    return ui.data_table(
        "Rules about addresses",
        [
            ui.Column("Address or country", lambda row: ui.row_item(row.what, row.note), width="28%"),
            ui.Column("Does", _kind),
            ui.Column("Applied", lambda row: rx.el.span(row.hits, " ×", class_name="num"), align="end"),
            ui.Column("Last", lambda row: rx.el.span(row.last, class_name="muted"), phone="hide"),
            ui.Column("Until", lambda row: rx.el.span(row.until, class_name="num")),
        ],
        state.rows,
        empty=ui.Empty(
            "shield", "Every address may call", "Block or allow networks and countries of your choice.", add
        ),
        loading=state.loading,
        error=state.error,
        retry=state.refresh,
        menu=lambda row: _menu(state, row),
        footer=ui.pager(
            state.shown,
            on_previous=state.previous_page,
            on_next=state.next_page,
            has_previous=state.has_previous,
            has_next=state.has_next,
        ),
    )


def _kind(row: RuleView) -> rx.Component:
    tone = rx.cond(row.allows, "green", "red")
    shadow = rx.cond(row.shadow, ui.badge("Shadow: only counts", "amber"), rx.fragment())
    return rx.el.span(ui.badge(row.kind, tone), shadow, class_name="row", style={"flexWrap": "wrap", "gap": "4px"})


def _menu(state: Rules, row: RuleView) -> rx.Component:
    return ui.row_menu(
        "Actions for " + row.what,
        ui.MenuItem("Only count (shadow)", state.shadow(row.id, True), "eye", shown=~row.shadow),
        ui.MenuItem("Enforce", state.shadow(row.id, False), "shield_check", shown=row.shadow),
        ui.MenuItem("Remove", state.remove(row.id), "trash_2", True),
    )


def only_section() -> rx.Component:
    staff = ui.check_field(
        "only_staff",
        "Staff only from allowed addresses",
        help="Everybody but students and parents.",
        checked=AddressesState.only_staff,
        on_change=lambda on: AddressesState.set_only("staff", on),
    )
    api = ui.check_field(
        "only_api",
        "API keys only from allowed addresses",
        help="Every program that calls with a key.",
        checked=AddressesState.only_api,
        on_change=lambda on: AddressesState.set_only("api", on),
    )
    return rx.el.div(staff, api, class_name="stack")


def blocks_table() -> rx.Component:
    why = "After many failed sign-ins, unknown keys or guessed ids. Each time lasts twice as long."
    heading = rx.el.div(rx.el.h2("Blocked automatically"), rx.el.p(why, class_name="muted"))
    table = ui.data_table(
        "Addresses that were blocked automatically",
        [
            ui.Column("Address", lambda row: rx.el.span(row.id, class_name="num"), width="24%"),
            ui.Column("Why", lambda row: ui.row_item(row.reason, row.level)),
            ui.Column("Since", lambda row: rx.el.span(row.since, class_name="num"), phone="hide"),
            ui.Column("Until", lambda row: rx.el.span(row.until, class_name="num")),
        ],
        AddressesState.blocked,
        empty=ui.Empty("shield_check", "Nothing is blocked", "Who fails or guesses far too often appears here."),
        loading=AddressesState.loading,
        error=AddressesState.blocks_error,
        retry=AddressesState.refresh,
        menu=_release,
    )
    return rx.el.section(heading, table, class_name="stack")


def _release(row: BlockView) -> rx.Component:
    return ui.secondary_button("Release", size="small", on_click=AddressesState.release(row.id))


def rule_dialog(state: Rules, form: Form, lead: str) -> rx.Component:
    what = ui.text_field(
        "rule_what",
        "Address, network or country",
        help=rx.cond(form.hint, form.hint, "Such as 203.0.113.0/24, 2001:db8::/32 or FR."),
        error=form.problem,
        on_blur=form.check,
        auto_complete="off",
        auto_focus=True,
        max_length=60,
    )
    fields = rx.el.form(
        rx.el.p("Your own address is ", rx.el.code(state.own), ".", class_name="muted"),
        what,
        ui.select_field("rule_kind", "What happens", _KINDS, default_value="block"),
        ui.select_field("rule_days", "How long", _UNTIL, default_value="0"),
        ui.text_field("rule_note", "Note", help="Why, for whoever reads this later.", max_length=200),
        ui.check_field("rule_shadow", "Shadow", help="Only count what the rule would do. Let everybody through."),
        rx.el.div(ui.primary_button("Add rule", type="submit"), class_name="dialog-foot"),
        on_submit=form.save,
        class_name="stack",
    )
    return ui.dialog(
        "Add a rule",
        lead,
        fields,
        open=form.open,
        on_open_change=form.set_open,
    )

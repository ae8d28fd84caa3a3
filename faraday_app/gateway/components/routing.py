"""The policy, and the receipts of what came of it."""

import reflex as rx

from faraday_app import ui
from faraday_app.gateway.state import PolicyState, ReceiptsState, ReceiptState
from faraday_app.gateway.views import Strategy, Task
from faraday_app.gateway.views.catalogue import PRIVACIES
from faraday_app.gateway.views.receipts import ABOUT_SENT, SENT_IS_GONE, ReceiptView

_STRATEGIES = [(strategy.value, strategy.label) for strategy in Strategy]
_ABOUT = "Which of several is asked first, where nobody chose one and within a rank of one model."


def policy_form() -> rx.Component:
    """Kept apart from the page's other forms; made anew when what is saved changes."""
    form = rx.el.form(
        ui.form_section(
            "Order",
            "When a model is chosen with “Auto”, and when it can be asked for in several places.",
            ui.select_field(
                "policy_strategy", "Ask first", _STRATEGIES, default_value=PolicyState.strategy, help=_ABOUT,
                on_change=PolicyState.touch,
            ),
            _text("policy_retries", "Tries again", PolicyState.retries, "retries",
                  "How often a place that fails is asked once more before the next one, 0 to 5.", "numeric"),
            ui.check_field(
                "policy_offers_default", "Offer this installation’s own model",
                default_checked=PolicyState.offers_default, on_change=PolicyState.touch,
            ),
        ),
        ui.form_section(
            "Privacy",
            "Names and addresses of your people are hidden from whoever is outside.",
            ui.select_field(
                "policy_privacy", "May be told names", PRIVACIES, default_value=PolicyState.privacy,
                help="And whoever is trusted more. What runs in your own hands always may.",
                on_change=PolicyState.touch,
            ),
            _text("policy_region", "Only in the region", PolicyState.region, "region",
                  "Such as “eu”. Empty: anywhere."),
        ),
        rx.el.section(
            ui.fold(
                "By task",
                rx.el.p("Models that “Auto” asks first for a kind of task. Names separated by commas. There are: ",
                        PolicyState.known, class_name="meta"),
                *[_text(f"task_{task.value}", task.value.capitalize(), PolicyState.tasks[task.value], task.value)
                  for task in Task],
            ),
        ),
        rx.cond(PolicyState.problem, rx.el.div(ui.callout(PolicyState.problem, "red"), role="alert"), rx.fragment()),
        ui.save_bar(dirty=PolicyState.dirty, on_discard=PolicyState.enter),
        on_submit=PolicyState.save,
        key=PolicyState.mark.to_string(),
        class_name="form-sections",
    )  # fmt: skip
    return rx.cond(PolicyState.loading, ui.skeleton_lines(6), form)


def _text(name: str, label: str, value: rx.Var[str], field: str, help: str = "", mode: str = "text") -> rx.Component:
    return ui.text_field(
        name,
        label,
        help=help,
        error=PolicyState.faults[field],
        default_value=value,
        on_change=PolicyState.touch.throttle(1_000),
        input_mode=mode,
        auto_complete="off",
        max_length=400,
    )


def receipts_section() -> rx.Component:
    table = ui.data_table(
        "Route receipts",
        [
            ui.Column("When", lambda row: row.when, width="14%"),
            ui.Column("Asked for", lambda row: row.asked, phone="hide"),
            ui.Column("Answered by", lambda row: ui.row_item(row.model, row.provider), width="26%"),
            ui.Column("Way", lambda row: row.attempts),
            ui.Column("First token", lambda row: rx.el.span(row.first, class_name="num"), align="end"),
            ui.Column("Credits", lambda row: rx.el.span(row.cost, class_name="num"), align="end"),
            ui.Column("Outcome", lambda row: ui.badge(row.outcome, row.tone)),
        ],
        ReceiptsState.rows,
        empty=ui.Empty("route", "Nothing was asked yet", "Each answer leaves a receipt here, without its words."),
        no_match=ui.Empty("circle_check", "No trouble", "Every call went straight to its answer."),
        loading=ReceiptsState.loading,
        error=ReceiptsState.error,
        retry=ReceiptsState.refresh,
        filtered=ReceiptsState.troubled,
        menu=_why,
        footer=ui.pager(
            ReceiptsState.shown,
            on_previous=ReceiptsState.previous_page,
            on_next=ReceiptsState.next_page,
            has_previous=ReceiptsState.has_previous,
            has_next=ReceiptsState.has_next,
        ),
    )
    only = ui.filter_chip(
        "Failed or went round", on=ReceiptsState.troubled, on_click=ReceiptsState.toggle_troubled, icon="filter"
    )
    lead = rx.el.div(
        rx.el.h2("What came of it"),
        rx.el.p(
            "Each call, and why it went to this model. No word of what was asked is kept here.", class_name="muted"
        ),
    )
    return rx.el.section(lead, ui.filter_bar(only), table, class_name="stack")


def _why(row: ReceiptView) -> rx.Component:
    return ui.icon_button("Why this model: " + row.model, "route", size="small", on_click=ReceiptState.show(row.id))


def receipt_dialog() -> rx.Component:
    return ui.dialog(
        "Why this model",
        "Which way the call went, as it was at that moment.",
        ui.explanation(ReceiptState.shown),
        _sent(),
        open=ReceiptState.open,
        on_open_change=ReceiptState.set_open,
        width="600px",
    )


def _sent() -> rx.Component:
    look = ui.secondary_button("What was sent", icon="eye", size="small", on_click=ReceiptState.look)
    texts = ui.explained_texts(ABOUT_SENT, SENT_IS_GONE, texts=ReceiptState.sent, looked=ReceiptState.looked, look=look)
    return rx.cond(ReceiptState.hides, texts, rx.fragment())

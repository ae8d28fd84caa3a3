"""The catalogue as a list, and the dialog of one model."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.permissions import Permission
from faraday_app.gateway.service.managing.figures import Span
from faraday_app.gateway.state import PLACE, PRICE, ModelFormState, ModelsState, ModelState
from faraday_app.gateway.views.catalogue import CATEGORIES, ModelView, PlaceView
from faraday_app.gateway.views.trials import ReasonView

_SPANS = [(span.value, span.label) for span in Span]
_MANAGES = ui.allowed(Permission.models_manage)
HIDDEN = "Names are hidden from it"


def model_filters() -> rx.Component:
    span = ui.filter_select("Figures of", _SPANS, ModelsState.span, ModelsState.set_span)
    return ui.filter_bar(
        ui.search_field("Search models", ModelsState.search, ModelsState.set_search),
        ui.filter_select(
            "Category", [("", "Any category"), *CATEGORIES], ModelsState.category, ModelsState.set_category
        ),
        trailing=(rx.cond(_MANAGES, span, rx.fragment()),),
    )


def models_table() -> rx.Component:
    """With the figures for those who manage models."""
    lately = ui.Column("Lately", _lately, align="end")
    return rx.el.div(rx.cond(_MANAGES, _table(lately), _table()), _remove_dialog())


def _table(*more: ui.Column) -> rx.Component:
    add = ui.secondary_button("Add a model", icon="plus", on_click=ModelFormState.add)
    return ui.data_table(
        "Models",
        [
            ui.Column("Model", _name, width="26%"),
            ui.Column("Category", lambda row: row.category, phone="hide"),
            ui.Column("Window", lambda row: rx.el.span(row.window, class_name="num"), align="end"),
            ui.Column("Credits for 1,000 tokens", lambda row: rx.el.span(row.price, class_name="num"), align="end"),
            ui.Column("Privacy", _privacy),
            ui.Column("State", lambda row: ui.badge(row.state, row.tone)),
            *more,
        ],
        ModelsState.rows,
        empty=ui.Empty(
            "cpu",
            "There is no model for you yet",
            "Whoever manages models can add one, or offer you one that is there.",
            rx.cond(_MANAGES, add, rx.fragment()),
        ),
        loading=ModelsState.loading,
        error=ModelsState.error,
        retry=ModelsState.refresh,
        filtered=(ModelsState.search != "") | (ModelsState.category != ""),
        menu=_menu,
        footer=ui.pager(
            ModelsState.shown,
            on_previous=ModelsState.previous_page,
            on_next=ModelsState.next_page,
            has_previous=ModelsState.has_previous,
            has_next=ModelsState.has_next,
        ),
    )


def _name(row: ModelView) -> rx.Component:
    return ui.row_item(
        rx.el.button(row.label, type="button", class_name="as-link", on_click=ModelState.show(row.id)), row.name
    )


def _privacy(row: ModelView) -> rx.Component:
    hidden = rx.el.span(rx.icon("eye_off", size=13), HIDDEN, class_name="meta with-sign")
    return rx.el.span(row.privacy, rx.cond(row.masked, hidden, rx.fragment()), class_name="two-lines")


def _lately(row: ModelView) -> rx.Component:
    times = rx.el.span(row.failed, " failed · ", row.first, class_name="meta num")
    calls = rx.el.span(row.calls, class_name="num")
    liked = rx.el.span(rx.icon("thumbs_up", size=12), row.liked, " liked", class_name="meta num with-sign")
    return rx.el.span(
        calls,
        rx.cond(row.failed, times, rx.fragment()),
        rx.cond(row.liked, liked, rx.fragment()),
        class_name="two-lines",
    )


def _menu(row: ModelView) -> rx.Component:
    changes = _MANAGES & ~row.built_in
    return ui.row_menu(
        "Actions for " + row.label,
        ui.MenuItem("Details", ModelState.show(row.id), "info"),
        ui.MenuItem("Edit", ModelFormState.edit(row.id), "pencil", shown=changes),
        ui.MenuItem("Disable", ModelsState.set_enabled(row.id, False), "pause", shown=changes & row.enabled),
        ui.MenuItem("Enable", ModelsState.set_enabled(row.id, True), "play", shown=changes & ~row.enabled),
        ui.MenuItem("Remove", ModelsState.ask_remove(row.id), "trash_2", True, shown=changes),
    )


def _remove_dialog() -> rx.Component:
    return ui.confirm_dialog(
        "Remove " + ModelsState.removed + "?",
        "Nobody can ask it any more. Conversations with it stay, and go on with another model.",
        open=ModelsState.removing,
        on_open_change=ModelsState.set_removing,
        confirm="Remove",
        on_confirm=ModelsState.remove,
    )


def model_dialog() -> rx.Component:
    return ui.dialog(
        ModelState.label,
        "What it can do, who may use it, and where it is asked for.",
        rx.match(ModelState.form, (PLACE, _place_form()), (PRICE, _price_form()), _details()),
        open=ModelState.open,
        on_open_change=ModelState.set_open,
        width="640px",
    )


def _details() -> rx.Component:
    facts = rx.el.dl(
        rx.foreach(
            ModelState.facts, lambda fact: rx.fragment(rx.el.dt(fact[0], class_name="muted"), rx.el.dd(fact[1]))
        ),
        class_name="facts",
    )
    add = ui.secondary_button("Add a place", icon="plus", size="small", on_click=ModelState.add_place)
    none = rx.el.p("It is not asked for anywhere yet.", class_name="muted")
    span = rx.cond(_MANAGES, rx.el.span(" · ", ModelState.span, class_name="meta"), rx.fragment())
    return rx.fragment(
        facts,
        rx.el.section(
            rx.el.h3("Where it is asked for", span),
            rx.cond(ModelState.places, ui.rows(rx.foreach(ModelState.places, _place)), none),
            class_name="explanation",
        ),
        rx.cond(ModelState.reasons, _reasons(), rx.fragment()),
        rx.cond(_MANAGES & ~ModelState.built_in, rx.el.div(add), rx.fragment()),
    )


def _reasons() -> rx.Component:
    """What people gave as a reason, without their names."""
    return rx.el.section(
        rx.el.h3("What people say of its answers"),
        ui.rows(rx.foreach(ModelState.reasons, _reason)),
        class_name="explanation",
    )


def _reason(said: rx.Var[ReasonView]) -> rx.Component:
    return ui.row_item(said.text, said.meta, trailing=ui.badge(said.says, said.tone), key=said.id)


def _place(place: PlaceView) -> rx.Component:
    def line(text: rx.Var[str]) -> rx.Component:
        return rx.cond(text, rx.el.span(text, class_name="meta line num"), rx.fragment())

    hidden = rx.el.span(rx.icon("eye_off", size=13), HIDDEN, class_name="meta with-sign")
    body = rx.fragment(
        rx.el.span(place.meta, class_name="meta line"),
        rx.el.span(place.price, " credits for 1,000 tokens", class_name="meta line num"),
        line(place.coming),
        line(place.lately),
        line(place.costs),
        rx.cond(place.masked, hidden, rx.fragment()),
    )
    changes = rx.cond(_MANAGES & ~ModelState.built_in, _place_menu(place), rx.fragment())
    return rx.el.div(
        rx.el.span(
            rx.el.span(place.provider, class_name="title"),
            rx.el.span(ui.badge(place.state, place.tone)),
            body,
            class_name="text",
        ),
        changes,
        class_name="item top",
        key=place.id,
    )


def _place_menu(place: PlaceView) -> rx.Component:
    return ui.row_menu(
        "Actions for " + place.provider,
        ui.MenuItem("Set a price", ModelState.set_price(place.id), "coins"),
        ui.MenuItem(
            "Take back the coming price",
            ModelState.remove_price(place.coming_id),
            "undo_2",
            shown=place.coming_id != "",
        ),
        ui.MenuItem("Edit", ModelState.edit_place(place.id), "pencil"),
        ui.MenuItem("Disable", ModelState.set_place_enabled(place.id, False), "pause", shown=place.enabled),
        ui.MenuItem("Enable", ModelState.set_place_enabled(place.id, True), "play", shown=~place.enabled),
        ui.MenuItem("Remove", ModelState.remove_place(place.id), "trash_2", True),
    )


def _place_form() -> rx.Component:
    return _form(
        ui.select_field(
            "place_provider",
            "Provider",
            ModelState.providers,
            default_value=ModelState.provider,
            error=ModelState.faults["provider"],
        ),
        ui.text_field(
            "place_upstream",
            "Its name there",
            default_value=ModelState.upstream,
            error=ModelState.faults["upstream"],
            auto_complete="off",
            max_length=120,
        ),
        rx.el.div(
            ui.text_field(
                "place_rank",
                "Rank",
                help="The lowest is asked first.",
                default_value=ModelState.rank,
                error=ModelState.faults["rank"],
                input_mode="numeric",
            ),
            ui.text_field(
                "place_weight",
                "Weight",
                help="Its share within a rank.",
                default_value=ModelState.weight,
                error=ModelState.faults["weight"],
                input_mode="numeric",
            ),
            class_name="pair",
        ),
        on_submit=ModelState.save_place,
    )


def _price_form() -> rx.Component:
    since = ui.text_field(
        "price_from",
        "From",
        type="datetime-local",
        help="Empty: from now on.",
        error=ModelState.faults["valid_from"],
    )
    return _form(price_fields(ModelState), since, on_submit=ModelState.save_price)


def price_fields(state: type[rx.State]) -> rx.Component:
    """What a million tokens of each kind cost."""

    def amount(name: str, label: str, field: str, help: str = "") -> rx.Component:
        given = {"default_value": getattr(state, name)} if hasattr(state, name) else {}
        return ui.text_field(
            name, label, help=help, error=state.faults[field], input_mode="decimal", auto_complete="off", **given
        )

    return rx.fragment(
        rx.el.p("Credits for a million tokens", class_name="strong"),
        rx.el.div(
            amount("price_input", "What is read", "input"),
            amount("price_output", "What is written", "output"),
            class_name="pair",
        ),
        amount("price_cached", "What is read again", "cached_input", "Empty: as what is read."),
    )


def _form(*fields: rx.Component, on_submit: rx.EventHandler) -> rx.Component:
    problem = rx.el.div(ui.callout(ModelState.problem, "red"), role="alert")
    return rx.el.form(
        rx.el.p(ModelState.about, class_name="muted"),
        *fields,
        rx.cond(ModelState.problem, problem, rx.fragment()),
        rx.el.div(
            ui.secondary_button("Back", on_click=ModelState.back),
            ui.primary_button("Save", type="submit"),
            class_name="dialog-foot",
        ),
        on_submit=on_submit,
        class_name="stack",
    )

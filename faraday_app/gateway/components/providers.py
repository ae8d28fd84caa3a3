"""Providers: the list, and the dialogs of one."""

import reflex as rx

from faraday_app import ui
from faraday_app.gateway.state import ModelProvidersState as State
from faraday_app.gateway.state import ProviderKeysState, ProviderTestState
from faraday_app.gateway.views.catalogue import PRIVACIES
from faraday_app.gateway.views.providers import FoundView, KeyRowView, ProviderRowView


def providers_table() -> rx.Component:
    add = ui.secondary_button("Add a provider", icon="plus", on_click=State.add)
    return ui.data_table(
        "Providers",
        [
            ui.Column("Provider", lambda row: ui.row_item(row.name, row.base_url), width="40%"),
            ui.Column("Terms", lambda row: row.terms),
            ui.Column("Keys", lambda row: row.key_count),
            ui.Column("Asked for", lambda row: row.deployments),
            ui.Column("State", _state),
        ],
        State.rows,
        empty=ui.Empty(
            "plug",
            "Only this installation’s own model",
            "Add any service that speaks OpenAI’s protocol: OpenAI, Azure, vLLM, Ollama, llama.cpp.",
            add,
        ),
        loading=State.loading,
        error=State.error,
        retry=State.refresh,
        menu=_menu,
    )


def _state(row: ProviderRowView) -> rx.Component:
    return rx.cond(row.enabled, ui.badge("In use", "green"), ui.badge("Disabled"))


def _menu(row: ProviderRowView) -> rx.Component:
    return ui.row_menu(
        "Actions for " + row.name,
        ui.MenuItem("Test it and see its models", ProviderTestState.ask(row.id), "stethoscope"),
        ui.MenuItem("Keys", ProviderKeysState.show(row.id), "key_round"),
        ui.MenuItem("Edit", State.edit(row.id), "pencil"),
        ui.MenuItem("Disable", State.set_enabled(row.id, False), "pause", shown=row.enabled),
        ui.MenuItem("Enable", State.set_enabled(row.id, True), "play", shown=~row.enabled),
        ui.MenuItem("Remove", State.ask_remove(row.id), "trash_2", True),
    )


def provider_dialogs() -> rx.Component:
    edit = ui.dialog(
        rx.cond(State.adding, "Add a provider", "Edit " + State.name),
        "A service that speaks OpenAI’s protocol.",
        _form(),
        open=State.editing,
        on_open_change=State.set_editing,
    )
    remove = ui.confirm_dialog(
        "Remove " + State.removed + "?",
        "Its keys are gone for good." + State.removed_with,
        open=State.removing,
        on_open_change=State.set_removing,
        confirm="Remove",
        on_confirm=State.remove,
    )
    return rx.fragment(edit, remove, _keys_dialog(), _test_dialog())


def _form() -> rx.Component:
    problem = rx.el.div(ui.callout(State.problem, "red"), role="alert")
    return rx.el.form(
        _text("name", "Name", "Such as “Azure Sweden”."),
        _text(
            "base_url", "Address", "Such as https://api.openai.com/v1. Another address needs your confirmation.", "url"
        ),
        _text("region", "Region", "Where it works, such as “eu”. Empty: unknown."),
        ui.select_field(
            "provider_privacy",
            "Privacy",
            PRIVACIES,
            default_value=State.privacy,
            help="What it may be told. Names are hidden from whoever is outside your routing policy.",
        ),
        rx.cond(State.problem, problem, rx.fragment()),
        rx.el.div(ui.primary_button("Save", type="submit"), class_name="dialog-foot"),
        on_submit=State.save,
        class_name="stack",
    )


def _text(name: str, label: str, help: str, input_mode: str = "text") -> rx.Component:
    return ui.text_field(
        f"provider_{name}",
        label,
        help=help,
        error=State.faults[name],
        default_value=getattr(State, name),
        input_mode=input_mode,
        auto_complete="off",
        max_length=300,
    )


def _keys_dialog() -> rx.Component:
    problem = rx.el.div(ui.callout(ProviderKeysState.problem, "red"), role="alert")
    none = rx.el.p("No key yet. Some services on your own machines need none.", class_name="muted")
    form = rx.el.form(
        ui.text_field(
            "key_label",
            "Label",
            help="Such as “Science budget”.",
            error=ProviderKeysState.faults["label"],
            auto_complete="off",
            max_length=60,
        ),
        ui.password_field(
            "key_secret",
            "Key",
            help="Kept encrypted. It is never shown again, only its last four characters.",
            error=ProviderKeysState.faults["secret"],
            auto_complete="off",
        ),
        rx.cond(ProviderKeysState.problem, problem, rx.fragment()),
        rx.el.div(ui.primary_button("Add key", type="submit"), class_name="dialog-foot"),
        on_submit=ProviderKeysState.add,
        class_name="stack",
    )
    return ui.dialog(
        "Keys of " + ProviderKeysState.provider,
        "Calls take turns with them. One that is refused or asked to pause rests for a while.",
        rx.cond(ProviderKeysState.rows, ui.rows(rx.foreach(ProviderKeysState.rows, _key)), none),
        form,
        open=ProviderKeysState.open,
        on_open_change=ProviderKeysState.set_open,
    )


def _key(row: KeyRowView) -> rx.Component:
    disabled = rx.cond(row.enabled, rx.fragment(), ui.badge("Disabled"))
    acts = ui.row_menu(
        "Actions for the key " + row.label,
        ui.MenuItem("Disable", ProviderKeysState.set_enabled(row.id, False), "pause", shown=row.enabled),
        ui.MenuItem("Enable", ProviderKeysState.set_enabled(row.id, True), "play", shown=~row.enabled),
        ui.MenuItem("Remove", ProviderKeysState.remove(row.id), "trash_2", True),
    )
    return ui.row_item(row.label, row.ending, trailing=rx.fragment(disabled, acts), key=row.id)


def _test_dialog() -> rx.Component:
    found = rx.fragment(
        ui.callout(ProviderTestState.took, "green"),
        ui.search_field(
            "Search its models", ProviderTestState.search, ProviderTestState.set_search, name="search_found"
        ),
        rx.cond(
            ProviderTestState.found,
            rx.el.div(ui.rows(rx.foreach(ProviderTestState.found, _found)), class_name="picked"),
            rx.el.p("Nothing matches.", class_name="muted"),
        ),
    )
    refused = rx.el.div(ui.callout(ProviderTestState.problem, "red"), role="alert")
    said = rx.cond(ProviderTestState.problem, refused, found)
    return ui.dialog(
        "Test " + ProviderTestState.provider,
        "Faraday asks it for its models, with the first of its keys.",
        rx.cond(ProviderTestState.asking, ui.skeleton_lines(4), said),
        open=ProviderTestState.open,
        on_open_change=ProviderTestState.set_open,
    )


def _found(row: FoundView) -> rx.Component:
    add = ui.secondary_button(
        "Add", size="small", on_click=ProviderTestState.add(row.name), aria_label="Add " + row.name
    )
    there = ui.badge("In the catalogue", "green")
    return ui.row_item(row.name, row.window, trailing=rx.cond(row.known, there, add), key=row.name)

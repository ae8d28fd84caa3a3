import reflex as rx

from faraday_app import ui
from faraday_app.accounts.state import DevicesState
from faraday_app.security.views import SessionView


def devices() -> rx.Component:
    """Where the person is signed in, and the way to end that."""
    shown = rx.cond(
        DevicesState.rows.length() > 0, ui.rows(rx.foreach(DevicesState.rows, _device)), ui.skeleton_lines(3)
    )
    failed = ui.error_state(DevicesState.error, DevicesState.refresh)
    leave = ui.secondary_button("Sign out all other devices", icon="log_out", on_click=DevicesState.ask_end(""))
    return rx.fragment(
        ui.form_section(
            "Where you are signed in",
            "Sign out what you do not use or do not know, and change your password if it was not you.",
            rx.cond(DevicesState.error, failed, shown),
            rx.cond(DevicesState.others > 0, rx.el.div(leave), rx.fragment()),
        ),
        _end_dialog(),
    )


def _device(row: SessionView) -> rx.Component:
    where = rx.cond(row.place, row.place + " · " + row.address, row.address)
    here = rx.cond(row.here, ui.badge("This device", "green"), rx.fragment())
    end = ui.secondary_button(
        "Sign out", size="small", on_click=DevicesState.ask_end(row.id), aria_label="Sign out " + row.device
    )
    return ui.row_item(
        rx.el.span(row.device, here, class_name="row"),
        rx.fragment(
            rx.el.span(where, rx.cond(where, " · ", ""), rx.cond(row.here, "now", row.seen), class_name="line"),
            rx.el.span("Signed in " + row.since + " by " + row.method, class_name="line"),
        ),
        leading=rx.cond(row.handheld, rx.icon("smartphone", size=18), rx.icon("monitor", size=18)),
        trailing=rx.cond(row.here, rx.fragment(), end),
        key=row.id,
    )


def _end_dialog() -> rx.Component:
    one = DevicesState.ended != ""
    return ui.confirm_dialog(
        rx.cond(one, "Sign out " + DevicesState.ended + "?", "Sign out all other devices?"),
        rx.cond(
            one,
            "Its open pages close at once. Whoever uses it has to sign in again.",
            "Their open pages close at once. You stay signed in here.",
        ),
        open=DevicesState.ending,
        on_open_change=DevicesState.set_ending,
        confirm="Sign out",
        on_confirm=DevicesState.end,
    )

"""How long records are kept, and who is to be erased."""

import reflex as rx

from faraday_app import ui
from faraday_app.privacy.state import PrivacyState
from faraday_app.privacy.views import ErasureView


def retention_lead() -> rx.Component:
    kept = rx.cond(
        PrivacyState.years,
        "Records of those who left are kept for " + PrivacyState.years + " years, then erased by themselves.",
        "Records of those who left are kept until you decide for how long.",
    )
    about = (
        "Whoever is erased loses conversations, memories and sign-in at once. Grades and handed-in work are the"
        " school’s record: they stay, with the name on them, until their retention is over."
    )
    return rx.el.div(
        rx.cond(PrivacyState.loading, ui.skeleton_lines(1), rx.el.p(kept, role="status")),
        rx.el.p(about, class_name="muted", style={"maxWidth": "70ch"}),
        class_name="stack",
    )


def erasures_table() -> rx.Component:
    return ui.data_table(
        "People who are to be erased, newest first",
        [
            ui.Column("Person", lambda row: rx.el.span(row.person, class_name="title"), width="26%"),
            ui.Column("State", lambda row: ui.badge(row.state, row.tone), width="18%"),
            ui.Column("What", lambda row: rx.el.span(row.about)),
            ui.Column("Reason", lambda row: rx.el.span(row.reason, class_name="meta"), phone="hide"),
        ],
        PrivacyState.rows,
        empty=ui.Empty(
            "user_x", "Nobody is to be erased", "When somebody asks you to erase them, choose “Export or erase”."
        ),
        loading=PrivacyState.loading,
        error=PrivacyState.error,
        retry=PrivacyState.refresh,
        menu=_menu,
        footer=ui.pager(
            PrivacyState.shown,
            on_previous=PrivacyState.previous_page,
            on_next=PrivacyState.next_page,
            has_previous=PrivacyState.has_previous,
            has_next=PrivacyState.has_next,
        ),
    )


def _menu(row: ErasureView) -> rx.Component:
    back = ui.row_menu("Actions for " + row.person, ui.MenuItem("Take it back", PrivacyState.cancel(row.id), "undo_2"))
    return rx.cond(row.can_be_cancelled, back, rx.fragment())


def retention_dialog() -> rx.Component:
    form = rx.el.form(
        ui.text_field(
            "years",
            "Years after somebody left",
            type="number",
            min=1,
            max=100,
            default_value=PrivacyState.years,
            error=PrivacyState.years_error,
            help="Empty: until somebody decides. Your law says how long a school has to keep records.",
        ),
        rx.el.div(ui.primary_button("Save", type="submit"), class_name="dialog-foot"),
        on_submit=PrivacyState.keep,
        class_name="stack",
    )
    return ui.dialog(
        "How long records are kept", form, open=PrivacyState.choosing, on_open_change=PrivacyState.set_choosing
    )


def erase_dialog() -> rx.Component:
    picker = ui.person_picker(
        "person",
        "Person",
        chosen=PrivacyState.chosen,
        query=PrivacyState.query,
        found=PrivacyState.found,
        on_search=PrivacyState.search,
        on_choose=PrivacyState.choose,
        on_another=PrivacyState.choose_another,
    )
    form = rx.el.form(
        picker,
        ui.text_field("reason", "Reason", max_length=400, help="For example: the family asked for it by letter."),
        rx.cond(PrivacyState.problem, rx.el.div(ui.callout(PrivacyState.problem, "red"), role="alert"), rx.fragment()),
        rx.el.p(
            "The person can no longer sign in from now on. In the first three days you can take it back; then their"
            " data is gone for good.",
            class_name="meta",
        ),
        rx.el.div(
            ui.secondary_button(
                "Export their data",
                icon="download",
                on_click=PrivacyState.take_out,
                disabled=PrivacyState.chosen.id == "",
                type="button",
            ),
            ui.danger_button("Erase this person", type="submit"),
            class_name="dialog-foot",
        ),
        on_submit=PrivacyState.erase,
        class_name="stack",
    )
    return ui.dialog(
        "Export or erase a person", form, open=PrivacyState.erasing, on_open_change=PrivacyState.set_erasing
    )

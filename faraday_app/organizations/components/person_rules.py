"""The editor of the rules for one person."""

import reflex as rx

from faraday_app import ui
from faraday_app.organizations.components.differences import what_if_tile
from faraday_app.organizations.components.limits import limits_dialog
from faraday_app.organizations.components.rules import rules_tile
from faraday_app.organizations.state.person_rules import PersonRulesState
from faraday_app.organizations.views.roles import HeldView


def rules_editor() -> rx.Component:
    """What they are allowed and denied beyond their roles."""
    body = rx.cond(
        PersonRulesState.error,
        ui.error_state(PersonRulesState.error, PersonRulesState.discard),
        rx.cond(PersonRulesState.loading, ui.skeleton_table(8), _editor()),
    )
    return rx.fragment(body, limits_dialog(PersonRulesState))


def rules_side() -> rx.Component:
    """Beside the rules: what saving them would do, and the roles that they come on top of."""
    roles = ui.tile("Their roles", "shield", ui.rows(rx.foreach(PersonRulesState.held, _held)))
    side = rx.el.div(what_if_tile(PersonRulesState), roles, class_name="stack sticky")
    return rx.cond(PersonRulesState.error != "", rx.fragment(), side)


def _editor() -> rx.Component:
    problem = rx.el.div(ui.callout(PersonRulesState.problem, "red"), role="alert")
    gone = ui.callout("They are deactivated: these rules hold when they are reactivated.", "amber")
    lead = "For this person alone, on top of their roles. Give a role instead when several people need the same."
    return rx.el.div(
        rx.cond(PersonRulesState.problem, problem, rx.fragment()),
        rx.cond(PersonRulesState.active, ui.callout(lead), gone),
        rules_tile(PersonRulesState),
        ui.save_bar(dirty=PersonRulesState.dirty, on_discard=PersonRulesState.discard, on_save=PersonRulesState.save),
        class_name="stack",
    )


def _held(row: HeldView) -> rx.Component:
    until = rx.cond(row.over, ui.badge(row.until, "amber"), rx.el.span(row.until))
    return ui.row_item(ui.link(row.name, "/roles/edit?role=" + row.id), until, key=row.id)

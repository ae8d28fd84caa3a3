"""Editing rules, whosever they are: allow or deny, under which conditions, until when, and what it would change."""

from dataclasses import replace
from typing import Any

import reflex as rx

from faraday_app.core.authorization import ALWAYS, Effect, Rule
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Permission
from faraday_app.organizations.service import roles
from faraday_app.organizations.state.limits import conditions_of, end_of
from faraday_app.organizations.views.roles import DifferenceView, RuleView, pattern_words
from faraday_app.ui.guard import allow
from faraday_app.ui.session import Viewer
from faraday_app.ui.times import field_text


class RuleEditing(rx.State, mixin=True):
    """For states with rules of a holder. They say what a change means (``_changed``) and whether there can be any."""

    rows: list[RuleView] = []
    dirty: bool = False
    differences: list[DifferenceView] = []
    difference: str = ""
    limiting: bool = False
    limited: str = ""
    limits: dict[str, str] = {}
    limits_error: str = ""

    _rules: dict[str, Rule] = {}
    _pattern: str = ""

    @rx.event
    @allow(Permission.roles_manage)
    async def set_effect(self, pattern: str, effect: str) -> None:
        """Allow or deny, or leave it to the roles above."""
        if pattern not in roles.PATTERNS or self._is_fixed():
            raise Invalid("There is no such permission.")
        rules = dict(self._rules)
        if effect in set(Effect):
            rules[pattern] = replace(rules.get(pattern, Rule(Effect.allow, pattern)), effect=Effect(effect))
        else:
            rules.pop(pattern, None)
        self._rules = rules
        await self._changed()

    @rx.event
    @allow(Permission.roles_manage)
    async def limit(self, pattern: str) -> None:
        rule = self._rules.get(str(pattern))
        if rule is None:
            raise Invalid("Allow or deny it first.")
        self._pattern, self.limited, self.limits_error = rule.pattern, pattern_words(rule.pattern), ""
        self.limits = _form(rule, (await self.get_state(Viewer)).zone)
        self.limiting = True

    @rx.event
    @allow(Permission.roles_manage)
    async def set_limiting(self, open: bool) -> None:
        self.limiting = bool(open)

    @rx.event
    @allow(Permission.roles_manage)
    async def save_limits(self, form: dict[str, Any]) -> None:
        rule = self._rules.get(self._pattern)
        if rule is None:
            raise Invalid("Allow or deny it first.")
        try:
            until = end_of(form.get("expires_at"), (await self.get_state(Viewer)).zone)
            rule = replace(rule, conditions=conditions_of(form), expires_at=until)
        except Invalid as error:
            self.limits_error = error.message
            return
        self._rules, self.limiting = {**self._rules, rule.pattern: rule}, False
        await self._changed()

    def _is_fixed(self) -> bool:
        return False

    async def _changed(self) -> None:
        """Show what the draft means, and for whom."""
        raise NotImplementedError


def _form(rule: Rule, zone: str) -> dict[str, str]:
    """The fields of the dialog as they stand; a tick is any text."""
    said, hours = rule.conditions or ALWAYS, rule.conditions.hours
    ticks = {name: "yes" if getattr(said, name) else "" for name in ("own_department", "own_class", "own_child")}
    days = {str(day): "yes" if hours and day in hours.days else "" for day in range(7)}
    times = {"start": hours.start, "end": hours.end} if hours else {"start": "", "end": ""}
    expires_at = field_text(rule.expires_at, zone)
    return {**ticks, **days, **times, "addresses": "\n".join(said.addresses), "expires_at": expires_at}

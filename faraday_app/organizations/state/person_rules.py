"""The rules for one person alone, beyond their roles: edited, looked ahead at, saved."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.authorization import Holding, RoleRules, Rule
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.organizations.service import assignments, what_if
from faraday_app.organizations.state.differences import shown, summary_of_one
from faraday_app.organizations.state.rule_editing import RuleEditing
from faraday_app.organizations.state.rule_lines import lines
from faraday_app.organizations.views.roles import HeldView
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import short


@passing
class PersonRulesState(RuleEditing, rx.State):
    loading: bool = True
    error: str = ""
    problem: str = ""
    person: str = ""
    name: str = ""
    me: bool = False
    active: bool = True
    held: list[HeldView] = []

    _saved: tuple[Rule, ...] = ()
    _roles: tuple[RoleRules, ...] = ()

    @rx.event
    @allow(Permission.roles_manage)
    async def enter(self) -> None:
        """Of the person of the address."""
        self.person = str(self.router.url.query_parameters.get("person", ""))[:40]
        if actor := await viewer_of(self):
            here = topic("roles", actor.organization)
            await live.watch(self, "page.rules", {here: PersonRulesState.refresh}, actor.user, most_often=0.5)
        await self._load()

    @rx.event
    @allow(Permission.roles_manage)
    async def refresh(self) -> None:
        """Somebody changed rights: what is being edited here stays."""
        if not self.dirty:
            await self._load()

    @rx.event
    @allow(Permission.roles_manage)
    async def discard(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.roles_manage)
    async def save(self) -> Any:
        self.problem = ""
        try:
            async with acting(self) as (session, actor):
                wanted = tuple(self._rules.values())
                await assignments.set_rules(session, actor, parse_id(self.person), wanted, self._saved)
        except FaradayError as error:
            self.problem = error.message
            return None
        await self._load()
        return ui.notify(f"The rules for {self.name} are saved. They hold from the next click.")

    async def _load(self) -> None:
        self.error = self.problem = self.difference = ""
        self.differences, self.dirty, self.limiting = [], False, False
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                found = await assignments.with_rules(session, actor, parse_id(self.person))
        except FaradayError as error:
            self.error, self.name, self.rows, self.held, self._rules = error.message, "", [], [], {}
        else:
            subject = found.subject
            self.name, self.me, self.active = subject.name, subject.user_id == actor.user_id, found.active
            self.held = [_held(number, each, zone) for number, each in enumerate(subject.holdings)]
            self._roles = tuple(role for each in subject.holdings if each.lasts(now()) for role in each.role.line())
            self._saved, self._rules = subject.rules, {rule.pattern: rule for rule in subject.rules}
            self.rows = lines(self._rules, self._roles)
        self.loading = False

    async def _changed(self) -> None:
        wanted = tuple(self._rules.values())
        async with acting(self) as (session, actor):
            found = await what_if.if_rules_were(session, actor, parse_id(self.person), wanted)
        self.dirty = set(wanted) != set(self._saved)
        self.rows = lines(self._rules, self._roles)
        self.differences, self.difference = (shown(found), summary_of_one(found)) if self.dirty else ([], "")


def _held(number: int, holding: Holding, zone: str) -> HeldView:
    until = short(holding.expires_at, zone)
    over = not holding.lasts(now())
    words = f"{'ended' if over else 'until'} {until}" if until else "What they are here" if number == 0 else "for good"
    return HeldView(holding.role.key, holding.role.name, words, over)

"""Rules about addresses that hold for every organisation."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.security.service import addresses, addresses_for_all
from faraday_app.security.state.addresses import rule_view, wanted_of, within
from faraday_app.security.views import RuleView
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer, passing


class AllAddressesState(Paged, rx.State):
    rows: list[RuleView] = []
    own: str = ""
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.organizations_manage)
    async def enter(self) -> Any:
        async with acting(self) as (_, actor):
            self.own = actor.address
            topics = {topic("addresses", "all"): AllAddressesState.refresh}
            await live.watch(self, "page.addresses", topics, actor.user)
        self._pages = []
        return AllAddressesState.refresh

    @rx.event
    @allow(Permission.organizations_manage)
    async def refresh(self) -> None:
        self.error = ""
        zone, before = (await self.get_state(Viewer)).zone, self._page_after()
        try:
            async with acting(self) as (session, actor):
                found = await addresses_for_all.list_rules(session, actor, addresses.PAGE + 1, before)
        except FaradayError as error:
            self.error = error.message
        else:
            self.rows = [rule_view(row, zone) for row in found[: addresses.PAGE]]
            self._place(len(found), addresses.PAGE)
        self.loading = False

    @rx.event
    @allow(Permission.organizations_manage)
    async def next_page(self) -> Any:
        self._turn_on()
        return AllAddressesState.refresh

    @rx.event
    @allow(Permission.organizations_manage)
    async def previous_page(self) -> Any:
        self._turn_back()
        return AllAddressesState.refresh

    @rx.event
    @allow(Permission.organizations_manage)
    async def shadow(self, rule_id: str, shadow: bool) -> Any:
        async with acting(self) as (session, actor):
            await addresses_for_all.set_shadow(session, actor, parse_id(rule_id), bool(shadow))
        said = "It only counts from now on." if shadow else "It is enforced from now on."
        return [AllAddressesState.refresh, ui.notify(said)]

    @rx.event
    @allow(Permission.organizations_manage)
    async def remove(self, rule_id: str) -> Any:
        async with acting(self) as (session, actor):
            await addresses_for_all.remove_rule(session, actor, parse_id(rule_id))
        return [AllAddressesState.refresh, ui.notify("The rule is removed.")]


@passing
class RuleForAllState(rx.State):
    """The form of a new rule for all."""

    open: bool = False
    problem: str = ""
    hint: str = ""

    @rx.event
    @allow(Permission.organizations_manage)
    async def set_open(self, open: bool) -> None:
        self.open, self.problem, self.hint = bool(open), "", ""

    @rx.event
    @allow(Permission.organizations_manage)
    async def check(self, text: str) -> None:
        """Whether it is one, and whether one's own address is within."""
        self.problem = ""
        try:
            self.hint = await within(self, text)
        except Invalid as error:
            self.problem, self.hint = error.message, ""

    @rx.event
    @allow(Permission.organizations_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        self.problem = ""
        try:
            async with acting(self) as (session, actor):
                await addresses_for_all.add_rule(session, actor, wanted_of(form))
        except FaradayError as error:
            self.problem = error.message
            return None
        self.open = False
        return [AllAddressesState.refresh, ui.notify("The rule holds from now on, for everybody.")]

"""Rules about addresses, and what was blocked automatically."""

from datetime import UTC, datetime, timedelta
from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.abuse import Block
from faraday_app.core.addresses import Kind
from faraday_app.core.addresses.gate import Only
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.core.redis import RedisError
from faraday_app.security.models import AddressRule
from faraday_app.security.service import addresses, blocks
from faraday_app.security.views import BlockView, RuleView
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import ago, short

DAYS = ("0", "1", "7", "30", "365")


class AddressesState(Paged, rx.State):
    rows: list[RuleView] = []
    blocked: list[BlockView] = []
    own: str = ""
    only_staff: bool = False
    only_api: bool = False
    loading: bool = True
    error: str = ""
    blocks_error: str = ""

    @rx.event
    @allow(Permission.addresses_manage)
    async def enter(self) -> Any:
        async with acting(self) as (_, actor):
            self.own = actor.address
            topics = {
                topic("addresses", actor.organization): AddressesState.refresh,
                topic("address_blocks", "all"): AddressesState.refresh,
            }
            await live.watch(self, "page.addresses", topics, actor.user)
        self._pages = []
        return AddressesState.refresh

    @rx.event
    @allow(Permission.addresses_manage)
    async def refresh(self) -> None:
        self.error = self.blocks_error = ""
        zone = (await self.get_state(Viewer)).zone
        try:
            await self._load(zone)
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    @rx.event
    @allow(Permission.addresses_manage)
    async def next_page(self) -> Any:
        self._turn_on()
        return AddressesState.refresh

    @rx.event
    @allow(Permission.addresses_manage)
    async def previous_page(self) -> Any:
        self._turn_back()
        return AddressesState.refresh

    @rx.event
    @allow(Permission.addresses_manage)
    async def shadow(self, rule_id: str, shadow: bool) -> Any:
        async with acting(self) as (session, actor):
            await addresses.set_shadow(session, actor, parse_id(rule_id), bool(shadow))
        said = "It only counts from now on." if shadow else "It is enforced from now on."
        return [AddressesState.refresh, ui.notify(said)]

    @rx.event
    @allow(Permission.addresses_manage)
    async def remove(self, rule_id: str) -> Any:
        async with acting(self) as (session, actor):
            await addresses.remove_rule(session, actor, parse_id(rule_id))
        return [AddressesState.refresh, ui.notify("The rule is removed.")]

    @rx.event
    @allow(Permission.addresses_manage)
    async def release(self, place: str) -> Any:
        async with acting(self) as (session, actor):
            await blocks.release(session, actor, str(place)[:64])
        return [AddressesState.refresh, ui.notify(f"{str(place)[:64]} may call again.")]

    @rx.event
    @allow(Permission.addresses_manage)
    async def set_only(self, who: str, only: bool) -> Any:
        staff = bool(only) if who == "staff" else self.only_staff
        api = bool(only) if who == "api" else self.only_api
        async with acting(self) as (session, actor):
            await addresses.set_policy(session, actor, Only(staff, api))
        return AddressesState.refresh

    async def _load(self, zone: str) -> None:
        before = self._page_after()
        async with acting(self) as (session, actor):
            found = await addresses.list_rules(session, actor, addresses.PAGE + 1, before)
            self.only_staff, self.only_api = await addresses.get_policy(session, actor)
        self.rows = [rule_view(row, zone) for row in found[: addresses.PAGE]]
        self._place(len(found), addresses.PAGE)
        try:
            self.blocked = [_block(block, zone) for block in await blocks.list_blocks(actor)]
        except (RedisError, OSError):
            self.blocks_error = "Redis does not answer, so automatic blocks cannot be shown."


@passing
class RuleState(rx.State):
    """The form of a new rule. What it would do to the viewer is said while it is typed."""

    open: bool = False
    problem: str = ""
    hint: str = ""

    @rx.event
    @allow(Permission.addresses_manage)
    async def set_open(self, open: bool) -> None:
        self.open, self.problem, self.hint = bool(open), "", ""

    @rx.event
    @allow(Permission.addresses_manage)
    async def check(self, text: str) -> None:
        """Whether it is one, and whether one's own address is within."""
        self.problem = ""
        try:
            self.hint = await within(self, text)
        except Invalid as error:
            self.problem, self.hint = error.message, ""

    @rx.event
    @allow(Permission.addresses_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        self.problem = ""
        try:
            async with acting(self) as (session, actor):
                await addresses.add_rule(session, actor, wanted_of(form))
        except FaradayError as error:
            self.problem = error.message
            return None
        self.open = False
        return [AddressesState.refresh, ui.notify("The rule holds from now on.")]


async def within(state: rx.State, text: object) -> str:
    """Whether the viewer's own address is within what they type; nothing while they have not begun."""
    if not str(text).strip():
        return ""
    async with acting(state) as (_, actor):
        inside = await addresses.contains(str(text)[:60], actor.address)
    return "Your own address is within." if inside else "Your own address is not within."


def wanted_of(form: dict[str, Any]) -> addresses.Wanted:
    kind, days = str(form.get("rule_kind", "")), str(form.get("rule_days", ""))
    if kind not in set(Kind) or days not in DAYS:
        raise Invalid("Choose what the rule does and until when.")
    return addresses.Wanted(
        Kind(kind),
        str(form.get("rule_what", ""))[:60],
        str(form.get("rule_note", "")),
        bool(form.get("rule_shadow")),
        now() + timedelta(days=int(days)) if days != "0" else None,
    )


def rule_view(row: AddressRule, zone: str) -> RuleView:
    return RuleView(
        str(row.id),
        row.what,
        row.kind.capitalize(),
        row.kind == Kind.allow,
        row.shadow,
        row.note,
        f"{row.hits:,}",
        ago(row.last_hit_at, now(), zone),
        short(row.expires_at, zone) or "for good",
    )


def _block(block: Block, zone: str) -> BlockView:
    since, until = (datetime.fromtimestamp(at, UTC) for at in (block.since, block.until))
    times = "first time" if block.level == 1 else f"{block.level} times in a row"
    return BlockView(block.place, blocks.reason(block).capitalize(), short(since, zone), short(until, zone), times)

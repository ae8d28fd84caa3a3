"""How models are chosen, and how it went."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.gateway.service import looking, sent
from faraday_app.gateway.service.managing import models, policies
from faraday_app.gateway.service.managing.policies import PolicyTerms
from faraday_app.gateway.state.forms import names_in, text_of, whole
from faraday_app.gateway.views import Privacy, Strategy, Task
from faraday_app.gateway.views.receipts import (
    MOST_SHOWN,
    ReceiptView,
    explained,
    hides_names,
    receipt_view,
    sent_text,
)
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer, passing

OFTEN = 5.0  # seconds between two readings of the receipts
FIELDS = {"retries", "region"}


@passing
class PolicyState(rx.State):
    """``mark`` makes the form anew when what is saved changes."""

    loading: bool = True
    strategy: str = "order"
    retries: str = "1"
    region: str = ""
    privacy: str = "public"
    offers_default: bool = True
    tasks: dict[str, str] = {}
    known: str = ""
    dirty: bool = False
    mark: int = 0
    faults: dict[str, str] = {}
    problem: str = ""

    _version: int = 0

    @rx.event
    @allow(Permission.models_manage)
    async def enter(self) -> None:
        async with acting(self) as (session, actor):
            policy, self._version = await policies.get_policy(session, actor)
            self.known = ", ".join(await models.names(session, actor))
        self.strategy, self.retries = policy.strategy.value, str(policy.retries)
        self.region, self.privacy, self.offers_default = policy.region, policy.privacy.value, policy.offers_default
        self.tasks = {task.value: ", ".join(policy.tasks.get(task, ())) for task in Task}
        self.faults, self.problem, self.dirty, self.loading = {}, "", False, False
        self.mark += 1

    @rx.event
    @allow(Permission.models_manage)
    async def touch(self) -> None:
        self.dirty = True

    @rx.event
    @allow(Permission.models_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        self.faults, self.problem = {}, ""
        try:
            terms = _terms(form)
            async with acting(self) as (session, actor):
                await policies.set_policy(session, actor, self._version, terms)
        except FaradayError as error:
            field = str(error.field) if isinstance(error, Invalid) else ""
            self.faults = {field: error.message} if field in FIELDS else {}
            self.problem = "" if self.faults else error.message
            return None
        return [PolicyState.enter, ui.notify("Saved. It holds for every call from now on.")]


class ReceiptsState(Paged, rx.State):
    rows: list[ReceiptView] = []
    loading: bool = True
    error: str = ""
    troubled: bool = False

    @rx.event
    @allow(Permission.models_manage)
    async def enter(self) -> Any:
        async with acting(self) as (_, actor):
            topics = {topic("receipts", actor.organization): ReceiptsState.refresh}
            await live.watch(self, "page.receipts", topics, actor.user, most_often=OFTEN)
        self._pages = []
        return ReceiptsState.refresh

    @rx.event
    @allow(Permission.models_manage)
    async def refresh(self) -> None:
        self.error = ""
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                found = await looking.list_receipts(
                    session, actor, self._page_after(), looking.PAGE + 1, troubled=self.troubled
                )
        except FaradayError as error:
            self.error = error.message
        else:
            self.rows = [receipt_view(row, zone) for row in found[: looking.PAGE]]
            self._place(len(found), looking.PAGE)
        self.loading = False

    @rx.event
    @allow(Permission.models_manage)
    async def toggle_troubled(self) -> Any:
        self.troubled, self._pages = not self.troubled, []
        return ReceiptsState.refresh

    @rx.event
    @allow(Permission.models_manage)
    async def next_page(self) -> Any:
        return ReceiptsState.refresh if self._turn_on() else None

    @rx.event
    @allow(Permission.models_manage)
    async def previous_page(self) -> Any:
        self._turn_back()
        return ReceiptsState.refresh


@passing
class ReceiptState(rx.State):
    """Why this model: one receipt, opened."""

    open: bool = False
    shown: ui.Explanation = ui.Explanation()
    receipt_id: str = ""
    hides: bool = False
    looked: bool = False
    sent: list[ui.ExplainedText] = []

    @rx.event
    @allow(Permission.models_manage)
    async def show(self, receipt_id: str) -> None:
        async with acting(self) as (session, actor):
            row = await looking.get_receipt(session, actor, parse_id(receipt_id))
        self.receipt_id, self.hides, self.looked, self.sent = str(row.id), hides_names(row), False, []
        self.shown, self.open = explained(row, managing=True), True

    @rx.event
    @allow(Permission.models_manage)
    async def look(self) -> None:
        """What was sent; of somebody else's call it is recorded who looked."""
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            found = await sent.read(session, actor, parse_id(self.receipt_id))
        self.sent, self.looked = [sent_text(each, zone) for each in found[:MOST_SHOWN]], True

    @rx.event
    @allow(Permission.models_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)


def _terms(form: dict[str, Any]) -> PolicyTerms:
    strategy, privacy = text_of(form, "policy_strategy"), text_of(form, "policy_privacy")
    return PolicyTerms(
        Strategy(strategy) if strategy in set(Strategy) else Strategy.order,
        whole(form, "policy_retries", "retries"),
        text_of(form, "policy_region"),
        Privacy(privacy) if privacy in set(Privacy) else Privacy.contract,
        {task: names_in(form, f"task_{task.value}") for task in Task},
        bool(form.get("policy_offers_default")),
    )

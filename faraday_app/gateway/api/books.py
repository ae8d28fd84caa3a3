"""The credits, the receipt and the trail of one call: opened before it, closed once however it ends."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog

from faraday_app.core.batch import Batch, Missed
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError, PaymentNeeded, Unavailable
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.credits import service as credits
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import sent
from faraday_app.security.service import record
from faraday_app.security.service.audit import Thing, record_in

ASKED = "gateway.asked"
LONGEST_CALL = timedelta(minutes=15)
_PAUSES = (0.2, 0.5, 1, 2, 5, 10, 20)  # seconds, while the database is away
_log = structlog.get_logger(__name__)
# What is being written down though its request is gone: a task that nobody holds may vanish.
_closing: set[asyncio.Task[int]] = set()


class Books:
    """``held`` micro-credits are the most that the call can cost; ``id`` is that of its receipt."""

    def __init__(self, actor: Actor, call: gateway.Call, hold: credits.Placed) -> None:
        self.id = new_id()
        self.held = hold.amount
        self._actor, self._call, self._hold = actor, call, hold
        self._task: asyncio.Task[int] | None = None

    async def close(self, *, came: bool) -> int:
        """Charge what came, or give everything back; the micro-credits charged. Goes on when whoever waits is gone."""
        if self._task is None:
            self._task = asyncio.create_task(self._close(came))
            _closing.add(self._task)
            self._task.add_done_callback(_closing.discard)
        return await asyncio.shield(self._task)

    async def _close(self, came: bool) -> int:
        if came:
            with suppress(Missed, Unavailable):
                return await self._write_at_once()
        for pause in _PAUSES:
            try:
                return await self._write(came)
            except FaradayError as error:
                _log.warning("call_not_closed", receipt=str(self.id), error=error.message)
                await asyncio.sleep(pause)
        return 0  # The hold ends by itself.

    async def _write_at_once(self) -> int:
        """What nearly always goes: Missed where the hold has ended before, Unavailable without the database."""
        actor, cost = self._actor, min(self._call.receipt.cost, self.held)
        spent = await credits.spent_account(actor)
        if spent is None:
            raise Missed
        batch, requests = Batch(actor), await sent.sealed(self._call.receipt, actor.organization)
        credits.settle_in(batch, actor, self._hold, spent, cost, self._memo, f"call {self._hold.id}")
        gateway.keep_receipt_in(batch, self._call.receipt, actor.organization, **self._who)
        sent.keep_in(batch, requests, actor.organization, self.id)
        record_in(batch, actor, ASKED, Thing("route_receipts", self.id), **self._told(cost))
        await batch.run()
        return cost

    async def _write(self, came: bool) -> int:
        receipt, actor, charged = self._call.receipt, self._actor, 0
        async with transaction(actor) as session:
            if came:
                cost = min(receipt.cost, self.held)
                charged = await credits.settle(session, self._hold.id, cost, self._memo, f"call {self._hold.id}")
            else:
                await credits.release(session, self._hold.id)
            kept = gateway.keep_receipt(session, receipt, actor.organization, **self._who)
            await gateway.keep_sent(session, receipt, kept)
            record(session, actor, ASKED, Thing("route_receipts", self.id), **self._told(charged))
        return charged

    @property
    def _who(self) -> dict[str, Any]:
        return {"id": self.id, "user_id": self._actor.user_id, "api_key_id": self._actor.api_key_id}

    @property
    def _memo(self) -> str:
        last = self._call.receipt.last
        return f"Answer by {last.model if last else self._call.asked.name}"[:200]

    def _told(self, charged: int) -> dict[str, Any]:
        receipt = self._call.receipt
        return {
            "outcome": "done" if receipt.outcome == "answered" else "failed",
            "model": receipt.last.model if receipt.last else receipt.asked.name,
            "provider": receipt.last.deployment.provider.name if receipt.last else "",
            "prompt": receipt.prompt_tokens,
            "answer": receipt.answer_tokens,
            "micro_credits": charged,
        }


async def opened(actor: Actor, call: gateway.Call, prompt: int | None = None) -> Books:
    """Set aside the most that the call can cost, whoever on its chain answers it; less where that is too much.

    ``prompt`` tokens are paid for where that is more than what has to fit a window at once.
    """
    route = await gateway.planned(call)
    tokens = call.asked.prompt if prompt is None else prompt
    answers = 0 if call.path else call.asked.answer
    costs = [
        step.deployment.price.cost(tokens, min(answers, step.model.longest_answer) if answers else 0)
        for step in route.chain
    ]
    try:
        return await _holding(actor, call, max(costs))
    except PaymentNeeded:
        # Then without those on the chain that are dearer than the first.
        if costs[0] == max(costs):
            raise
    call.receipt.asked = replace(call.asked, most=costs[0])
    return await _holding(actor, call, costs[0])


async def _holding(actor: Actor, call: gateway.Call, amount: int) -> Books:
    if wallet := await credits.wallet(actor):
        batch = Batch(actor, may_be_lost=True)
        hold = credits.hold_in(batch, actor, wallet, amount, LONGEST_CALL)
        with suppress(Missed, Unavailable):
            await batch.run()
            return Books(actor, call, hold)
    async with transaction(actor) as session:
        row = await credits.hold(session, actor, amount, LONGEST_CALL)
    return Books(actor, call, credits.Placed(row.id, row.account_id, row.amount))

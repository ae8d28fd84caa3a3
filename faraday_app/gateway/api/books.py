"""The credits, the receipt and the trail of one call: opened before it, closed once however it ends."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError, Invalid, PaymentNeeded
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.credits import service as credits
from faraday_app.gateway import service as gateway
from faraday_app.security.service import record
from faraday_app.security.service.audit import Thing

LONGEST_CALL = timedelta(minutes=15)
_PAUSES = (0.2, 0.5, 1, 2, 5, 10, 20)  # seconds, while the database is away
_log = structlog.get_logger(__name__)
# What is being written down though its request is gone: a task that nobody holds may vanish.
_closing: set[asyncio.Task[int]] = set()


class Books:
    """``held`` micro-credits are the most that the call can cost; ``id`` is that of its receipt."""

    def __init__(self, actor: Actor, call: gateway.Call, hold_id: UUID, held: int) -> None:
        self.id = new_id()
        self.held = held
        self._actor, self._call, self._hold_id = actor, call, hold_id
        self._task: asyncio.Task[int] | None = None

    async def close(self, *, came: bool) -> int:
        """Charge what came, or give everything back; the micro-credits charged. Goes on when whoever waits is gone."""
        if self._task is None:
            self._task = asyncio.create_task(self._close(came))
            _closing.add(self._task)
            self._task.add_done_callback(_closing.discard)
        return await asyncio.shield(self._task)

    async def _close(self, came: bool) -> int:
        for pause in _PAUSES:
            try:
                return await self._write(came)
            except FaradayError as error:
                _log.warning("call_not_closed", receipt=str(self.id), error=error.message)
                await asyncio.sleep(pause)
        return 0  # The hold ends by itself.

    async def _write(self, came: bool) -> int:
        receipt, actor, charged = self._call.receipt, self._actor, 0
        async with transaction(actor) as session:
            if came:
                cost = min(receipt.cost, self.held)
                charged = await credits.settle(session, self._hold_id, cost, self._memo, f"call {self._hold_id}")
            else:
                await credits.release(session, self._hold_id)
            who: dict[str, Any] = {"id": self.id, "user_id": actor.user_id, "api_key_id": actor.api_key_id}
            gateway.keep_receipt(session, receipt, actor.organization, **who)
            record(session, actor, "gateway.asked", Thing("route_receipts", self.id), **self._told(charged))
        return charged

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
    try:
        async with transaction(actor) as session:
            hold = await credits.hold(session, actor, amount, LONGEST_CALL)
    except Invalid as error:
        raise PaymentNeeded(error.message) from error
    return Books(actor, call, hold.id, amount)

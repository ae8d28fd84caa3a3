"""Ask a model, and whoever comes after it when it fails: the chain of a route, walked to an answer."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.gateway.errors import Fault, ModelUnavailable, ModelUnknown, ProviderFailure, TooLong
from faraday_app.gateway.service import catalogue, learning, routing, upstream
from faraday_app.gateway.service.listening import Json, Listener, Piece, WholeListener
from faraday_app.gateway.service.privacy import mask_for
from faraday_app.gateway.service.receipts import Attempt, Receipt
from faraday_app.gateway.service.routing import Asked, Facts, Reason, Route, Step
from faraday_app.gateway.service.standing import Standing, here
from faraday_app.gateway.service.texts import Text
from faraday_app.gateway.service.tokens import Usage
from faraday_app.gateway.views import Capability, Model, Offered, ProviderKey

MOST_ATTEMPTS = 8
PAUSE = 0.1  # seconds before the first retry; each time twice as long, and up to as much again by chance
REST_WHEN_LIMITED, REST_WHEN_REFUSED = 60.0, 120.0  # seconds for a key, when the provider names none
GO_ON = "Your answer was cut off. Go on exactly where it stopped. Repeat nothing, and say nothing about this request."


@dataclass(slots=True)
class Call:
    """One request for an answer. ``body`` is as OpenAI's protocol has it, without model and stream.

    ``receipt`` tells afterwards, and at any moment, which way it went and what it costs. ``allowed`` are the models
    that whoever asks may use. ``path`` is where something comes in one piece, such as "/embeddings".
    """

    organization_id: UUID
    body: Json
    receipt: Receipt
    allowed: Callable[[Model], bool] = lambda _: True
    began: float = field(default_factory=time.perf_counter)
    wire: upstream.Upstream = field(default_factory=lambda: upstream.real)
    path: str = ""
    standing: Standing = field(default_factory=lambda: here)
    found: tuple[Asked, Route] | None = None

    @property
    def asked(self) -> Asked:
        return self.receipt.asked


async def planned(call: Call) -> Route:
    """The chain for this call, found once while it asks for the same. ModelUnknown, Invalid or ModelUnavailable when
    there is none.
    """
    if call.found and call.found[0] is call.asked:
        return call.found[1]
    offered = await catalogue.offered(call.organization_id)
    known = facts(call.standing)
    if call.asked.name == routing.AUTO and offered.policy.learning:
        known = replace(known, quality=await learning.sampled(call.organization_id, call.asked.task))
    found = routing.route(call.asked, offered, call.allowed, known)
    call.receipt.follow(found)
    if not found.chain:
        raise _refusal(call.asked, offered, found)
    call.found = (call.asked, found)
    return found


def facts(standing: Standing) -> Facts:
    """What this worker knows at this moment."""
    return Facts(lambda each: standing.measures.of(each.id), lambda each: standing.deployments.cooling(each.id))


async def answer(call: Call) -> AsyncGenerator[Piece]:
    """The answer piece by piece, whoever gives it.

    Before the first piece each deployment is tried again, then the next one asked. After it, what came stays, and the
    next one goes on from there. ModelUnavailable when nobody is left, Invalid when the request itself is at fault.
    """
    route = await planned(call)
    steps, said, called_tools = list(route.chain), "", False
    while steps and len(call.receipt.attempts) < MOST_ATTEMPTS:
        step = steps.pop(0)
        if said:
            yield Piece(switched=True)
        try:
            # Closed here and now when whoever listens goes away, so that the receipt is whole.
            async with aclosing(_from(call, step, said)) as pieces:
                async for piece in pieces:
                    said += piece.text
                    called_tools = called_tools or piece.delta is not None
                    yield piece
        except ProviderFailure as failure:
            _end(call, "failed", str(failure))
            if failure.fault is Fault.bad_request:
                raise Invalid(failure.message or "The model did not understand this request.") from failure
            # Half a call of a tool cannot be gone on with.
            steps = [] if called_tools else _remaining(route, steps, step, failure)
        else:
            _end(call, "answered")
            return
    raise ModelUnavailable(call.asked.name)


async def said(call: Call, within: float) -> tuple[str, str]:
    """The text of an answer that is waited for so many seconds, and why it was not had or broke off; else empty."""
    text = ""
    try:
        async with asyncio.timeout(within), aclosing(answer(call)) as pieces:
            async for piece in pieces:
                text += piece.text
    except FaradayError as error:
        return text, error.message
    except TimeoutError:
        return text, "The model did not answer in time. Please try again."
    return text, ""


async def whole(call: Call) -> Json:
    """What comes in one piece from ``call.path``, with the same failover."""
    found: Json = {}
    async with aclosing(answer(call)) as pieces:
        async for piece in pieces:
            found = piece.delta or found
    return found


def _remaining(route: Route, steps: list[Step], step: Step, failure: ProviderFailure) -> list[Step]:
    if failure.fault is Fault.too_long:
        larger = routing.after_context(route, step.model)
        return [each for each in steps if each in larger]
    if failure.fault is Fault.content_policy:
        laxer = routing.after_refusal(route, step.model)
        return [each for each in steps if each in laxer]
    return steps


async def _from(call: Call, step: Step, said: str) -> AsyncGenerator[Piece]:
    """The answer of one deployment, tried again while nothing has come and it is worth it."""
    retries = (await catalogue.offered(call.organization_id)).policy.retries
    turn = 0
    while True:
        key, others = _key_of(call, step)
        attempt = Attempt(step.model.name, step.deployment, key.label if key else "", turn, masked=step.masked)
        call.receipt.attempts.append(attempt)
        came = False
        try:
            async with aclosing(_attempt(call, step, key, attempt, said)) as pieces:
                async for piece in pieces:
                    came = True
                    yield piece
        except ProviderFailure as failure:
            _note(call, step, key, attempt, failure)
            if came or len(call.receipt.attempts) >= MOST_ATTEMPTS:
                raise
            if failure.fault in (Fault.limited, Fault.key_refused) and others:
                continue  # with the next key, at once
            if turn >= retries or not failure.fault.is_worth_a_retry:
                raise
        else:
            return
        await asyncio.sleep(PAUSE * 2**turn * (1 + random.random()))
        turn += 1


async def _attempt(
    call: Call, step: Step, key: ProviderKey | None, attempt: Attempt, said: str
) -> AsyncGenerator[Piece]:
    body = call.body if call.path else _body(call.body, step.model, said)
    masked = await mask_for(call.organization_id) if step.masked else None
    if masked:
        body = masked.body(body)
        attempt.sent = (upstream.at_once if call.path else upstream.streamed)(step.deployment, body)
    listener = (WholeListener if call.path else Listener)(call, attempt, Usage(body), Text(said, masked))
    call.standing.deployments.asked(step.deployment.id)
    failed = True
    try:
        async with aclosing(_chunks(call, step, key, body)) as chunks:
            async for together in chunks:
                for piece in listener.hear_all(together):
                    yield piece
        for piece in listener.finish():
            yield piece
        failed = False
    finally:
        listener.end(failed=failed)
        if failed:
            call.standing.deployments.given_up(step.deployment.id)
    call.standing.deployments.worked(step.deployment.id)
    if key:
        call.standing.keys.worked(key.id)


def _chunks(call: Call, step: Step, key: ProviderKey | None, body: Json) -> AsyncGenerator[list[Json]]:
    if call.path:
        return _alone(call.wire.whole(step.deployment, key, call.path, body))
    return call.wire.stream(step.deployment, key, body)


async def _alone(coming: Coroutine[Any, Any, Json]) -> AsyncGenerator[list[Json]]:
    yield [await coming]


def _note(call: Call, step: Step, key: ProviderKey | None, attempt: Attempt, failure: ProviderFailure) -> None:
    attempt.fault, attempt.message = str(failure.fault), failure.message
    if failure.fault.is_its_own:
        call.standing.deployments.failed(step.deployment.id, failure.fault.words)
    if failure.fault in (Fault.limited, Fault.key_refused):
        limited = failure.fault is Fault.limited
        rest = failure.rest or (REST_WHEN_LIMITED if limited else REST_WHEN_REFUSED)
        if key:
            call.standing.keys.rest(key.id, rest, failure.fault.words)
        if _key_of(call, step)[0] is None:
            call.standing.deployments.rest(step.deployment.id, rest, failure.fault.words)


def _key_of(call: Call, step: Step) -> tuple[ProviderKey | None, bool]:
    """A key that is not resting, by chance, and whether there is another one. None: no key, or all of them rest."""
    ready = [key for key in step.deployment.provider.keys if not call.standing.keys.cooling(key.id)]
    return (random.choice(ready), len(ready) > 1) if ready else (None, False)


def _body(body: Json, model: Model, said: str) -> Json:
    """The request, shortened to what the model may answer, and with what has been said already."""
    wanted = body.get("max_completion_tokens") or body.get("max_tokens") or model.longest_answer
    rest = {name: value for name, value in body.items() if name not in ("max_tokens", "max_completion_tokens")}
    sent = {**rest, "max_tokens": min(int(wanted), model.longest_answer)}
    if Capability.tools not in model.capabilities:  # a stand-in answers without them
        sent = {name: value for name, value in sent.items() if name not in ("tools", "tool_choice")}
    if said:
        sent["messages"] = [
            *body["messages"],
            {"role": "assistant", "content": said},
            {"role": "user", "content": GO_ON},
        ]
    return sent


def _end(call: Call, outcome: str, error: str = "") -> None:
    call.receipt.outcome, call.receipt.error = outcome, error
    call.receipt.total_ms = (time.perf_counter() - call.began) * 1000


def _refusal(asked: Asked, offered: Offered, route: Route) -> Exception:
    reasons = {step.left_out for step in route.left_out}
    if not route.left_out:
        return ModelUnknown(asked.name) if offered.named(asked.name) is None else ModelUnavailable(asked.name)
    if reasons == {Reason.too_small}:
        return TooLong()
    if Reason.too_dear in reasons:
        return Invalid("No model can answer this within the budget.", field="message")
    if reasons == {Reason.lacks}:
        return Invalid(f"{asked.name} cannot do this: {route.left_out[0].detail}.", field="model")
    return ModelUnavailable(asked.name)

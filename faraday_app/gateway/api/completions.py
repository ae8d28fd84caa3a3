"""``POST /v1/chat/completions``: one answer, whole or as it comes."""

import json
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from faraday_app.core.errors import FaradayError, Unavailable
from faraday_app.core.http import signed_in
from faraday_app.core.http.problems import problem_of
from faraday_app.core.log import reference
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway import service as gateway
from faraday_app.gateway.api import books, described, shapes
from faraday_app.gateway.api.asked import chat_call
from faraday_app.gateway.api.streaming import EventStream
from faraday_app.gateway.api.wanted import Chat, chat
from faraday_app.gateway.api.words import in_openai_words

router = APIRouter(tags=["OpenAI"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
_log = structlog.get_logger(__name__)


@router.post(
    "/chat/completions",
    summary="Ask a model",
    description=described.ABOUT_CHAT,
    response_class=JSONResponse,
    responses=described.CHAT,
    openapi_extra=described.CHAT_BODY,
)
async def complete(request: Request, actor: Person) -> Response:
    wanted = chat(await request.body())
    call = await chat_call(request, actor, wanted)
    opened = await books.opened(actor, call)
    return await (_streamed if wanted.stream else _whole)(call, opened, wanted)


async def _whole(call: gateway.Call, opened: books.Books, _wanted: Chat) -> Response:
    message, came = shapes.Message(), False
    try:
        async with aclosing(gateway.answer(call)) as pieces:
            async for piece in pieces:
                message.add(piece)
        came = True
    finally:  # Half an answer is none here: nobody gets it, nobody pays for it.
        charged = await opened.close(came=came)
    body = shapes.completion(opened.id, call.receipt, message)
    return JSONResponse(body, headers=headers(call.receipt, opened.id, charged, _added(call)))


async def _streamed(call: gateway.Call, opened: books.Books, wanted: Chat) -> Response:
    """What goes wrong before the first piece is an answer of its own; afterwards it is a line of the stream."""
    pieces = gateway.answer(call)
    try:
        first = await anext(pieces)
    except BaseException:
        await opened.close(came=False)
        raise
    lines = _lines(call, opened, pieces, first, shapes.Chunks(opened.id, tells_usage=wanted.tells_usage))
    return EventStream(lines, headers(call.receipt, opened.id, opened.held, call.receipt.added_ms))


async def _lines(
    call: gateway.Call,
    opened: books.Books,
    pieces: AsyncGenerator[gateway.Piece],
    first: gateway.Piece,
    chunks: shapes.Chunks,
) -> AsyncGenerator[bytes]:
    receipt, whole = call.receipt, False
    try:
        async with aclosing(pieces):
            chunks.by(shapes.answering(receipt))
            yield chunks.first() + chunks.of(first)
            async for piece in pieces:
                if piece.switched:
                    continue
                chunks.by(shapes.answering(receipt))
                yield chunks.of(piece)
        whole = True
        if chunks.tells_usage:
            yield chunks.usage(receipt)
    except FaradayError as error:
        yield _error_line(error)
    except Exception as error:
        _log.error("stream_failed", reference=reference(), exc_info=error)
        yield _error_line(Unavailable())
    except BaseException:
        receipt.outcome = receipt.outcome if whole else "stopped"
        raise
    finally:
        await opened.close(came=True)
    if whole:
        yield b"data: [DONE]\n\n"


def _error_line(error: FaradayError) -> bytes:
    return f"data: {json.dumps(in_openai_words(problem_of(error))[1])}\n\n".encode()


def _added(call: gateway.Call) -> float:
    """Milliseconds that were Faraday's own."""
    total = (time.perf_counter() - call.began) * 1000
    return total - sum(attempt.took_ms for attempt in call.receipt.attempts)


def headers(receipt: gateway.Receipt, id: UUID, cost: int, added_ms: float) -> dict[str, str]:
    """What the call cost, or while it streams can cost at most; who answers, and the receipt of its way."""
    provider = receipt.last.deployment.provider.name if receipt.last else ""
    return {
        "x-faraday-cost": str(cost),
        "x-faraday-model": _ascii(shapes.answering(receipt)),
        "x-faraday-provider": _ascii(provider),
        "x-faraday-overhead-ms": f"{max(added_ms, 0):.1f}",
        "x-faraday-route": str(id),
    }


def _ascii(name: str) -> str:
    """Header values are plain text."""
    return "".join(each if each.isascii() and each.isprintable() else "?" for each in name)

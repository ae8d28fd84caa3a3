"""``POST /v1/embeddings``: what texts mean, as numbers."""

import base64
import struct
import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from faraday_app.core.errors import Unavailable
from faraday_app.core.http import signed_in
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway import service as gateway
from faraday_app.gateway.api import books, described
from faraday_app.gateway.api.asked import embedding_call
from faraday_app.gateway.api.completions import headers
from faraday_app.gateway.api.shapes import answering
from faraday_app.gateway.api.wanted import embedding

router = APIRouter(tags=["OpenAI"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]


@router.post(
    "/embeddings",
    summary="Embed texts",
    description=described.ABOUT_EMBEDDINGS,
    response_class=JSONResponse,
    responses=described.EMBEDDINGS,
    openapi_extra=described.EMBEDDING_BODY,
)
async def embed(request: Request, actor: Person) -> Response:
    wanted = embedding(await request.body())
    call = await embedding_call(request, actor, wanted)
    opened = await books.opened(actor, call, wanted.prompt)
    came = False
    try:
        vectors = _vectors(await gateway.whole(call))
        came = True
    finally:
        charged = await opened.close(came=came)
    receipt = call.receipt
    added = (time.perf_counter() - call.began) * 1000 - sum(attempt.took_ms for attempt in receipt.attempts)
    return JSONResponse(
        {
            "object": "list",
            "model": answering(receipt),
            "data": [
                {"object": "embedding", "index": place, "embedding": _packed(vector) if wanted.base64 else vector}
                for place, vector in enumerate(vectors)
            ],
            "usage": {"prompt_tokens": receipt.prompt_tokens, "total_tokens": receipt.prompt_tokens},
        },
        headers=headers(receipt, opened.id, charged, added),
    )


def _vectors(answer: dict[str, Any]) -> list[list[float]]:
    """In the order of the texts. Unavailable for an answer that holds none."""
    data = answer.get("data")
    try:
        rows = sorted(data or [], key=lambda row: int(row["index"]))
        vectors = [[float(number) for number in row["embedding"]] for row in rows]
    except (KeyError, TypeError, ValueError):
        vectors = []
    if not vectors or not all(vectors):
        raise Unavailable("The model sent something that is no embedding. Nothing was charged.")
    return vectors


def _packed(vector: list[float]) -> str:
    """Little-endian floats of four bytes, as OpenAI's client reads them."""
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()

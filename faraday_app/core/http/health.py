"""Whether this worker lives, and whether what it depends on answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.http.access import anyone
from faraday_app.core.limits import limiter
from faraday_app.core.permissions import Actor
from faraday_app.core.redis import RedisError, redis


class Readiness(BaseModel):
    status: Literal["ready", "degraded"]
    parts: dict[str, Literal["up", "down"]]
    limits: Literal["shared", "per worker"] = Field(
        description="Whether rate limits are counted for all workers together, or, while Redis is away, by each alone."
    )


router = APIRouter(prefix="/health", tags=["health"], dependencies=[Depends(anyone)])
Check = Callable[[], Awaitable[bool]]


async def _database() -> bool:
    try:
        async with transaction(Actor.system()):
            pass
    except (FaradayError, SQLAlchemyError, OSError):
        return False
    return True


async def _redis() -> bool:
    try:
        return bool(await redis().execute_command("PING"))
    except RedisError:
        return False


# What must answer before traffic may come; the roll-call adds what only higher tiers know.
CHECKS: dict[str, Check] = {"database": _database, "redis": _redis}


@router.get("/live", summary="Is this worker alive?")
async def live() -> dict[str, str]:
    return {"status": "alive"}


@router.get(
    "/ready",
    summary="Does everything it depends on answer?",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "Some part does not answer."}},
)
async def ready() -> JSONResponse:
    """200 when all answer within three seconds, else 503; each part is named."""
    answers = await asyncio.gather(*(_answers(check) for check in CHECKS.values()))
    parts = {name: "up" if up else "down" for name, up in zip(CHECKS, answers, strict=True)}
    status = "ready" if all(answers) else "degraded"
    counted = "per worker" if limiter.degraded else "shared"
    return JSONResponse({"status": status, "parts": parts, "limits": counted}, 200 if all(answers) else 503)


async def _answers(check: Check) -> bool:
    try:
        return await asyncio.wait_for(check(), 3)
    except TimeoutError:
        return False

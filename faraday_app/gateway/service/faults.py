"""Trouble on purpose, for drills and tests: a wire that fails where it is told to, and is the real one elsewhere."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from enum import StrEnum
from uuid import UUID

from faraday_app.gateway.errors import Fault, ProviderFailure
from faraday_app.gateway.service.upstream import BETWEEN_PIECES, Json, Upstream
from faraday_app.gateway.views import Deployment, ProviderKey

CUT_AFTER = 3  # chunks


class Trouble(StrEnum):
    """What happens to a deployment in a drill."""

    unreachable = "unreachable"
    error = "error"
    limited = "limited"
    silent = "silent"
    cut = "cut"

    @property
    def words(self) -> str:
        return {
            "unreachable": "Cannot be reached",
            "error": "Answers with an error",
            "limited": "Asks for a pause",
            "silent": "Does not answer in time",
            "cut": "Breaks off in the middle",
        }[self.value]


class Faulty:
    """``patience`` is for how many seconds a silent one is waited for."""

    def __init__(self, inner: Upstream, troubles: Mapping[UUID, Trouble], patience: float = BETWEEN_PIECES) -> None:
        self._inner, self._troubles, self._patience = inner, troubles, patience

    async def stream(self, deployment: Deployment, key: ProviderKey | None, body: Json) -> AsyncGenerator[list[Json]]:
        trouble = self._troubles.get(deployment.id)
        await self._suffer(trouble)
        left = CUT_AFTER if trouble is Trouble.cut else None
        async for chunks in self._inner.stream(deployment, key, body):
            yield chunks[:left]
            if left is not None:
                left = max(left - len(chunks), 0)
                if not left:
                    raise ProviderFailure(Fault.broken, "It was cut on purpose.")

    async def whole(self, deployment: Deployment, key: ProviderKey | None, path: str, body: Json) -> Json:
        trouble = self._troubles.get(deployment.id)
        await self._suffer(trouble)
        if trouble is Trouble.cut:
            raise ProviderFailure(Fault.broken, "It was cut on purpose.")
        return await self._inner.whole(deployment, key, path, body)

    async def alive(self, deployment: Deployment, key: ProviderKey | None) -> bool:
        return self._troubles.get(deployment.id) is None and await self._inner.alive(deployment, key)

    async def _suffer(self, trouble: Trouble | None) -> None:
        match trouble:
            case Trouble.unreachable:
                raise ProviderFailure(Fault.unreachable)
            case Trouble.error:
                raise ProviderFailure(Fault.broken, "Status 500, on purpose")
            case Trouble.limited:
                raise ProviderFailure(Fault.limited, "Status 429, on purpose", rest=1.0)
            case Trouble.silent:
                await asyncio.sleep(self._patience)
                raise ProviderFailure(Fault.silent)

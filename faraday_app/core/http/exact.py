"""Numbers of a JSON body as they were written: a float would make 93.825 another number before anybody saw it."""

import json
import math
from collections.abc import Callable, Coroutine
from decimal import Decimal, InvalidOperation
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

LONGEST_INTEGER = 40  # digits; beyond it Decimal, which reads long ones in no time


class ExactRequest(Request):
    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = json.loads(await self.body(), parse_float=_decimal, parse_int=_whole)
        return self._json


class ExactRoute(APIRoute):
    """For a router: ``APIRouter(route_class=ExactRoute)``. NaN and Infinity arrive as floats, which no field takes."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def exact(request: Request) -> Response:
            return await handler(ExactRequest(request.scope, request.receive))

        return exact


def _whole(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= LONGEST_INTEGER else Decimal(digits)


def _decimal(digits: str) -> Decimal | float:
    """An exponent that is beyond all bounds makes no number."""
    try:
        return Decimal(digits)
    except InvalidOperation:
        return math.nan

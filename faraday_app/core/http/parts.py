"""Parts of the HTTP API. FastAPI tries one route after another, and those of nested routers several times over: with
some hundreds of them that took longer than most answers. A part that cannot have an address is passed over whole."""

from functools import cached_property
from typing import Any

from fastapi import APIRouter
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

API = "/api/v1"


class Part(APIRouter):
    """The routes of a domain. Included under ``API``, it is tried only for addresses whose first word is one of its
    own: all of its routes have to be there before the first request."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._included: list[str] = []

    def include_router(self, router: APIRouter, **options: Any) -> None:
        if isinstance(router, Part) and options.get("prefix"):
            raise ValueError("A part begins as its own routes say: give these the prefix.")
        super().include_router(router, **options)
        paths = router.paths if isinstance(router, Part) else [_path(route) for route in router.routes]
        self._included += [options.get("prefix", "") + path for path in paths]

    @property
    def paths(self) -> list[str]:
        return [*self._included, *(route.path for route in self.routes if isinstance(route, Route))]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        return super().matches(scope) if self._may_have(path) else (Match.NONE, {})

    def _may_have(self, path: str) -> bool:
        return self._any or path.removeprefix(f"{API}/").partition("/")[0] in self._first_words

    @cached_property
    def _first_words(self) -> frozenset[str]:
        return frozenset(path.split("/", 2)[1] for path in self.paths)

    @cached_property
    def _any(self) -> bool:
        return any("{" in word for word in self._first_words)


def _path(route: BaseRoute) -> str:
    """Of a router within one that is no part nothing is known."""
    return route.path if isinstance(route, Route) else "/{any}"

"""Parts of the HTTP API are tried only where they can have the address, and always then."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from httpx import ASGITransport, AsyncClient
from starlette.routing import Match

from faraday_app import api
from faraday_app.core.http.parts import API, Part


def _app() -> tuple[FastAPI, Part, Part]:
    books, people, app = Part(prefix="/books"), Part(), FastAPI()
    pages, of_people = Part(prefix="/shelves/{id}"), APIRouter(prefix="/people/{id}")

    @books.get("")
    @books.post("/{id}/lend")
    @pages.get("/pages")
    @of_people.get("/loans")
    def found() -> str:
        return "found"

    people.include_router(of_people)
    people.include_router(pages)
    for part in (books, people):
        app.include_router(part, prefix=API)
    return app, books, people


class TestPart:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/books", 200),
            ("GET", "/books/", 307),
            ("POST", "/books/1/lend", 200),
            ("GET", "/books/1/lend", 405),
            ("GET", "/people/1/loans", 200),
            ("GET", "/shelves/1/pages", 200),
            ("GET", "/people", 404),
            ("GET", "/bookshelf", 404),
            ("GET", "", 404),
        ],
    )
    async def test_answers_as_routes_do_that_are_tried_one_by_one(self, method, path, status):
        async with AsyncClient(transport=ASGITransport(_app()[0]), base_url="http://faraday") as client:
            assert (await client.request(method, f"{API}{path}")).status_code == status

    async def test_is_passed_over_for_the_addresses_of_others(self, monkeypatch):
        app, books, people = _app()
        tried = []
        monkeypatch.setattr(APIRouter, "matches", lambda self, scope: tried.append(self) or (Match.NONE, {}))
        async with AsyncClient(transport=ASGITransport(app), base_url="http://faraday") as client:
            await client.get(f"{API}/people/1/loans")
        assert people in tried
        assert books not in tried

    def test_in_another_has_its_prefix_itself(self):
        with pytest.raises(ValueError, match="prefix"):
            Part().include_router(Part(), prefix="/shelves")


class TestDomains:
    def test_know_the_first_word_of_each_of_their_addresses(self):
        """One that does not would be tried for every address."""
        parts = [route.original_router for route in api.v1.routes]
        assert parts
        assert [part for part in parts if not isinstance(part, Part) or "{" in "".join(_words(part))] == []


def _words(part: Part) -> Iterator[str]:
    return (path.split("/", 2)[1] for path in part.paths)

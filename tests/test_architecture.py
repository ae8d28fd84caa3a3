"""The rules of the house that no reviewer should have to remember."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import grimp
import pytest
import reflex as rx
from fastapi.dependencies.models import Dependant
from reflex_base.registry import RegistrationContext
from sqlmodel import SQLModel
from starlette.routing import Mount, Route

import faraday_app.faraday_app as roll_call
from faraday_app.core.permissions import Permission
from faraday_app.http import http_app
from faraday_app.ui.guard import PUBLIC
from faraday_app.ui.shell.registry import PAGES

ROOT = Path(__file__).parents[1]
PACKAGE = "faraday_app"
# What a domain shows to the others; `core` and `ui` are there for all.
SHOWN = {"service", "models", "views", "errors"}
COMMON = {"core", "ui"}
DOMAINS = sorted(path.parent.name for path in (ROOT / PACKAGE).glob("*/__init__.py")
                 if path.parent.name not in COMMON | {"launcher"})  # fmt: skip


class TestImports:
    def test_keep_the_contracts(self):
        lint = Path(sys.executable).with_name("lint-imports")
        checked = subprocess.run(
            [lint, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout

    def test_between_domains_reach_only_what_a_domain_shows(self):
        graph = grimp.build_graph(PACKAGE, cache_dir=None)
        crossing = [
            f"{importer} → {imported}"
            for importer in sorted(graph.modules)
            if _domain(importer) in DOMAINS
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if _domain(imported) in DOMAINS and _domain(imported) != _domain(importer)
            if _part(imported) not in SHOWN
        ]
        assert crossing == []

    def test_of_private_names_do_not_cross_domains(self):
        found = []
        for domain in DOMAINS:
            for path in (ROOT / PACKAGE / domain).rglob("*.py"):
                for line in path.read_text().splitlines():
                    words = line.split()
                    if words[:1] == ["from"] and words[1].startswith(PACKAGE) and _domain(words[1]) != domain:
                        found += [f"{path.name}: {line}" for name in words[3:] if name.startswith("_")]
        assert found == []


class TestPolicy:
    @pytest.fixture(scope="class")
    def handlers(self) -> dict[str, Any]:
        """Ours, by their full names; the framework's own are the guard's affair."""
        with roll_call.app.set_contexts():
            registered = RegistrationContext.get().event_handlers
        return {
            name: found.handler.fn
            for name, found in registered.items()
            if found.handler.fn.__module__.startswith(PACKAGE)
        }

    def test_of_every_handler_is_declared(self, handlers):
        assert len(handlers) > 50
        undeclared = [name for name, handler in handlers.items() if not _is_policy(_declared(handler), PUBLIC)]
        assert undeclared == []

    def test_of_every_route_is_declared(self):
        assert len(list(_routes())) > 30
        undeclared = [
            f"{route.path}"
            for route in _routes()
            if not any(_is_policy(each, PUBLIC, "signed in") for each in route.policies)
        ]
        assert undeclared == []

    def test_of_every_page_is_declared(self):
        assert len(PAGES) > 5
        undeclared = [spec.route for spec in PAGES.values() if spec.kind != "plain" and spec.permission is None]
        assert undeclared == []

    def test_of_guests_covers_the_entrance_and_nothing_else(self):
        public = {spec.route for spec in PAGES.values() if spec.kind == "plain"}
        guests = {"/sign-in", "/sign-in/verify", "/set-up", "/invitation", "/forgot", "/reset", "/verify"}
        assert public == guests


class TestStates:
    def test_hold_no_table_rows(self):
        tables = {table for table in _subclasses(SQLModel) if hasattr(table, "__table__")}
        assert len(tables) > 10
        holding = [
            f"{state.__name__}.{name}"
            for state in _subclasses(rx.State)
            if state.__module__.startswith(PACKAGE)
            for name, kind in get_type_hints(state).items()
            if tables & set(_parts(kind))
        ]
        assert holding == []

    def test_are_flat(self):
        """A state below another loads that one with every event."""
        deep = [state.__name__ for state in _subclasses(rx.State)
                if state.__module__.startswith(PACKAGE) and state.get_parent_state() is not rx.State]  # fmt: skip
        assert deep == []


class TestPages:
    def test_are_never_sent_code(self):
        """`ui.browser` has the few acts; what a component does in the browser is compiled into it."""
        sending = ("rx.call_script(", "rx.call_function(", "rx.toast.")
        found = [
            f"{path.relative_to(ROOT)}: {word}"
            for folder in ("*/state.py", "*/state/**/*.py", "ui/guard.py", "ui/session.py", "*/entrance.py")
            for path in (ROOT / PACKAGE).glob(folder)
            for word in sending
            if word in path.read_text()
        ]
        assert found == []


class TestSize:
    def test_of_every_file_can_be_read_in_one_go(self):
        long = {
            str(path.relative_to(ROOT)): count
            for folder in (PACKAGE, "tests")
            for path in (ROOT / folder).rglob("*.py")
            if (count := len(path.read_text().splitlines())) > 300
        }
        assert long == {}


class _Found:
    """A route and the policies among its dependencies."""

    def __init__(self, path: str, policies: list[Any]) -> None:
        self.path, self.policies = path, policies


def _routes() -> Iterator[_Found]:
    """All routes of the HTTP app, in whatever routers they stand; what FastAPI adds itself describes, and no more."""
    for route in _flat(http_app().routes):
        if isinstance(route, Route) and route.path == "/api/v1/openapi.json":
            continue
        dependant = getattr(route, "dependant", None)
        assert dependant is not None, f"{route} is not one of FastAPI's"
        yield _Found(route.path, [_declared(call) for call in _calls(dependant)])


def _flat(routes: Any) -> Iterator[Any]:
    for route in routes:
        if hasattr(route, "effective_candidates"):
            yield from _flat(route.effective_candidates())
        elif isinstance(route, Mount):
            yield from _flat(route.routes)
        else:
            yield route


def _calls(dependant: Dependant) -> Iterator[Any]:
    for part in dependant.dependencies:
        yield part.call
        yield from _calls(part)


def _declared(function: Any) -> Any:
    return getattr(function, "__permission__", None)


def _is_policy(policy: Any, *words: str) -> bool:
    return isinstance(policy, Permission) or policy in words


def _domain(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def _part(module: str) -> str:
    return [*module.split("."), ""][2]


def _subclasses(kind: type) -> Iterator[Any]:
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)


def _parts(kind: Any) -> Iterator[Any]:
    """A type and everything it is made of."""
    yield kind
    for part in get_args(kind):
        yield from _parts(part)

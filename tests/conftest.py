"""Real services for every test: one PostgreSQL, Valkey and model per run, one cloned database per worker."""

import asyncio
import contextlib
import logging
import os
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as properties
from psycopg import sql
from sqlalchemy import make_url

os.environ.setdefault("FARADAY_DEMO", "0")
os.environ.setdefault("FARADAY_SECRET_KEY", "test-only-key-" + "0" * 32)

# How long an example takes says how busy the machine is.
properties.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("busy")

_STACK = contextlib.ExitStack()
_TEMPLATE = "faraday"


def pytest_configure(config: pytest.Config) -> None:
    """The controller starts the services; workers inherit their addresses and take a database of their own."""
    from faraday_app.core.embedded import embedded_services
    from faraday_app.core.migrations import upgrade
    from faraday_app.core.settings import settings

    signal.signal(signal.SIGINT, interrupted)
    worker = getattr(config, "workerinput", {}).get("workerid", "main")
    if worker == "main":
        folder = Path(
            _STACK.enter_context(tempfile.TemporaryDirectory(prefix="faraday-test-", ignore_cleanup_errors=True))
        )
        os.environ["FARADAY_DATA"] = str(folder)
        config.faraday_services = _STACK.enter_context(embedded_services(folder))  # type: ignore[attr-defined]
        urls = config.faraday_services.urls  # type: ignore[attr-defined]
        os.environ.update(urls.environment)
        upgrade(urls.database_owner_url, urls.database_url)
        hurry()
    name = f"test_{worker}"
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ[variable] = _url_of(variable, name)
    clone_database(name)
    settings.cache_clear()  # read too early by what other conftests import


def interrupted(_signal: int, _frame: object) -> None:
    """What Python does by itself. Where it is left to, asyncio puts a handler of its own in its place around every
    fixture and test, and on the way back Python writes out whatever they returned: a twentieth of the time.
    """
    raise KeyboardInterrupt


def _url_of(variable: str, database: str) -> str:
    return make_url(os.environ[variable]).set(database=database).render_as_string(hide_password=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser journeys last: Playwright keeps an event loop running, in which async tests cannot start theirs.

    What looks through everybody's things comes first, while there are few.
    """
    wide = {Path(__file__).parent / name for name in ("security", "notifications")}
    items.sort(key=lambda item: (item.get_closest_marker("browser") is not None, not wide & {*item.path.parents}))


def pytest_unconfigure(config: pytest.Config) -> None:
    _STACK.close()
    logging.raiseExceptions = False  # what is collected while Python ends has nobody left to tell


def hurry() -> None:
    """Nothing of these databases has to outlive a power cut."""
    with psycopg.connect(_url_of("DATABASE_OWNER_URL", "postgres").replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("alter system set fsync = off")
        owner.execute("select pg_reload_conf()")


def clone_database(name: str) -> None:
    """A database of this name with the migrated schema and nothing in it."""
    owner = _url_of("DATABASE_OWNER_URL", "postgres").replace("+psycopg", "")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(_TEMPLATE))
        )


@pytest.fixture(scope="session")
def services(request: pytest.FixtureRequest) -> object:
    """The embedded services themselves, for tests that break them. Only where no xdist worker stands between."""
    return request.config.faraday_services  # type: ignore[attr-defined]


@pytest.fixture
async def cast():
    """A school with one person of each role, and a stranger who administers another school."""
    from tests.factories.people import make_cast

    return await make_cast()


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch):
    """E-mail is configured, and goes into this mailbox when it is delivered. What others left waiting does not."""
    from faraday_app.core.settings import settings
    from tests.factories.mailbox import open_mailbox

    url = os.environ["DATABASE_OWNER_URL"].replace("+psycopg", "")
    with psycopg.connect(url, options="-c app.system=on") as owner:
        owner.execute("delete from outgoing_mails")
    with open_mailbox() as box:
        monkeypatch.setenv("SMTP_URL", box.url)
        settings.cache_clear()
        yield box
    monkeypatch.delenv("SMTP_URL")
    settings.cache_clear()


@pytest.fixture
def issuer():
    """An OpenID Connect issuer that keeps to the standard until it is told to lie."""
    from tests.factories.issuer import open_issuer

    with open_issuer() as issuer:
        yield issuer


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that goes on for a minute: for tests of what happens meanwhile, which a short answer would outrun."""
    from faraday_app.gateway import service as gateway

    async def answer(*_: object) -> AsyncIterator[gateway.Piece]:
        for number in range(3_000):
            yield gateway.Piece(f"word {number} ")
            await asyncio.sleep(0.02)

    monkeypatch.setattr(gateway, "answer", answer)


@pytest.fixture
async def stub(monkeypatch: pytest.MonkeyPatch):
    """An upstream in place of the local model, at once and as it is told."""
    from tests.factories.stub import open_stub

    async with open_stub(monkeypatch) as found:
        yield found

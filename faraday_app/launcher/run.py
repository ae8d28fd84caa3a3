"""From settings to a served app, and back to nothing."""

import contextlib
import os
import time
from collections.abc import Iterator

from faraday_app.core.embedded import embedded_services, sole_owner
from faraday_app.core.settings import Settings, settings
from faraday_app.launcher.checks import check_database, check_redis
from faraday_app.launcher.demo import make_demo_school
from faraday_app.launcher.frontend import ensure_bundle
from faraday_app.launcher.refusal import Refusal
from faraday_app.launcher.server import AppServer


def say(line: str) -> None:
    print(line, flush=True)


def run() -> None:
    """Serve until told to stop. What was started is stopped in the reverse order."""
    begun = time.monotonic()
    server = AppServer(settings())
    with sole_owner(settings().data):
        server.refuse_taken_port()
        with services(settings()):
            server.bundle = ensure_bundle(say)
            prepare_data()
            with serving(server):
                address = settings().public_url or f"http://localhost:{server.port}"
                say(f"Faraday is at {address} (ready in {time.monotonic() - begun:.1f} s; Ctrl-C stops it).")
                while server.is_running:
                    time.sleep(0.2)
    raise Refusal("The app stopped by itself; its messages are above.")


@contextlib.contextmanager
def services(configured: Settings) -> Iterator[None]:
    """Everything the app talks to: what has a URL is checked, the rest is started."""
    wanted = set()
    if url := configured.database_url.get_secret_value():
        os.environ["DATABASE_URL"] = check_database(url)
        owner = configured.database_owner_url.get_secret_value()
        os.environ["DATABASE_OWNER_URL"] = check_database(owner, owner=True) if owner else os.environ["DATABASE_URL"]
    else:
        wanted.add("postgres")
    if url := configured.redis_url.get_secret_value():
        check_redis(url)
    else:
        wanted.add("valkey")
    if not configured.openai_base_url:
        wanted.add("model")
    with embedded_services(configured.data, wanted, say=say) as running:
        os.environ.update(running.urls.environment)
        settings.cache_clear()
        yield


@contextlib.contextmanager
def serving(server: AppServer) -> Iterator[None]:
    try:
        server.start()
        yield
    finally:
        server.stop()


def prepare_data() -> None:
    """The newest tables, and on first run the demo school."""
    migrate()
    if settings().demo:
        make_demo_school(say)


def migrate() -> None:
    from faraday_app.core.migrations import upgrade

    owner, app = (settings().database_owner_url, settings().database_url)
    upgrade(owner.get_secret_value(), app.get_secret_value())


def build() -> None:
    say(f"The pages are in {ensure_bundle(say)}.")


def migrate_only() -> None:
    with services(settings()):
        migrate()
    say("The tables are up to date.")


def services_only() -> None:
    with services(settings()):
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "OPENAI_BASE_URL", "OPENAI_API_KEY"):
            if value := os.environ.get(name):
                say(f"export {name}='{value}'")
        while True:
            time.sleep(1)

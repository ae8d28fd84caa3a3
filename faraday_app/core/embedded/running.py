"""The embedded services together: started at once, watched, stopped in order."""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from faraday_app.core.embedded.model import LocalModel
from faraday_app.core.embedded.postgres import OWNER, Postgres
from faraday_app.core.embedded.process import AlreadyRunning, Service
from faraday_app.core.embedded.valkey import Valkey

EVERYTHING = frozenset({"postgres", "valkey", "model"})
STEADY_SECONDS = 60
LONGEST_PAUSE = 15.0
_held: set[Path] = set()


@dataclass(frozen=True, slots=True)
class ServiceUrls:
    """Where the started services are; empty for what was not started."""

    database_url: str = ""
    database_owner_url: str = ""
    redis_url: str = ""
    openai_base_url: str = ""
    openai_api_key: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The same under the names that `settings` reads."""
        return {name.upper(): getattr(self, name) for name in self.__slots__ if getattr(self, name)}


@dataclass
class EmbeddedServices:
    postgres: Postgres | None
    valkey: Valkey | None
    model: LocalModel | None

    @property
    def all(self) -> list[Service]:
        return [service for service in (self.postgres, self.valkey, self.model) if service]

    @property
    def urls(self) -> ServiceUrls:
        return ServiceUrls(
            database_url=self.postgres.url() if self.postgres else "",
            database_owner_url=self.postgres.url(OWNER) if self.postgres else "",
            redis_url=self.valkey.url if self.valkey else "",
            openai_base_url=self.model.url if self.model else "",
            openai_api_key=self.model.key if self.model else "",
        )


@contextlib.contextmanager
def embedded_services(
    data: Path,
    wanted: Collection[str] = EVERYTHING,
    *,
    supervised: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[EmbeddedServices]:
    """The wanted services of one data folder, ready to use; one owner at a time.

    Supervised ones come back at the same address when they die.
    """
    data = data.absolute()
    services = EmbeddedServices(
        Postgres(data / "postgres") if "postgres" in wanted else None,
        Valkey(data / "valkey") if "valkey" in wanted else None,
        LocalModel(data / "model") if "model" in wanted else None,
    )
    with sole_owner(data), contextlib.ExitStack() as stack:
        for service in services.all:
            stack.callback(service.stop)
            service.launch()
        for service in services.all:
            service.start_somewhere()
            say(f"{service.name} is ready.")
        if supervised:
            stack.enter_context(watched(services.all, say))
        yield services


def addresses_of(data: Path, wanted: Collection[str]) -> ServiceUrls:
    """Where the services are that another process runs on this data folder."""
    data = data.absolute()
    postgres = Postgres(data / "postgres")
    return ServiceUrls(
        database_url=postgres.url() if "postgres" in wanted else "",
        database_owner_url=postgres.url(OWNER) if "postgres" in wanted else "",
        redis_url=Valkey(data / "valkey").running_url() if "valkey" in wanted else "",
    )


@contextlib.contextmanager
def sole_owner(data: Path) -> Iterator[None]:
    """Hold the data folder; again by the same process is fine. The kernel lets go when the process dies, however."""
    data = data.absolute()
    if data in _held:
        yield
        return
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data / "lock"
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        _take(file, data)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        _held.add(data)
        try:
            yield
        finally:
            _held.discard(data)


def _take(file: IO[str], data: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise AlreadyRunning(data, file.read().strip()) from None


@contextlib.contextmanager
def watched(services: list[Service], say: Callable[[str], None]) -> Iterator[None]:
    """Start again what dies, at once the first time and ever less eagerly after."""
    ended = threading.Event()
    watches = [
        threading.Thread(target=_watch, args=(service, ended, say), name=f"watch {service.name}", daemon=True)
        for service in services
    ]
    for watch in watches:
        watch.start()
    try:
        yield
    finally:
        ended.set()
        for watch in watches:
            watch.join()


def _watch(service: Service, ended: threading.Event, say: Callable[[str], None]) -> None:
    pause, since = 0.0, time.monotonic()
    while not ended.wait(0.1):
        if service.is_running or service.is_held:
            continue
        if time.monotonic() - since > STEADY_SECONDS:
            pause = 0.0
        if ended.wait(pause):
            return
        say(f"{service.name} stopped unexpectedly; starting it again.")
        pause, since = min(max(0.5, pause * 2), LONGEST_PAUSE), time.monotonic()
        try:
            service.start()
        except Exception as problem:  # whatever it is, the next attempt may succeed
            say(str(problem))

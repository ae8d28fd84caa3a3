"""One production instance of Faraday, started the way an operator starts it, with data of its own."""

import asyncio
import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.people import Account, Person
from faraday_app.core.embedded import free_port
from faraday_app.core.embedded.process import http_status

ROOT = Path(__file__).resolve().parents[1]
FIRST_START = 420  # seconds; it may have to build the pages
LAUNCHER = "launcher"


class NotServed(Exception):
    """The instance did not start, or ended."""


@dataclass
class Served:
    """The instance under measurement and the people of its demo school."""

    data: Path
    port: int
    launcher: subprocess.Popen[bytes] | None = None
    people: list[Person] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        if self.launcher is None:
            raise NotServed("The instance is not running.")
        return self.launcher.pid

    def start(self, within: float) -> float:
        """Seconds from the launcher's start until everything answers."""
        environment = {**os.environ, "FARADAY_DATA": str(self.data), "PORT": str(self.port), "FARADAY_DEMO": "1"}
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "OPENAI_BASE_URL", "OPENAI_API_KEY"):
            environment.pop(name, None)
        begun = time.monotonic()
        with (self.data / "launcher.log").open("ab") as log:
            self.launcher = launcher = subprocess.Popen(
                [sys.executable, "-m", "faraday_app", "run"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while http_status("127.0.0.1", self.port, "/health/ready") != http.client.OK:
            if launcher.poll() is not None or time.monotonic() - begun > within:
                last = (self.data / "launcher.log").read_text(errors="replace").strip().splitlines()[-8:]
                raise NotServed("Faraday did not start:\n  " + "\n  ".join(last))
            time.sleep(0.02)
        return time.monotonic() - begun

    def stop(self) -> None:
        """End the launcher, which ends what it started."""
        if self.launcher is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.launcher.send_signal(signal.SIGTERM)
        try:
            self.launcher.wait(60)
        except subprocess.TimeoutExpired:
            for process in [*psutil.Process(self.launcher.pid).children(recursive=True), self.launcher]:
                with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
                    process.kill()
            self.launcher.wait()
        self.launcher = None

    def processes(self) -> dict[str, list[psutil.Process]]:
        """Everything that runs for this instance: the launcher, app, postgres, valkey and model."""
        launcher = psutil.Process(self.pid)
        found: dict[str, list[psutil.Process]] = {LAUNCHER: [launcher]}
        for child in launcher.children():
            words = " ".join(child.cmdline())
            name = next((part for part in ("app", "postgres", "valkey", "model") if f"/{part}/pid" in words), "other")
            found.setdefault(name, []).extend([child, *child.children(recursive=True)])
        return found

    def use_services(self) -> None:
        """Point this process's services at the instance's database, Valkey and model."""
        from faraday_app.core.settings import settings

        given = self.processes()["app"][0].environ()
        names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "OPENAI_BASE_URL", "OPENAI_API_KEY")
        os.environ.update({name: given[name] for name in names if name in given})
        os.environ["FARADAY_DATA"] = str(self.data)
        settings.cache_clear()

    def accounts(self) -> list[Account]:
        return [Account(**each) for each in json.loads((self.data / "demo-accounts.json").read_text())]

    async def sign_in(self, count: int) -> list[Person]:
        """So many different people, each signed in at an address of their own."""
        accounts = self.accounts()[len(self.people) : count]
        entering = asyncio.Semaphore(2)

        async def enter(account: Account, number: int) -> Person:
            async with entering:
                return await Person.enter(self.url, account, number)

        begun = len(self.people)
        self.people += await asyncio.gather(*(enter(account, begun + n) for n, account in enumerate(accounts)))
        return self.people[:count]

    async def sign_out(self) -> None:
        for person in self.people:
            await person.leave()
        self.people.clear()


@contextlib.asynccontextmanager
async def served() -> AsyncIterator[Served]:
    """A new instance in a temporary folder; nothing of it stays."""
    with tempfile.TemporaryDirectory(prefix="faraday-bench-", ignore_cleanup_errors=True) as folder:
        app = Served(Path(folder), free_port())
        try:
            await asyncio.to_thread(app.start, FIRST_START)
            app.use_services()
            yield app
        finally:
            await app.sign_out()
            app.stop()

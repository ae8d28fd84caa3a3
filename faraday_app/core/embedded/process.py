"""A server process of our own: started, recognised after a crash, stopped."""

import contextlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psutil

LOG_BYTES = 5_000_000


class ServiceFailed(Exception):
    """A service does not run; the message is one sentence for the operator."""


class AlreadyRunning(ServiceFailed):
    def __init__(self, folder: Path, pid: str) -> None:
        super().__init__(f"Faraday already runs from {folder} (process {pid or 'unknown'}).")


class Service(ABC):
    """A process with a folder of its own.

    Its command line names its pid file and the file names the process: a process is
    only ever taken for ours, and ended, when the two agree.
    """

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    user: int | None = None
    port: int = 0  # on loopback; 0 for a service without one

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.RLock()
        self.is_held = False

    @property
    def pid_file(self) -> Path:
        return self.folder / "pid"

    @property
    def log_file(self) -> Path:
        return self.folder / "log"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @abstractmethod
    def command(self) -> list[str]:
        """The command line; one argument is, or ends in =, the pid file."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the service does its work now. Asked often while it starts."""

    def prepare(self) -> None:
        """Make what the service needs before it can start; done already, it costs nothing."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def start(self) -> None:
        with self._lock:
            self.launch()
            self.wait_until_ready()

    def launch(self) -> None:
        """Start without waiting, so that several services can start at once."""
        self.is_held = False
        self.prepare()
        self.end_leftover()
        with self.open_output() as output:
            self._process = self.spawn(output)

    def spawn(self, output: int | None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
            # A Ctrl-C in the terminal is for the launcher, which stops the services in order.
            start_new_session=True,
        )

    def start_somewhere(self) -> None:
        """Wait for the first start. A port that somebody else has taken since it was chosen gives way to another."""
        try:
            self.wait_until_ready()
        except ServiceFailed:
            if not (self.port and port_answers(self.port)):
                raise
            self.port = free_port()
            self.start()

    def wait_until_ready(self, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not self.answers():
            if not self.is_running:
                raise ServiceFailed(f"{self.name} did not start: {self.last_words()} (log: {self.log_file})")
            if time.monotonic() > deadline:
                self.kill()
                raise ServiceFailed(f"{self.name} did not answer within {seconds:.0f} s (log: {self.log_file}).")
            time.sleep(0.02)

    def stop(self, seconds: float = 20.0) -> None:
        """End it in good order, by force when it does not come to an end. It stays down until started."""
        self.is_held = True
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(self.stop_signal)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End it as a crash would: a supervised service comes back."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        with self._lock:
            self.stop()
            self.start()

    def end_leftover(self) -> None:
        """Stop what a crashed owner left running from this folder."""
        leftover = self.find_leftover()
        if leftover is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            leftover.send_signal(self.stop_signal)
            if not has_ended(leftover, within=20):
                leftover.kill()
                has_ended(leftover, within=5)

    def find_leftover(self) -> psutil.Process | None:
        try:
            process = psutil.Process(int(self.pid_file.read_text().split()[0]))
            ours = str(self.pid_file)
            if any(word == ours or word.endswith(f"={ours}") for word in process.cmdline()):
                return process
        except (OSError, ValueError, IndexError, psutil.Error):
            pass
        return None

    def last_words(self) -> str:
        try:
            lines = self.log_file.read_text(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        if any("No space left on device" in line for line in lines[-20:]):
            return "the disk is full"
        telling = [line for line in lines[-20:] if "FATAL" in line or "rror" in line]
        return (telling or lines or ["it left no message"])[-1].strip()

    @contextlib.contextmanager
    def open_output(self) -> Iterator[int | None]:
        """Where its messages go: the log file, begun anew when it has grown large."""
        if self.log_file.exists() and self.log_file.stat().st_size > LOG_BYTES:
            self.log_file.replace(self.log_file.with_name("log.old"))
        descriptor = os.open(self.log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            yield descriptor
        finally:
            os.close(descriptor)


def has_ended(process: psutil.Process, within: float) -> bool:
    """Wait for a process that is not our child; one that its parent has not collected yet has ended too."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_answers(port: int, host: str = "127.0.0.1") -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def http_status(host: str, port: int, path: str) -> int | None:
    """Of a plain GET; None when nobody answers."""
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def kept_secret(path: Path) -> str:
    """A random password, made once and readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_suffix(".new")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
        unfinished.replace(path)
    return path.read_text().strip()

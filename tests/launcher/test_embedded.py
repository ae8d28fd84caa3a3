"""The embedded services keep their promises: separate, recognised, supervised, stopped."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from faraday_app.core.embedded import (
    AlreadyRunning,
    Postgres,
    ServiceFailed,
    Valkey,
    embedded_services,
    process,
    valkey,
)

QUICK = {"postgres", "valkey"}
OWNER_PROGRAM = """
import sys, time
from pathlib import Path
from faraday_app.core.embedded import embedded_services
with embedded_services(Path(sys.argv[1]), {"valkey", "postgres"}) as running:
    print(*(service.pid for service in running.all), flush=True)
    time.sleep(60)
"""


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), connect_timeout=5)


def eventually(true: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


class TestEmbeddedServices:
    def test_give_the_app_a_role_that_cannot_bypass_row_security(self, tmp_path: Path) -> None:
        with embedded_services(tmp_path, {"postgres"}) as running, connect(running.urls.database_url) as database:
            role = database.execute(
                "select current_user, rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = current_user"
            ).fetchone()
        assert role == ("faraday_app", False, False, False)

    def test_keep_their_data_and_stop_with_their_owner(self, tmp_path: Path) -> None:
        with embedded_services(tmp_path, QUICK) as running:
            with connect(running.urls.database_owner_url) as database:
                database.execute("create table kept as select 42 as answer")
            redis.Redis.from_url(running.urls.redis_url).set("kept", "yes")
            pids = [service.pid for service in running.all]
        assert not any(psutil.pid_exists(pid) for pid in pids if pid)
        with embedded_services(tmp_path, QUICK) as running:
            with connect(running.urls.database_owner_url) as database:
                assert database.execute("select answer from kept").fetchone() == (42,)
            assert redis.Redis.from_url(running.urls.redis_url).get("kept") == b"yes"

    def test_need_their_passwords(self, tmp_path: Path) -> None:
        with embedded_services(tmp_path, QUICK) as running:
            assert running.valkey
            assert running.postgres
            with pytest.raises(redis.AuthenticationError):
                redis.Redis(port=running.valkey.port).ping()
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(user="faraday_app", dbname="faraday", host=str(running.postgres.socket_folder))
            assert stat.S_IMODE(running.postgres.socket_folder.stat().st_mode) == 0o700
        for secret in [*(tmp_path / "keys").iterdir(), tmp_path / "valkey" / "password"]:
            assert stat.S_IMODE(secret.stat().st_mode) == 0o600

    def test_run_side_by_side(self, tmp_path: Path) -> None:
        with embedded_services(tmp_path / "one", QUICK) as one, embedded_services(tmp_path / "two", QUICK) as two:
            assert one.urls.redis_url != two.urls.redis_url
            assert one.urls.database_url != two.urls.database_url

    def test_give_way_where_a_port_was_taken_since_it_was_chosen(self, tmp_path: Path, monkeypatch) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            ports = iter([taken.getsockname()[1]])
            choose = process.free_port
            monkeypatch.setattr(valkey, "free_port", lambda: next(ports, None) or choose())
            with embedded_services(tmp_path, {"valkey"}) as running:
                assert redis.Redis.from_url(running.urls.redis_url).ping()
                assert str(taken.getsockname()[1]) not in running.urls.redis_url

    def test_have_one_owner_at_a_time(self, tmp_path: Path) -> None:
        owner = subprocess.Popen([sys.executable, "-c", OWNER_PROGRAM, str(tmp_path)], stdout=subprocess.PIPE)
        try:
            assert owner.stdout
            owner.stdout.readline()
            with pytest.raises(AlreadyRunning, match=f"process {owner.pid}"), embedded_services(tmp_path, {"valkey"}):
                pytest.fail("two owners")
        finally:
            owner.kill()
            owner.wait()
            with embedded_services(tmp_path, QUICK):
                pass  # ends what the killed owner left

    def test_work_from_a_folder_with_a_long_name_and_spaces(self, tmp_path: Path) -> None:
        folder = tmp_path / "the data of a school" / ("x" * 90)
        with embedded_services(folder, {"postgres"}) as running, connect(running.urls.database_url) as database:
            assert database.execute("select 1").fetchone() == (1,)


@pytest.mark.faults
class TestRecovery:
    def test_brings_a_killed_service_back_at_the_same_address(self, tmp_path: Path) -> None:
        with embedded_services(tmp_path, QUICK) as running:
            before, urls = [service.pid for service in running.all], running.urls
            for service in running.all:
                service.kill()
            assert eventually(lambda: all(service.is_running and service.answers() for service in running.all))
            assert running.urls == urls
            assert not set(before) & {service.pid for service in running.all}

    def test_ends_what_a_killed_owner_left_running(self, tmp_path: Path) -> None:
        owner = subprocess.Popen([sys.executable, "-c", OWNER_PROGRAM, str(tmp_path)], stdout=subprocess.PIPE)
        assert owner.stdout
        left = [psutil.Process(int(word)) for word in owner.stdout.readline().split()]
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        assert all(process.is_running() for process in left)
        with embedded_services(tmp_path, QUICK):
            assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in left)

    def test_never_ends_a_stranger_whose_pid_is_in_the_file(self, tmp_path: Path) -> None:
        stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        try:
            valkey = Valkey(tmp_path / "valkey")
            valkey.prepare()
            valkey.pid_file.write_text(str(stranger.pid))
            valkey.end_leftover()
            assert stranger.poll() is None
        finally:
            stranger.kill()
            stranger.wait()


class TestSetUp:
    def test_leaves_no_half_made_cluster(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "/nowhere")
        postgres = Postgres(tmp_path / "postgres")
        (tmp_path / "postgres" / "cluster.new").mkdir(parents=True)
        (tmp_path / "postgres" / "cluster.new" / "PG_VERSION").write_text("half")
        monkeypatch.setattr("faraday_app.core.embedded.postgres.OWNER", "pg_not_allowed")
        with pytest.raises(ServiceFailed, match="could not be set up"):
            postgres.start()
        assert not postgres.cluster.exists()
        assert not (tmp_path / "postgres" / "cluster.new").exists()

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root changes the user")
    def test_as_root_gives_the_cluster_to_another_user(self, tmp_path: Path) -> None:
        with embedded_services(tmp_path, {"postgres"}) as running:
            assert running.postgres
            assert psutil.Process(running.postgres.pid).username() == "pgserver"
            assert stat.S_IMODE(tmp_path.stat().st_mode) & 0o006 == 0

"""What an operator sees when Faraday cannot start: one sentence, exit code 1, nothing left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from faraday_app.launcher import bootstrap, frontend
from faraday_app.launcher.demo import table

ROOT = Path(__file__).parents[2]


def faraday(command: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not re.search("URL|OPENAI|FARADAY", key)}
    return subprocess.run(
        [sys.executable, "-m", "faraday_app", command],
        cwd=ROOT,
        env={**clean, "FARADAY_DATA": str(data), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class TestRun:
    def test_refuses_a_port_in_use(self, tmp_path: Path) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            done = faraday("run", tmp_path, PORT=str(port))
        assert done.returncode == 1
        assert done.stderr.strip() == (
            f"Port {port} is in use by another program; stop it, or choose another: PORT=3001."
        )

    @pytest.mark.parametrize(
        ("environment", "sentence"),
        [
            ({"FARADAY_ENV": "production"}, "FARADAY_SECRET_KEY must be set to at least 32 characters"),
            ({"PORT": "high"}, "PORT: Input should be a valid integer"),
            ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"}, "no PostgreSQL answers at 127.0.0.1:1"),
            ({"REDIS_URL": "redis://127.0.0.1:1"}, "no Redis or Valkey answers"),
        ],
    )
    def test_refuses_wrong_settings_in_one_sentence(
        self, tmp_path: Path, environment: dict[str, str], sentence: str
    ) -> None:
        done = faraday("migrate", tmp_path, **environment)
        assert done.returncode == 1
        assert sentence in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


class TestServices:
    def test_stop_at_a_signal_and_leave_no_process(self, tmp_path: Path) -> None:
        clean = {key: value for key, value in os.environ.items() if not re.search("URL|OPENAI|FARADAY", key)}
        process = subprocess.Popen(
            [sys.executable, "-m", "faraday_app", "services"],
            cwd=ROOT,
            env={**clean, "FARADAY_DATA": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        for line in process.stdout:
            if line.startswith("export OPENAI_API_KEY"):
                break
        pids = [int(path.read_text().split()[0]) for path in tmp_path.glob("*/pid")]
        assert len(pids) == 3
        process.send_signal(signal.SIGTERM)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)  # an impatient second signal must not cut the stopping short
        assert process.wait(30) == 0
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


class TestReason:
    @pytest.mark.parametrize(
        ("log", "sentence"),
        [
            ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
            ("WARNING: Retrying after connection broken by 'NewConnectionError(...)'", "no package index answered"),
            ("The virtual environment was not created because ensurepip is not available.", "python3-venv"),
            ("ERROR: No matching distribution found for reflex==0.10.1", "has the package index it"),
            ("", "no reason was given"),
        ],
    )
    def test_of_a_failed_installation_is_one_a_person_can_act_on(self, log: str, sentence: str) -> None:
        assert sentence in bootstrap.reason(log)

    @pytest.mark.parametrize(
        ("log", "sentence"),
        [
            ("npm error code ENOSPC", "disk is full"),
            ("npm error code EAI_AGAIN", "no npm registry answered"),
            ("one\n\nSyntaxError: here", "SyntaxError: here"),
        ],
    )
    def test_of_a_failed_build(self, log: str, sentence: str) -> None:
        assert sentence in frontend.reason(log)


class TestBootstrap:
    def test_removes_an_environment_it_could_not_finish(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "requirements.txt").write_text("no-such-package-of-faraday==1\n")
        monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
        monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
        monkeypatch.setattr(bootstrap, "SETS", {"run": [("requirements.txt", ["--no-index"])]})
        with pytest.raises(SystemExit):
            bootstrap.install("run")
        assert not (tmp_path / ".venv").exists()


class TestTable:
    def test_shows_one_account_of_each_role(self) -> None:
        accounts = [{"role": "teacher", "email": f"t{n}@x", "password": "p"} for n in range(3)]
        assert table([*accounts, {"role": "head", "email": "h@x", "password": "q"}]) == [
            "  role     email  password",
            "  teacher  t0@x   p       ",
            "  head     h@x    q       ",
        ]

"""The app without its pages, served from the services and the database of the tests.

As a program it is that server; the fixture starts it as a process of its own.
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from faraday_app.core.embedded import free_port
from faraday_app.core.embedded.process import http_status

ROOT = Path(__file__).parents[1]
STARTS_WITHIN = 60  # seconds


@dataclass(frozen=True)
class Served:
    port: int
    log: Path

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def words(self) -> str:
        """What it has said so far."""
        return self.log.read_text()


@contextlib.contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Served]:
    """The app on a free port, over websocket and HTTP, until the end of the block."""
    served = Served(free_port(), folder / "served.log")
    environment = {**os.environ, "PORT": str(served.port), "REFLEX_WEB_WORKDIR": str(folder / "web"), **environment}
    with served.log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.serving"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            _wait(process, served)
            yield served
        finally:
            process.terminate()
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], served: Served) -> None:
    for _ in range(STARTS_WITHIN * 10):
        if http_status("127.0.0.1", served.port, "/health/live") == 200:
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"The app did not start:\n{served.words()[-3000:]}")


def main() -> None:
    from reflex import constants
    from reflex.utils.exec import run_granian_backend_prod
    from reflex_base.environment import environment

    environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    os.environ["GRANIAN_WORKERS"] = "1"
    Path(os.environ["REFLEX_WEB_WORKDIR"]).mkdir(parents=True, exist_ok=True)
    run_granian_backend_prod("127.0.0.1", int(os.environ["PORT"]), constants.LogLevel.WARNING)


if __name__ == "__main__":
    main()

"""The LiteLLM proxy in an environment of its own, with one worker, in front of the same stub."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from faraday_app.core.embedded import free_port
from faraday_app.core.embedded.process import http_status

# Pinned: figures stay comparable, and 1.107.0 had been tampered with.
LITELLM = "litellm[proxy]==1.106.12"
KEY = "sk-benchmark"
INSTALLS_WITHIN, STARTS_WITHIN = 280, 90  # seconds
_CONFIG = """
model_list:
  - model_name: {model}
    litellm_params:
      model: openai/stub
      api_base: http://127.0.0.1:{stub}/v1
      api_key: none
general_settings:
  master_key: {key}
litellm_settings:
  telemetry: false
"""


class NoPeer(Exception):
    """It cannot be installed here, or does not start."""


@dataclass(frozen=True)
class Peer:
    port: int
    version: str


async def install(folder: Path) -> Path:
    """The environment's folder. One that was made beforehand can be given as FARADAY_BENCH_LITELLM."""
    if given := os.environ.get("FARADAY_BENCH_LITELLM"):
        return Path(given)
    made = folder / "litellm"
    for command in (
        [sys.executable, "-m", "venv", str(made)],
        [str(made / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", LITELLM],
    ):
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        try:
            _, said = await asyncio.wait_for(process.communicate(), INSTALLS_WITHIN)
        except TimeoutError:
            process.kill()
            raise NoPeer("it was not installed in time") from None
        if process.returncode:
            raise NoPeer(said.decode(errors="replace").strip().splitlines()[-1][:160])
    return made


@contextlib.asynccontextmanager
async def serving(folder: Path, stub: int, model: str) -> AsyncIterator[Peer]:
    """The proxy, ready."""
    made, port = await install(folder), free_port()
    config = folder / "litellm.yaml"
    config.write_text(_CONFIG.format(model=model, stub=stub, key=KEY))
    environment = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION"}
    for name in ("DATABASE_URL", "REDIS_URL"):
        environment.pop(name, None)  # ours are none of its
    command = [str(made / "bin/litellm"), "--config", str(config), "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "litellm.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--num_workers", "1"], env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            await _wait(process, port)
            yield Peer(port, LITELLM.partition("==")[2])
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(process.wait, 20)
            process.kill()


async def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(STARTS_WITHIN * 5):
        if await asyncio.to_thread(http_status, "127.0.0.1", port, "/health/liveliness") == 200:
            return
        if process.poll() is not None:
            raise NoPeer("it ended while starting")
        await asyncio.sleep(0.2)
    raise NoPeer("it did not start in time")

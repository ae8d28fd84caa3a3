"""Hot reload: pages from Vite on PORT, the server behind it on the next port."""

import os
import signal
import subprocess
import sys

from faraday_app.core.settings import settings
from faraday_app.launcher.frontend import ROOT, environment
from faraday_app.launcher.run import prepare_data, say, services


def dev() -> None:
    port = settings().port
    with services(settings()):
        prepare_data()
        say(f"Faraday with hot reload will be at http://localhost:{port} (Ctrl-C stops it).")
        os.environ["FARADAY_DEV_API_URL"] = f"http://localhost:{port + 1}"
        process = subprocess.Popen(
            [sys.executable, "-m", "reflex", "run", f"--frontend-port={port}", f"--backend-port={port + 1}"],
            cwd=ROOT,
            env={**environment(), "REFLEX_WEB_WORKDIR": ".web"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait()
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)

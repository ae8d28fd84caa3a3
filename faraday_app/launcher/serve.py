"""Serve the app and its bundle on one port. Started by `launcher.run`, which gives it its environment."""

import argparse
import os
import signal
import threading
import time
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--pid-file", type=Path, required=True)
    options = parser.parse_args()
    options.pid_file.write_text(str(os.getpid()))
    end_with_the_launcher()

    from reflex import constants
    from reflex.utils.exec import run_granian_backend_prod
    from reflex_base.environment import environment
    from reflex_base.utils import log

    log.enable_managed_logging()
    environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
    run_granian_backend_prod(options.host, options.port, constants.LogLevel.WARNING)


def end_with_the_launcher() -> None:
    """Stop when the launcher is gone, killed without a chance to stop us."""
    launcher = os.getppid()

    def watch() -> None:
        while os.getppid() == launcher:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="watch the launcher", daemon=True).start()


if __name__ == "__main__":
    main()

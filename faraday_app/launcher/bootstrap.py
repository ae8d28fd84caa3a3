"""Make .venv hold exactly what the requirements files say. Needs nothing but Python.

Run by any Python 3, so that a too old one can be told so: keep the syntax plain.
An environment is finished when its marker names the hash of the requirements; one
without a marker was interrupted and is completed, or removed when it cannot be.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
SETS = {
    "run": [
        ("requirements.txt", []),
        ("requirements-models.txt", ["--no-deps"]),
        ("requirements-data.txt", ["--no-deps", "--no-binary", "geoip2fast"]),
    ],
    "dev": [("requirements-dev.txt", [])],
}


def main():
    """Bring .venv up to date for each named set; one plain line per thing done."""
    if sys.version_info < OLDEST:
        give_up("Faraday needs Python 3.11 or newer; {} is {}.{}.".format(sys.executable, *sys.version_info[:2]))
    for name in sys.argv[1:] or ["run"]:
        if not is_installed(name):
            install(name)


def is_installed(name):
    marker = VENV / (".faraday-" + name)
    return marker.exists() and marker.read_text() == fingerprint(name) and (VENV / "bin" / "python").exists()


def fingerprint(name):
    """Changes with the requirements and with where the checkout lies: an environment cannot be moved."""
    digest = hashlib.sha256(str(ROOT).encode())
    for file, _ in SETS[name]:
        digest.update((ROOT / file).read_bytes())
    return digest.hexdigest()


def install(name):
    fresh = not any(VENV.glob(".faraday-*"))
    try:
        make_environment()
        for file, options in SETS[name]:
            print(f"Installing the packages of {file} …", flush=True)
            pip_install(file, options)
    except BaseException:
        if fresh:
            shutil.rmtree(VENV, ignore_errors=True)
        raise
    (VENV / (".faraday-" + name)).write_text(fingerprint(name))


def make_environment():
    if (VENV / "bin" / "python").exists():
        return
    print("Creating .venv with Python {}.{} …".format(*sys.version_info[:2]), flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], check=False, capture_output=True, text=True
    )
    if made.returncode:
        give_up("Could not create .venv: " + reason(made.stdout + made.stderr))


def pip_install(file, options):
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-input", "--only-binary", ":all:", *options, "-r", str(ROOT / file)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=ROOT)
    if done.returncode:
        give_up(f"Could not install {file}: {reason(done.stderr)}")


def reason(log):
    """The one sentence a person can act on, out of a long log."""
    if "No space left" in log or "Errno 28" in log:
        return "the disk is full; about 2 GB are needed."
    if "ensurepip is not available" in log:
        return "this Python lacks the venv module (on Debian: apt install python3-venv)."
    unreachable = ("ConnectionError", "NameResolution", "ConnectTimeout", "SSLError", "ProxyError")
    if any(word in log for word in unreachable):
        return "no package index answered; check the network or PIP_INDEX_URL."
    lines = [line for line in log.strip().splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    if any("No matching distribution" in line for line in errors):
        return errors[-1] + " (has the package index it, and for Python {}.{}?)".format(*sys.version_info[:2])
    return (errors or lines or ["no reason was given."])[-1]


def give_up(sentence):
    print(sentence, file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    os.chdir(ROOT)
    try:
        main()
    except KeyboardInterrupt:
        give_up("Stopped.")
    except OSError as problem:
        give_up("The disk is full." if problem.errno == 28 else str(problem))

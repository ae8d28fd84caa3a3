"""Everything that is checked without running the app. All checks run, so that one round shows all faults."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def main() -> None:
    faults = [name for name, command in checks().items() if fails(name, command)]
    sys.exit(f"Not clean: {', '.join(faults)}." if faults else 0)


def checks() -> dict[str, list[str]]:
    found = {
        "style": [tool("ruff"), "check", "--quiet", "."],
        "format": [tool("ruff"), "format", "--check", "--quiet", "."],
        "types": [tool("mypy")],
        "security": [tool("bandit"), "-q", "-ll", "-c", "pyproject.toml", "-r", "faraday_app"],
        "vulnerabilities": [sys.executable, "-m", "faraday_app.launcher.vulnerabilities"],
        "secrets": [tool("detect-secrets-hook"), "--no-verify", "--baseline", ".secrets.baseline", *tracked_files()],
    }
    if "contracts" in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]:
        found["imports"] = [tool("lint-imports"), "--no-cache"]
    return found


def fails(name: str, command: list[str]) -> bool:
    print(f"lint: {name}", flush=True)
    code = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode
    # The secret scan answers 3 when it only corrected line numbers in its baseline.
    return code != 0 and not (name == "secrets" and code == 3)


def tool(name: str) -> str:
    return str(BIN / name)


def tracked_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    skipped = {"package-lock.json", ".secrets.baseline"}
    return [name for name in listed.stdout.split("\0") if name and Path(name).name not in skipped]


if __name__ == "__main__":
    main()

"""Whether a pinned package has a known vulnerability, where an index answers that question."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements.txt", "requirements-models.txt", "requirements-data.txt", "requirements-dev.txt")
PATIENCE = 120  # seconds


def main() -> None:
    """Exit 1 and name them when there are any; without an answer say so and go on."""
    try:
        answer = subprocess.run(command(), capture_output=True, text=True, check=False, timeout=PATIENCE, cwd=ROOT)
        audited = [each for each in json.loads(answer.stdout)["dependencies"] if "vulns" in each]
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        audited = []
    if not audited:
        print("  no index answers about vulnerabilities here; nothing was checked", flush=True)
        return
    if found := known(audited):
        sys.exit("\n".join(found))


def command() -> list[str]:
    files = [option for name in FILES for option in ("-r", name)]
    program = str(Path(sys.executable).with_name("pip-audit"))
    return [program, *files, "--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json"]


def known(audited: list[dict[str, object]]) -> list[str]:
    """A line for each vulnerable package: what, which version, and what mends it."""
    lines = []
    for each in audited:
        for flaw in each["vulns"] if isinstance(each["vulns"], list) else ():
            mended = ", ".join(flaw.get("fix_versions") or []) or "no version yet"
            lines.append(f"  {each['name']} {each['version']}: {flaw['id']}, mended by {mended}")
    return lines


if __name__ == "__main__":
    main()

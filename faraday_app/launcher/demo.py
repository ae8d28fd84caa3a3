"""The demo school of a first run, and how a person gets in."""

import asyncio
import hashlib
import importlib.util
from collections.abc import Callable, Iterable
from typing import Any

from faraday_app.core.settings import settings


def make_demo_school(say: Callable[[str], None]) -> None:
    """Once for each database; the accounts are shown when they are made and kept in the data folder."""
    accounts_file = settings().data / "demo-accounts.json"
    made = settings().data / f"demo-made-{_database()}"
    if made.exists():
        if accounts_file.exists():
            say(f"Demo accounts: {accounts_file}")
        return
    if importlib.util.find_spec("faraday_app.demo") is None:
        return
    from faraday_app.demo import ensure

    say("Making the demo school …")
    if accounts := asyncio.run(ensure()):
        for line in table(accounts):
            say(line)
        say(f"All {len(accounts)} accounts: {accounts_file}")
    made.touch()


def table(accounts: Iterable[Any]) -> list[str]:
    """One account of each role: who, e-mail, password."""
    first: dict[str, tuple[str, str, str]] = {}
    for account in accounts:
        row = account if isinstance(account, dict) else vars(account)
        first.setdefault(str(row["role"]), (str(row["role"]), str(row["email"]), str(row["password"])))
    rows = [("role", "email", "password"), *first.values()]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _database() -> str:
    return hashlib.sha256(settings().database_url.get_secret_value().encode()).hexdigest()[:12]

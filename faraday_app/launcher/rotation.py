"""Rotate keys beside a running Faraday: no page waits for it, and whatever kills it, it is simply run again."""

import asyncio
import base64
import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from faraday_app.core.embedded import AlreadyRunning, embedded_services
from faraday_app.core.embedded.running import addresses_of
from faraday_app.core.settings import MASTER_KEY_BYTES, Settings, settings


def rotate_keys(say: Callable[[str], None], *, data: bool) -> None:
    with database_beside(settings()):
        asyncio.run(_rotate(say, data=data))


async def _rotate(say: Callable[[str], None], *, data: bool) -> None:
    import faraday_app.tables  # noqa: F401  every sealed column is known
    from faraday_app.core.database import engine, transaction
    from faraday_app.core.permissions import Actor
    from faraday_app.core.vault import rotation
    from faraday_app.core.vault.keys import newest_master

    try:
        async with transaction(Actor.system()) as session:
            needed = await rotation.masters_needed(session)
        _make_local_master(settings(), needed)
        done = 0
        while count := await rotation.rewrap_some():
            done += count
        say(f"{done} data keys were wrapped anew; all that can be are under “{newest_master()[0]}”.")
        if data:
            await _rotate_data(say)
        async with transaction(Actor.system()) as session:
            needed = await rotation.masters_needed(session)
        _say_needed(say, needed, newest_master()[0])
    finally:
        await engine().dispose()


async def _rotate_data(say: Callable[[str], None]) -> None:
    """A new data key for everybody whose key is older than an hour, so that a repeat goes on where it stopped."""
    from faraday_app.core.database import transaction
    from faraday_app.core.permissions import Actor
    from faraday_app.core.vault import rotation
    from faraday_app.security.service import record

    owners = await rotation.stale_owners()
    for owner in owners:
        async with transaction(Actor.system(owner)) as session:
            row = await rotation.rotate(session, owner)
            if owner:
                record(session, Actor.system(owner), "encryption.rotated", row)
    say(f"{len(owners)} new data keys; {await rotation.reseal()} values were sealed anew.")


def _say_needed(say: Callable[[str], None], needed: dict[str, int], newest: str) -> None:
    for name, count in sorted(needed.items()):
        if name == newest:
            continue
        known = name in settings().masters
        say(f"Keep the master key “{name}”: {count} data keys need it." + ("" if known else " It is missing here."))
    if set(needed) <= {newest}:
        say(f"No other master key than “{newest}” is needed by this database; backups made before need theirs.")


def _make_local_master(configured: Settings, needed: dict[str, int]) -> None:
    """Where the master key is a file of this installation: put a new one first, unless that is already the newest."""
    newest = next(iter(configured.masters))
    if configured.master_keys.get_secret_value() or set(needed) != {newest}:
        return
    key = base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode()
    name = f"local-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    path = configured.data / "master-key"
    fresh = path.with_name("master-key.new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{name}:{key},{path.read_text().strip()}")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


@contextlib.contextmanager
def database_beside(configured: Settings) -> Iterator[None]:
    """The configured services, those of the Faraday that runs here, or ones started for as long as this takes."""
    wanted = set()
    if not configured.database_url.get_secret_value():
        wanted.add("postgres")
    if not configured.redis_url.get_secret_value():
        wanted.add("valkey")
    with contextlib.ExitStack() as stack:
        if wanted:
            try:
                urls = stack.enter_context(embedded_services(configured.data, wanted)).urls
            except AlreadyRunning:
                urls = addresses_of(configured.data, wanted)
            os.environ.update(urls.environment)
            settings.cache_clear()
        yield

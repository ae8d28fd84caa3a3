"""Say who looks after the installation itself. Whoever has its console may; nobody can do it from a page."""

import asyncio
from collections.abc import Callable

from faraday_app.core.settings import settings
from faraday_app.launcher.refusal import Refusal
from faraday_app.launcher.rotation import database_beside


def appoint(say: Callable[[str], None], email: str, *, withdraw: bool = False) -> None:
    """Beside a running Faraday, whose open pages follow at once, or without one."""
    with database_beside(settings()):
        asyncio.run(_appoint(say, email, withdraw))


async def _appoint(say: Callable[[str], None], email: str, withdraw: bool) -> None:
    import faraday_app.tables  # noqa: F401  every table that another refers to is known
    from faraday_app.accounts import service as accounts
    from faraday_app.core.database import engine, transaction
    from faraday_app.core.permissions import Actor

    faraday = Actor.system()
    try:
        async with transaction(faraday) as session:
            user = await accounts.find_user(session, email)
            if user is None:
                raise Refusal(f"Nobody has the address {email}. They need an account first.")
            if withdraw:
                await accounts.withdraw_platform_admin(session, faraday, user)
            else:
                await accounts.appoint_platform_admin(session, faraday, user)
            name = user.name
    finally:
        await engine().dispose()
    say(f"{name} is no platform administrator any more." if withdraw else f"{name} is now a platform administrator.")

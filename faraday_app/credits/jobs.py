"""What runs by the clock."""

from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.credits.service import release_expired
from faraday_app.credits.service.holds import BATCH


async def release_expired_holds() -> int:
    """Give back what expired holds set aside; every minute is often enough. How many there were."""
    released = 0
    while True:
        async with transaction(Actor.system()) as session:
            count = await release_expired(session)
        released += count
        if count < BATCH:
            return released

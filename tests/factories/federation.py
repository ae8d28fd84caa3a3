"""People who go to an identity provider and come back, as their browsers do."""

from typing import Any

import httpx

from faraday_app.core.database import transaction
from faraday_app.core.outbound import trusted
from faraday_app.core.permissions import Actor
from faraday_app.organizations.models import IdentityProvider
from faraday_app.organizations.service import actor_of_session, providers
from tests.factories.browsers import signed_in_with
from tests.factories.issuer import Issuer
from tests.factories.providers import confirmed, terms


async def add(administrator: Actor, issuer: Issuer, **changes: Any) -> IdentityProvider:
    actor = confirmed(administrator)
    async with transaction(actor) as session:
        return await providers.add_provider(session, actor, terms(issuer, **changes))


async def there(browser: httpx.AsyncClient, provider: IdentityProvider, next: str = "/") -> str:
    """At the issuer and with its answer: the address that the browser comes back to."""
    left = await browser.get(f"/auth/oidc/{provider.id}/start", params={"next": next})
    assert left.status_code == 303
    async with httpx.AsyncClient(verify=trusted()) as outside:
        return (await outside.get(left.headers["location"])).headers["location"]


async def land(browser: httpx.AsyncClient, address: str) -> str:
    """Where a link leads that the browser follows."""
    return (await browser.get(address, headers={"accept": "text/html"})).headers["location"]


async def sign_in(browser: httpx.AsyncClient, provider: IdentityProvider, next: str = "/") -> str:
    """Where the person ends up."""
    return await land(browser, await there(browser, provider, next))


async def connect(browser: httpx.AsyncClient, provider: IdentityProvider) -> str:
    left = await browser.post(f"/auth/oidc/{provider.id}/connect")
    async with httpx.AsyncClient(verify=trusted()) as outside:
        back = (await outside.get(left.json()["next"])).headers["location"]
    return await land(browser, back)


async def who(browser: httpx.AsyncClient) -> Actor | None:
    return await actor_of_session(signed_in_with(browser))

"""Providers and models of an organisation, made through the services; the local model answers for them."""

from sqlalchemy import select
from sqlmodel import col

from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.gateway.models import DeploymentRow, ModelRow, ProviderKeyRow, ProviderRow
from faraday_app.gateway.service.managing import keys, models, prices, providers
from faraday_app.gateway.service.managing.deployments import Place
from faraday_app.gateway.service.managing.models import ModelTerms
from faraday_app.gateway.service.managing.prices import PriceTerms
from faraday_app.gateway.service.managing.providers import ProviderTerms
from faraday_app.gateway.views import Privacy
from tests.factories.roles import confirmed

SECRET = "not-a-real-key-of-a-provider-wxyz"  # pragma: allowlist secret
PRICE = PriceTerms(input=500_000_000, output=1_500_000_000)
NOWHERE = "http://127.0.0.1:9/v1"


async def add_provider(
    actor: Actor, name: str = "Here", base_url: str = "", region: str = "", privacy: Privacy = Privacy.own
) -> ProviderRow:
    """One that points at the local model, unless another address is given."""
    terms = ProviderTerms(name, base_url or settings().openai_base_url, region, privacy)
    async with transaction(actor) as session:
        return await providers.add_provider(session, actor, terms)


async def add_key(actor: Actor, provider: ProviderRow, label: str = "Main", secret: str = SECRET) -> ProviderKeyRow:
    async with transaction(actor) as session:
        return await keys.add_key(session, confirmed(actor), provider.id, label, secret)


async def add_model(
    actor: Actor, provider: ProviderRow, name: str = "demo-large", price: PriceTerms | None = PRICE, **terms: object
) -> ModelRow:
    wanted = ModelTerms(name, context=4_096, longest_answer=64, **terms)  # type: ignore[arg-type]
    async with transaction(actor) as session:
        return await models.add_model(session, actor, wanted, Place(provider.id, settings().model), price)


async def local_key() -> str:
    return settings().openai_api_key.get_secret_value()


async def answering(actor: Actor, name: str = "demo-large", **terms: object) -> ModelRow:
    """A model whose answers come from the local one, over a provider and a key of the organisation's own."""
    provider = await add_provider(actor, f"Of {name}")
    await add_key(actor, provider, secret=await local_key())
    return await add_model(actor, provider, name, **terms)  # type: ignore[arg-type]


async def deployment_of(actor: Actor, model: ModelRow) -> DeploymentRow:
    async with transaction(actor) as session:
        found = await session.scalar(select(DeploymentRow).where(col(DeploymentRow.model_id) == model.id))
    assert found
    return found


async def set_price(actor: Actor, deployment: DeploymentRow, terms: PriceTerms) -> None:
    async with transaction(actor) as session:
        await prices.set_price(session, actor, deployment.id, terms)

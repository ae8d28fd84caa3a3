"""Models and ways to them that no table holds: for what is pure, and for drills against the local model."""

from uuid import NAMESPACE_URL, UUID, uuid5

from faraday_app.core.settings import settings
from faraday_app.gateway.service import catalogue
from faraday_app.gateway.views import Deployment, Model, Offered, Policy, Price, Privacy, Provider, Strategy


def id_of(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, name)


def provider(name: str = "Somewhere", region: str = "", privacy: Privacy = Privacy.own, **more) -> Provider:
    return Provider(id_of(name), name, "https://models.example/v1", region, privacy, **more)


def way(name: str, cost: int = 1, rank: int = 1, weight: int = 1, at: Provider | None = None) -> Deployment:
    """``cost`` in micro-credits a token of either kind."""
    price = Price(cost * 1_000_000, cost * 1_000_000, cost * 1_000_000)
    return Deployment(id_of(name), at or provider(), name, price, rank, weight)


def model(name: str, *ways: Deployment, **more) -> Model:
    return Model(name, name, more.pop("context", 4_096), more.pop("longest_answer", 512), ways or (way(name),), **more)


def offered(*models: Model, **policy) -> Offered:
    return Offered(models, Policy(policy.pop("strategy", Strategy.order), **policy))


def local(name: str, *, price: int = 1_000_000, **more) -> Model:
    """The local model under another name: it answers for real."""
    here = Provider(catalogue.HERE, f"Machine of {name}", settings().openai_base_url, "", Privacy.own, built_in=True)
    ways = (Deployment(id_of(name), here, settings().model, Price(price, price, price)),)
    return Model(name, name, settings().model_context, 256, ways, **more)

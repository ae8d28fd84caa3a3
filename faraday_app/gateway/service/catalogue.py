"""What each organisation is offered, remembered by every worker until it changes."""

from collections import defaultdict
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.kept import Kept
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.gateway.errors import ModelUnknown
from faraday_app.gateway.models import DeploymentRow, ModelRow, PriceRow, ProviderKeyRow, ProviderRow, RoutingPolicyRow
from faraday_app.gateway.service.routing import AUTO
from faraday_app.gateway.views import (
    MILLION,
    Capability,
    Category,
    Deployment,
    Model,
    Offered,
    Policy,
    Price,
    Privacy,
    Provider,
    ProviderKey,
    Schedule,
    Strategy,
)

TOPIC = "models"
MOST_LOADED = 50_000  # rows of each kind
# The endpoint of this installation, which no table holds.
HERE = UUID(int=1)
DEFAULT = Policy(Strategy.order)

_offered: Kept[dict[UUID, Offered]] = Kept(TOPIC, {})


async def offered(organization_id: UUID | None) -> Offered:
    """What the organisation can use. With nothing of its own it is the model of this installation."""
    found = (await _offered.fresh()).get(organization_id) if organization_id else None
    return found or Offered((built_in(),), DEFAULT)


async def organizations() -> list[UUID]:
    """Those that have models or a policy of their own."""
    return list(await _offered.fresh())


async def every_deployment() -> list[Deployment]:
    """Of all organisations and of this installation, each once."""
    everybody = [Offered((built_in(),), DEFAULT), *(await _offered.fresh()).values()]
    found = {each.id: each for offered in everybody for model in offered.models for each in model.deployments}
    return list(found.values())


async def models_for(actor: Actor) -> tuple[Model, ...]:
    """What this person may use, the default first."""
    found = (await offered(actor.organization_id)).models
    return tuple(model for model in found if may_use(actor, model))


async def model_named(actor: Actor, name: str = "") -> Model:
    """A model that the actor may use; the default when no name is given. ModelUnknown for any other."""
    for model in await models_for(actor):
        if name == model.name or (not name and model.category.answers):
            return model
    raise ModelUnknown(name)


async def name_of_choice(actor: Actor, name: str = "") -> str:
    """The name under which the actor may ask for answers: a model's, or ``AUTO``. ModelUnknown for any other."""
    usable = [model.name for model in await models_for(actor) if model.category.answers]
    if name == AUTO and usable:
        return AUTO
    if not usable or (name and name not in usable):
        raise ModelUnknown(name)
    return name or usable[0]


async def names(actor: Actor) -> list[str]:
    return [model.name for model in await models_for(actor)]


def may_use(actor: Actor, model: Model) -> bool:
    """By the model's roles and, where a key asks, by the models that the key is for."""
    if actor.models and model.name not in actor.models:
        return False
    return actor.is_system or not model.roles or str(actor.role) in model.roles


@lru_cache(maxsize=1)
def built_in() -> Model:
    """The model of this installation's own endpoint."""
    configured = settings()
    local = configured.openai_base_url.startswith(("http://127.0.0.1", "http://localhost"))
    price = Price(configured.price_input * MILLION, configured.price_input * MILLION, configured.price_output * MILLION)
    provider = Provider(
        HERE,
        "This installation",
        configured.openai_base_url,
        "",
        Privacy.own if local else Privacy.contract,
        built_in=True,
    )
    return Model(
        name=configured.model,
        label=f"{configured.model} · local demo model" if local else configured.model,
        context=configured.model_context,
        longest_answer=min(configured.model_answer, configured.model_context // 2),
        deployments=(Deployment(HERE, provider, configured.model, price),),
        capabilities=frozenset({Capability.json}),
        tier=1 if local else 2,
        local_demo=local,
    )


async def load() -> dict[UUID, Offered]:
    """Everybody's, in five queries: installations have few hundreds of models, and each call needs them."""
    async with transaction(Actor.system()) as session:

        async def all_of(table: type, *order: object) -> list:  # type: ignore[type-arg]
            return list((await session.scalars(select(table).order_by(*order).limit(MOST_LOADED))).all())  # type: ignore[arg-type]

        keys = await all_of(ProviderKeyRow, col(ProviderKeyRow.id))
        providers = await all_of(ProviderRow, col(ProviderRow.id))
        prices = await all_of(PriceRow, col(PriceRow.valid_from))
        deployments = await all_of(DeploymentRow, col(DeploymentRow.rank), col(DeploymentRow.id))
        models = await all_of(ModelRow, col(ModelRow.id))
        policies = {row.organization_id: policy_of(row) for row in await all_of(RoutingPolicyRow)}
    known = _providers(providers, keys)
    current = _current(prices)
    of_model: dict[UUID, list[Deployment]] = defaultdict(list)
    for row in deployments:
        if row.enabled and row.provider_id in known:
            of_model[row.model_id].append(
                Deployment(
                    row.id, known[row.provider_id], row.upstream, current.get(row.id, Price()), row.rank, row.weight
                )
            )
    found: dict[UUID, list[Model]] = defaultdict(list)
    for row in models:
        if row.enabled:
            found[row.organization_id].append(_model(row, tuple(of_model[row.id])))
    return {
        organization: _offer(found[organization], policies.get(organization, DEFAULT))
        for organization in found.keys() | policies.keys()
    }


def _offer(models: list[Model], policy: Policy) -> Offered:
    own = [model for model in models if model.name != built_in().name]
    default = (built_in(),) if policy.offers_default or not own else ()
    return Offered((*default, *own), policy)


def policy_of(row: RoutingPolicyRow) -> Policy:
    return Policy(
        Strategy(row.strategy),
        row.retries,
        row.learning,
        row.region,
        Privacy(row.privacy),
        {task: tuple(names) for task, names in row.tasks.items()},
        row.offers_default,
        Schedule(row.drills),
    )


def _providers(rows: list[ProviderRow], keys: list[ProviderKeyRow]) -> dict[UUID, Provider]:
    of_provider: dict[UUID, list[ProviderKey]] = defaultdict(list)
    for key in keys:
        if key.enabled:
            of_provider[key.provider_id].append(ProviderKey(key.id, key.label, key.sealed_secret))
    return {
        row.id: Provider(row.id, row.name, row.base_url, row.region, Privacy(row.privacy), tuple(of_provider[row.id]))
        for row in rows
        if row.enabled
    }


def _current(rows: list[PriceRow]) -> dict[UUID, Price]:
    """The newest price of each deployment that is valid by now; they come in the order of their times."""
    return {
        row.deployment_id: Price(row.input, row.cached_input, row.output) for row in rows if row.valid_from <= now()
    }


def _model(row: ModelRow, deployments: tuple[Deployment, ...]) -> Model:
    return Model(
        row.name,
        row.label,
        row.context,
        row.longest_answer,
        deployments,
        Category(row.category),
        frozenset(Capability(each) for each in row.capabilities),
        row.tier,
        frozenset(row.roles),
        tuple(row.fallbacks),
        tuple(row.larger),
        tuple(row.laxer),
    )


def install() -> None:
    """Have this worker go by the tables. Once per process."""
    _offered.install(load)

"""The catalogue as people look at it: each model with the places where it can be asked for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.models import DeploymentRow, ModelRow, PriceRow, ProviderRow
from faraday_app.gateway.service import catalogue
from faraday_app.gateway.service.managing import deployments
from faraday_app.gateway.service.routing import is_trusted
from faraday_app.gateway.views import Category, Deployment, Model, Offered, Price, Privacy, Provider

PAGE = 50


@dataclass(frozen=True, slots=True)
class Placed:
    """A deployment. ``trusted``: it may be told names. ``price`` None: none yet. ``next_price`` is the one to come."""

    id: UUID
    provider_id: UUID
    provider: str
    region: str
    privacy: Privacy
    upstream: str
    rank: int
    weight: int
    enabled: bool
    provider_enabled: bool
    trusted: bool
    price: Price | None
    next_price: tuple[UUID, datetime, Price] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A model. The one of this installation has the id of its deployment and cannot be changed."""

    id: UUID
    name: str
    label: str
    category: Category
    context: int
    longest_answer: int
    capabilities: tuple[str, ...]
    tier: int
    roles: tuple[str, ...]
    fallbacks: tuple[str, ...]
    larger: tuple[str, ...]
    laxer: tuple[str, ...]
    enabled: bool
    version: int
    built_in: bool
    places: tuple[Placed, ...]


async def list_models(
    session: AsyncSession,
    actor: Actor,
    text: str = "",
    category: str = "",
    after: UUID | None = None,
    limit: int = PAGE,
) -> list[Listed]:
    """In the order in which they were added, this installation's own first. Those who manage see disabled ones too,
    everybody else what they may use."""
    actor.must(Permission.models_read)
    offered = await catalogue.offered(actor.organization_id)
    found: list[Listed] = []
    own = catalogue.built_in()
    if after is None and _is_shown(actor, offered, own, text, category):
        found.append(_own(offered, own))
    query = _wanted(actor, text, category)
    if after is not None and after != catalogue.HERE:
        query = query.where(col(ModelRow.id) > after)
    rows = (await session.scalars(query.order_by(col(ModelRow.id)).limit(limit - len(found)))).all()
    places = await _places(session, offered, [row.id for row in rows])
    return [*found, *(_listed(row, places.get(row.id, ())) for row in rows)]


async def get_model(session: AsyncSession, actor: Actor, model_id: UUID) -> Listed:
    """One that the actor would find in the list; NotFound for any other."""
    actor.must(Permission.models_read)
    offered = await catalogue.offered(actor.organization_id)
    if model_id == catalogue.HERE and _is_shown(actor, offered, catalogue.built_in(), "", ""):
        return _own(offered, catalogue.built_in())
    row = await session.scalar(_wanted(actor, "", "").where(col(ModelRow.id) == model_id))
    if row is None:
        raise NotFound("This model does not exist any more.")
    places = await _places(session, offered, [row.id])
    return _listed(row, places.get(row.id, ()))


def _is_shown(actor: Actor, offered: Offered, own: Model, text: str, category: str) -> bool:
    there = offered.named(own.name) is not None and catalogue.may_use(actor, own)
    sought = text.strip().lower()
    return there and (not category or category == own.category) and sought in f"{own.name} {own.label}".lower()


def _wanted(actor: Actor, text: str, category: str) -> Select[ModelRow]:
    query = select(ModelRow).where(col(ModelRow.organization_id) == actor.organization)
    if not actor.may(Permission.models_manage):
        mine = or_(
            func.cardinality(col(ModelRow.roles)) == 0, literal(str(actor.role)) == func.any(col(ModelRow.roles))
        )
        query = query.where(col(ModelRow.enabled), mine)
    if actor.models:
        query = query.where(col(ModelRow.name).in_(actor.models))
    if sought := text.strip():
        named = col(ModelRow.name).icontains(sought, autoescape=True)
        query = query.where(or_(named, col(ModelRow.label).icontains(sought, autoescape=True)))
    return query.where(col(ModelRow.category) == category) if category else query


async def _places(session: AsyncSession, offered: Offered, model_ids: list[UUID]) -> dict[UUID, tuple[Placed, ...]]:
    query = (
        select(DeploymentRow, ProviderRow)
        .join(ProviderRow, col(ProviderRow.id) == col(DeploymentRow.provider_id))
        .where(col(DeploymentRow.model_id).in_(model_ids))
        .order_by(col(DeploymentRow.rank), col(DeploymentRow.id))
        .limit(len(model_ids) * deployments.MOST)
    )
    rows = (await session.execute(query)).all()
    prices = await _prices(session, [deployment.id for deployment, _ in rows])
    found: dict[UUID, list[Placed]] = {}
    for deployment, provider in rows:
        placed = _placed(offered, deployment, provider, prices.get(deployment.id, []))
        found.setdefault(deployment.model_id, []).append(placed)
    return {model_id: tuple(placed) for model_id, placed in found.items()}


async def _prices(session: AsyncSession, deployment_ids: list[UUID]) -> dict[UUID, list[PriceRow]]:
    """In the order of their times."""
    query = select(PriceRow).where(col(PriceRow.deployment_id).in_(deployment_ids))
    found: dict[UUID, list[PriceRow]] = {}
    for row in await session.scalars(query.order_by(col(PriceRow.valid_from))):
        found.setdefault(row.deployment_id, []).append(row)
    return found


def _placed(offered: Offered, row: DeploymentRow, provider: ProviderRow, prices: list[PriceRow]) -> Placed:
    privacy, at = Privacy(provider.privacy), now()
    there = Provider(provider.id, provider.name, provider.base_url, provider.region, privacy)
    past = [price for price in prices if price.valid_from <= at]
    coming = next((price for price in prices if price.valid_from > at), None)
    return Placed(
        row.id,
        provider.id,
        provider.name,
        provider.region,
        privacy,
        row.upstream,
        row.rank,
        row.weight,
        row.enabled,
        provider.enabled,
        is_trusted(offered, Deployment(row.id, there, row.upstream, Price())),
        _price(past[-1]) if past else None,
        (coming.id, coming.valid_from, _price(coming)) if coming else None,
    )


def _price(row: PriceRow) -> Price:
    return Price(row.input, row.cached_input, row.output)


def _listed(row: ModelRow, places: tuple[Placed, ...]) -> Listed:
    return Listed(
        row.id,
        row.name,
        row.label,
        Category(row.category),
        row.context,
        row.longest_answer,
        tuple(row.capabilities),
        row.tier,
        tuple(row.roles),
        tuple(row.fallbacks),
        tuple(row.larger),
        tuple(row.laxer),
        row.enabled,
        row.version,
        False,
        places,
    )


def _own(offered: Offered, model: Model) -> Listed:
    (deployment,) = model.deployments
    provider = deployment.provider
    place = Placed(
        deployment.id, provider.id, provider.name, provider.region, provider.privacy, deployment.upstream,
        deployment.rank, deployment.weight, True, True, is_trusted(offered, deployment), deployment.price,
    )  # fmt: skip
    return Listed(
        catalogue.HERE, model.name, model.label, model.category, model.context, model.longest_answer,
        tuple(sorted(model.capabilities)), model.tier, (), (), (), (), True, 0, True, (place,),
    )  # fmt: skip

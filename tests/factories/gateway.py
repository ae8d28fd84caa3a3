"""Providers, models and deployments, put into the tables as they are."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal
from faraday_app.gateway.models import (
    DeploymentRow,
    FailoverDrill,
    ModelRow,
    PriceRow,
    ProviderKeyRow,
    ProviderRow,
    RouteReceipt,
    RoutingPolicyRow,
    RoutingReplay,
)
from faraday_app.gateway.service import catalogue
from faraday_app.gateway.service.standing import here
from tests.factories.upstream import Upstream

PRICE = (1_000_000, 500_000, 4_000_000)  # micro-credits for a million tokens: 1, 0.5 and 4 a token


def forget_failures() -> None:
    """What earlier tests did to deployments and keys."""
    here.forget()


async def make_provider(organization_id: UUID, upstream: Upstream, *secrets: str, name: str = "") -> UUID:
    faraday, id = Actor.system(organization_id), new_id()
    async with transaction(faraday) as session:
        session.add(
            ProviderRow(
                id=id,
                organization_id=organization_id,
                name=name or f"Provider {upstream.port}",
                base_url=upstream.url,
                privacy="contract",
            )
        )
        await session.flush()
        for number, secret in enumerate(secrets):
            key = new_id()
            sealed = await seal(organization_id, secret, f"provider key {key}")
            session.add(
                ProviderKeyRow(
                    id=key, organization_id=organization_id, provider_id=id, label=f"Key {number}", sealed_secret=sealed
                )
            )
        publish_on_commit(session, topic(catalogue.TOPIC, organization_id))
    return id


async def make_model(
    organization_id: UUID, name: str, *providers: UUID, price: tuple[int, int, int] = PRICE, **options: Any
) -> UUID:
    """Asked of these providers, in this order. ``options`` are columns of the model."""
    wanted: dict[str, Any] = {"category": "chat", "context": 8_192, "longest_answer": 100, **options}
    async with transaction(Actor.system(organization_id)) as session:
        model = ModelRow(organization_id=organization_id, name=name, label=name, **wanted)
        session.add(model)
        await session.flush()
        for rank, provider in enumerate(providers, 1):
            made = DeploymentRow(
                organization_id=organization_id, model_id=model.id, provider_id=provider, upstream="up", rank=rank
            )
            session.add(made)
            await session.flush()
            input, cached, output = price
            session.add(
                PriceRow(
                    organization_id=organization_id,
                    deployment_id=made.id,
                    input=input,
                    cached_input=cached,
                    output=output,
                )
            )
        publish_on_commit(session, topic(catalogue.TOPIC, organization_id))
    return model.id


async def make_policy(organization_id: UUID, **options: Any) -> None:
    wanted: dict[str, Any] = {"strategy": "order", "privacy": "public", "retries": 0, **options}
    async with transaction(Actor.system(organization_id)) as session:
        session.add(RoutingPolicyRow(organization_id=organization_id, **wanted))
        publish_on_commit(session, topic(catalogue.TOPIC, organization_id))


async def receipts(organization_id: UUID) -> list[RouteReceipt]:
    """The newest first."""
    async with transaction(Actor.system(organization_id)) as session:
        query = select(RouteReceipt).where(col(RouteReceipt.organization_id) == organization_id)
        return list((await session.scalars(query.order_by(col(RouteReceipt.id).desc()))).all())


async def make_receipt(organization_id: UUID, **options: Any) -> RouteReceipt:
    """Of a call that went straight to its answer. ``options`` are columns of the receipt."""
    wanted: dict[str, Any] = {
        "purpose": "assistant",
        "asked": "auto",
        "task": "writing",
        "strategy": "order",
        "model": "atlas",
        "deployment_id": new_id(),
        "outcome": "answered",
        "first_token_ms": 500,
        "cost": 10,
        **options,
    }
    async with transaction(Actor.system(organization_id)) as session:
        row = RouteReceipt(organization_id=organization_id, **wanted)
        session.add(row)
    return row


async def end_trials() -> None:
    """What earlier tests asked for and nobody did."""
    async with transaction(Actor.system()) as session:
        for table in (FailoverDrill, RoutingReplay):
            await session.execute(update(table).where(col(table.finished_at).is_(None)).values(finished_at=now()))

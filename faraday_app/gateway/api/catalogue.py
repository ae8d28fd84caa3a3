"""Models, where they are asked for, and what they cost."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Search
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway.api.schemas import (
    DeploymentChange,
    DeploymentFigures,
    FiguresOut,
    ModelChange,
    ModelIn,
    ModelOut,
    PriceIn,
    PriceRowOut,
    model_out,
)
from faraday_app.gateway.service.managing import deployments, figures, listing, models, prices
from faraday_app.gateway.service.managing.deployments import Place
from faraday_app.gateway.service.managing.figures import Span
from faraday_app.gateway.service.managing.models import ModelTerms
from faraday_app.gateway.service.managing.prices import PriceTerms
from faraday_app.gateway.views import Category

router = APIRouter(prefix="/models", tags=["models"])
Reader = Annotated[Actor, Depends(signed_in(Permission.models_read))]
Keeper = Annotated[Actor, Depends(signed_in(Permission.models_manage))]
Changed = Annotated[int, Query(ge=0, le=2**31 - 1, description="The model's version the change was made for.")]


@router.get("", summary="List models", responses=problems(422))
async def list_models(
    actor: Reader, text: Search = "", category: Category | None = None, limit: Limit = 25, cursor: Cursor = ""
) -> Page[ModelOut]:
    """Those that the caller may use; disabled ones too for who manages models."""
    after = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await listing.list_models(session, actor, text, category or "", after[0] if after else None, limit + 1)
    return page(found, limit, model_out, "id")


@router.post("", status_code=201, summary="Add a model", responses=problems(409, 422))
async def add_model(actor: Keeper, wanted: ModelIn) -> ModelOut:
    """Nobody can ask it before it has a deployment."""
    async with transaction(actor) as session:
        row = await models.add_model(session, actor, _terms(wanted))
        return await _model(session, actor, row.id)


@router.get("/figures", summary="How deployments fare", responses=problems(422))
async def get_figures(actor: Keeper, span: Span = Span.hour) -> list[DeploymentFigures]:
    """Counted from the route receipts of the span; deployments that were not asked are left out."""
    async with transaction(actor) as session:
        found = await figures.figures_of(session, actor, span)
    return [
        DeploymentFigures(deployment_id=id, **FiguresOut.model_validate(each).model_dump())
        for id, each in found.items()
    ]


@router.get("/{model_id}", summary="Get a model", responses=problems(404, 422))
async def get_model(actor: Reader, model_id: UUID) -> ModelOut:
    async with transaction(actor) as session:
        return await _model(session, actor, model_id)


@router.put("/{model_id}", summary="Change a model", responses=problems(404, 409, 422))
async def change_model(actor: Keeper, model_id: UUID, wanted: ModelChange) -> ModelOut:
    """A new name is taken over wherever the old one is named."""
    async with transaction(actor) as session:
        await models.change_model(session, actor, model_id, wanted.version, _terms(wanted))
        if wanted.enabled is not None:
            await models.set_enabled(session, actor, model_id, wanted.enabled)
        return await _model(session, actor, model_id)


@router.delete("/{model_id}", status_code=204, summary="Remove a model", responses=problems(404, 422))
async def remove_model(actor: Keeper, model_id: UUID) -> None:
    """With its deployments and prices. What it answered stays."""
    async with transaction(actor) as session:
        await models.remove_model(session, actor, model_id)


@router.post("/{model_id}/deployments", status_code=201, summary="Add a deployment", responses=problems(404, 409, 422))
async def add_deployment(actor: Keeper, model_id: UUID, wanted: DeploymentChange) -> ModelOut:
    """Costs nothing until it has a price."""
    async with transaction(actor) as session:
        await deployments.add_deployment(session, actor, model_id, wanted.version, _place(wanted))
        return await _model(session, actor, model_id)


@router.put("/deployments/{deployment_id}", summary="Change a deployment", responses=problems(404, 409, 422))
async def change_deployment(actor: Keeper, deployment_id: UUID, wanted: DeploymentChange) -> ModelOut:
    async with transaction(actor) as session:
        row = await deployments.change_deployment(session, actor, deployment_id, wanted.version, _place(wanted))
        return await _model(session, actor, row.model_id)


@router.delete(
    "/deployments/{deployment_id}", status_code=204, summary="Remove a deployment", responses=problems(404, 409, 422)
)
async def remove_deployment(actor: Keeper, deployment_id: UUID, version: Changed) -> None:
    async with transaction(actor) as session:
        await deployments.remove_deployment(session, actor, deployment_id, version)


@router.get("/deployments/{deployment_id}/prices", summary="List prices", responses=problems(404, 422))
async def list_prices(actor: Keeper, deployment_id: UUID) -> list[PriceRowOut]:
    """The newest first, future ones too; at most 100."""
    async with transaction(actor) as session:
        found = await prices.list_prices(session, actor, deployment_id)
    return [PriceRowOut.model_validate(row) for row in found]


@router.post(
    "/deployments/{deployment_id}/prices", status_code=201, summary="Set a price", responses=problems(404, 409, 422)
)
async def set_price(actor: Keeper, deployment_id: UUID, wanted: PriceIn) -> PriceRowOut:
    """Holds until the next one does."""
    async with transaction(actor) as session:
        row = await prices.set_price(session, actor, deployment_id, PriceTerms(**wanted.model_dump()))
        return PriceRowOut.model_validate(row)


@router.delete("/prices/{price_id}", status_code=204, summary="Take back a price", responses=problems(404, 409, 422))
async def remove_price(actor: Keeper, price_id: UUID) -> None:
    """Only one that does not hold yet."""
    async with transaction(actor) as session:
        await prices.remove_price(session, actor, price_id)


async def _model(session: AsyncSession, actor: Actor, model_id: UUID) -> ModelOut:
    return model_out(await listing.get_model(session, actor, model_id))


def _terms(wanted: ModelIn) -> ModelTerms:
    fields: dict[str, Any] = wanted.model_dump(exclude={"version", "enabled"})
    for name in ("capabilities", "roles"):
        fields[name] = frozenset(fields[name])
    for name in models.OTHERS:
        fields[name] = tuple(fields[name])
    return ModelTerms(**fields)


def _place(wanted: DeploymentChange) -> Place:
    return Place(**wanted.model_dump(exclude={"version"}))

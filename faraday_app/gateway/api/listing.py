"""``GET /v1/models``: what the key may ask for."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from faraday_app.core.http import signed_in
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gateway import service as gateway
from faraday_app.gateway.api import described
from faraday_app.gateway.errors import ModelUnknown
from faraday_app.gateway.views import Model

router = APIRouter(tags=["OpenAI"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
SINCE = 1_700_000_000  # the protocol wants a date; models have none here


@router.get("/models", summary="List models", response_class=JSONResponse, responses=described.MODELS)
async def list_models(actor: Person) -> JSONResponse:
    """Those that the key may use. Beside them, `auto` has Faraday choose one for each call."""
    found = await gateway.models_for(actor)
    return JSONResponse({"object": "list", "data": [_told(model) for model in found]})


@router.get("/models/{model:path}", summary="Get a model", response_class=JSONResponse, responses=described.MODEL)
async def get_model(actor: Person, model: str) -> JSONResponse:
    """`404` for a model that is not there, or that the key is not for."""
    for each in await gateway.models_for(actor):
        if each.name == model:
            return JSONResponse(_told(each))
    raise ModelUnknown(model)


def _told(model: Model) -> dict[str, Any]:
    return {
        "id": model.name,
        "object": "model",
        "created": SINCE,
        "owned_by": model.deployments[0].provider.name if model.deployments else "faraday",
        "name": model.label,
        "category": str(model.category),
        "context_window": model.context,
        "max_output_tokens": model.longest_answer,
        "capabilities": sorted(model.capabilities),
    }

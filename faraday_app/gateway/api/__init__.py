"""HTTP: the catalogue, its providers, the policy and receipts."""

from fastapi import APIRouter

from faraday_app.gateway.api import catalogue, providers, routing

router = APIRouter()
for part in (catalogue, providers, routing):
    router.include_router(part.router)

__all__ = ["router"]

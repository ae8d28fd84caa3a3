"""The HTTP routes of security."""

from fastapi import APIRouter

from faraday_app.security.api import addresses, audit, keys, limits

router = APIRouter()
for part in (addresses, audit, keys, limits):
    router.include_router(part.router)

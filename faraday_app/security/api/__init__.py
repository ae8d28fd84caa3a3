"""The HTTP routes of security."""

from fastapi import APIRouter

from faraday_app.security.api import audit, keys

router = APIRouter()
for part in (audit, keys):
    router.include_router(part.router)

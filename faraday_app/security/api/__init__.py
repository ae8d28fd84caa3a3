"""The HTTP routes of security."""

from fastapi import APIRouter

from faraday_app.security.api import audit, centre, keys

router = APIRouter()
for part in (audit, centre, keys):
    router.include_router(part.router)

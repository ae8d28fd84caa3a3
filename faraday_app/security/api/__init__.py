"""The HTTP routes of security."""

from fastapi import APIRouter

from faraday_app.security.api import addresses, audit, centre, keys, limits

router = APIRouter()
for part in (addresses, audit, centre, keys, limits):
    router.include_router(part.router)

public = audit.public

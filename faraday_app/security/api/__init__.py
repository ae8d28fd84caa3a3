"""The HTTP routes of security."""

from fastapi import APIRouter

from faraday_app.security.api import addresses, audit, centre, keys, limits, proofs

router = APIRouter()
for part in (addresses, audit, centre, keys, limits, proofs):
    router.include_router(part.router)

public = audit.public

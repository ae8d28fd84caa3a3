"""The HTTP routes of security."""

from fastapi import APIRouter

from faraday_app.security.api import addresses, addresses_for_all, audit, centre, keys, limits, proofs

router = APIRouter()
for part in (addresses, addresses_for_all, audit, centre, keys, limits, proofs):
    router.include_router(part.router)

public = audit.public

"""The HTTP routes of security."""

from faraday_app.core.http.parts import Part
from faraday_app.security.api import addresses, addresses_for_all, audit, centre, keys, limits, proofs

router = Part()
for part in (addresses, addresses_for_all, audit, centre, keys, limits, proofs):
    router.include_router(part.router)

public = audit.public

"""The HTTP routes that open and end sessions: the only places where the cookie is set."""

from fastapi import APIRouter, Depends

from faraday_app.core.http import anyone, same_origin
from faraday_app.organizations.auth import confirmation, entrance, oidc, recovery, second_step

router = APIRouter(prefix="/auth", include_in_schema=False)
# Forms of our own pages; what another website may send people to stands beside them, not among them.
for of_guests in (entrance, recovery, second_step):
    router.include_router(of_guests.router, dependencies=[Depends(anyone), Depends(same_origin)])
router.include_router(confirmation.router)
router.include_router(oidc.router)

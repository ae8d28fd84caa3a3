"""Roll-call of the HTTP routes."""

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.routing import Match

from faraday_app.classes import api as classes
from faraday_app.contexts import api as contexts
from faraday_app.core.errors import NotFound
from faraday_app.core.http import anyone, description, health
from faraday_app.core.http.description import problems
from faraday_app.core.http.parts import API
from faraday_app.coursework import api as coursework
from faraday_app.credits import api as credits
from faraday_app.gateway import api as gateway
from faraday_app.gradebook import api as gradebook
from faraday_app.gradebook.api import oneroster
from faraday_app.notifications import api as notifications
from faraday_app.organizations import api as organizations
from faraday_app.organizations import auth
from faraday_app.platform import api as platform
from faraday_app.privacy import api as privacy
from faraday_app.security import api as security

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

v1 = APIRouter(prefix=API, responses=problems(401, 403, 429, 503))
for domain in (
    organizations,
    contexts,
    classes,
    coursework,
    gradebook,
    gateway,
    credits,
    notifications,
    security,
    platform,
    privacy,
):
    v1.include_router(domain.router)

elsewhere = APIRouter(include_in_schema=False, dependencies=[Depends(anyone)])
# The busiest first: they are tried in this order.
ROUTERS = [gateway.openai, health.router, auth.router, description.router, security.public, oneroster.router, v1]


@elsewhere.api_route("/v1/{rest:path}", methods=METHODS)
@elsewhere.api_route("/api/{rest:path}", methods=METHODS)
@elsewhere.api_route("/ims/{rest:path}", methods=METHODS)
async def nothing_here(request: Request) -> None:
    """A problem document too, instead of the page for addresses that do not exist."""
    if allowed := [method for method in METHODS if _is_route(request, method)]:
        raise HTTPException(405, f"Use {' or '.join(allowed)} here.", {"Allow": ", ".join(allowed)})
    raise NotFound("There is nothing at this address.")


def _is_route(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for router in ROUTERS for route in router.routes)

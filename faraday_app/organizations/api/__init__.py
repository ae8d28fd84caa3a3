"""The HTTP routes of organisations."""

from fastapi import APIRouter

from faraday_app.organizations.api import people, roles

router = APIRouter()
for part in (people, roles):
    router.include_router(part.router)

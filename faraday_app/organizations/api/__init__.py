"""The HTTP routes of organisations."""

from faraday_app.core.http.parts import Part
from faraday_app.organizations.api import people, roles

router = Part()
for part in (people, roles):
    router.include_router(part.router)

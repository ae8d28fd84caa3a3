"""The HTTP routes of classes."""

from faraday_app.classes.api import classes, enrolments, guardianships, people, rosters, terms
from faraday_app.core.http.parts import Part

router = Part()
for part in (terms, classes, people, enrolments, guardianships, rosters):
    router.include_router(part.router)

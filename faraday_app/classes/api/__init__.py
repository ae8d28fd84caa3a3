"""The HTTP routes of classes."""

from fastapi import APIRouter

from faraday_app.classes.api import classes, enrolments, guardianships, people, rosters, terms

router = APIRouter()
for part in (terms, classes, people, enrolments, guardianships, rosters):
    router.include_router(part.router)

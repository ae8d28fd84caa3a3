"""The HTTP routes of classes."""

from fastapi import APIRouter

from faraday_app.classes.api import rosters

router = APIRouter()
router.include_router(rosters.router)

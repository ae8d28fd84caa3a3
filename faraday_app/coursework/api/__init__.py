"""Coursework over HTTP."""

from fastapi import APIRouter

from faraday_app.coursework.api import rubrics

router = APIRouter()
for part in (rubrics,):
    router.include_router(part.router)

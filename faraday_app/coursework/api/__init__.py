"""Coursework over HTTP."""

from fastapi import APIRouter

from faraday_app.coursework.api import materials, rubrics

router = APIRouter()
for part in (materials, rubrics):
    router.include_router(part.router)

"""Coursework over HTTP."""

from fastapi import APIRouter

from faraday_app.coursework.api import materials, rubrics, similarity

router = APIRouter()
for part in (materials, rubrics, similarity):
    router.include_router(part.router)

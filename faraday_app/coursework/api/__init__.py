"""Coursework over HTTP."""

from fastapi import APIRouter

from faraday_app.coursework.api import assignments, materials, rubrics, similarity, submissions

router = APIRouter()
for part in (assignments, submissions, materials, rubrics, similarity):
    router.include_router(part.router)

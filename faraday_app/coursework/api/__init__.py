"""Coursework over HTTP."""

from fastapi import APIRouter

from faraday_app.coursework.api import assignments, attached, materials, rubrics, similarity, submissions

router = APIRouter()
for part in (assignments, attached, submissions, materials, rubrics, similarity):
    router.include_router(part.router)

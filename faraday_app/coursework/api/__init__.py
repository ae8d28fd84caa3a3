"""Coursework over HTTP."""

from fastapi import APIRouter

from faraday_app.coursework.api import assignments, attached, materials, peers, rubrics, similarity, submissions

router = APIRouter()
for part in (assignments, attached, peers, submissions, materials, rubrics, similarity):
    router.include_router(part.router)

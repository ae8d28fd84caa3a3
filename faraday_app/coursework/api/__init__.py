"""Coursework over HTTP."""

from faraday_app.core.http.parts import Part
from faraday_app.coursework.api import assignments, attached, materials, peers, rubrics, similarity, submissions

router = Part()
for part in (assignments, attached, peers, submissions, materials, rubrics, similarity):
    router.include_router(part.router)

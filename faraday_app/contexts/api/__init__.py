"""HTTP: conversations, answers, data, members, importing, GPTs, what they know, notes, versions, and judging."""

from fastapi import APIRouter

from faraday_app.contexts.api import (
    answers,
    conversations,
    data,
    gpts,
    imports,
    judging,
    knowledge,
    members,
    memories,
    notes,
    packs,
    shares,
    together,
    versions,
)

router = APIRouter()
for part in (
    conversations,
    answers,
    together,
    members,
    data,
    gpts,
    knowledge,
    imports,
    versions,
    notes,
    judging,
    memories,
    packs,
    shares,
):
    router.include_router(part.router)

__all__ = ["router"]

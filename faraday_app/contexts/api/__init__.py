"""HTTP: conversations, their messages and answers, who shares them, bringing them from elsewhere, GPTs, versions."""

from fastapi import APIRouter

from faraday_app.contexts.api import answers, conversations, gpts, imports, judging, members, notes, versions

router = APIRouter()
for part in (conversations, answers, members, gpts, imports, versions, notes, judging):
    router.include_router(part.router)

__all__ = ["router"]

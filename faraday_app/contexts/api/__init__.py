"""HTTP: conversations, their messages and answers, who shares them, and GPTs."""

from fastapi import APIRouter

from faraday_app.contexts.api import answers, conversations, gpts, members

router = APIRouter()
for part in (conversations, answers, members, gpts):
    router.include_router(part.router)

__all__ = ["router"]

"""HTTP: conversations, their messages and answers, who shares them, bringing them from elsewhere, and GPTs."""

from fastapi import APIRouter

from faraday_app.contexts.api import answers, conversations, gpts, imports, members

router = APIRouter()
for part in (conversations, answers, members, gpts, imports):
    router.include_router(part.router)

__all__ = ["router"]

"""HTTP: conversations, their messages and answers, and who shares them."""

from fastapi import APIRouter

from faraday_app.contexts.api import answers, conversations, members

router = APIRouter()
for part in (conversations, answers, members):
    router.include_router(part.router)

__all__ = ["router"]

"""OpenAI's protocol under ``/v1``: the official clients work against it unchanged, with Faraday's keys."""

from fastapi import APIRouter

from faraday_app.core.http.dialects import DIALECTS
from faraday_app.gateway.api import completions, embeddings, listing
from faraday_app.gateway.api.words import in_openai_words

BEGINNING = "/v1"

router = APIRouter(prefix=BEGINNING)
for part in (completions, embeddings, listing):
    router.include_router(part.router)


def install() -> None:
    """Have every refusal below ``/v1`` said in OpenAI's words. Once per process."""
    DIALECTS[f"{BEGINNING}/"] = in_openai_words


__all__ = ["install", "router"]

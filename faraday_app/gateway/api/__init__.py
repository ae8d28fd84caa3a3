"""HTTP: the catalogue, its providers, the policy and receipts; and OpenAI's protocol under ``/v1``.

OpenAI's official clients work against the latter unchanged, with Faraday's keys.
"""

from fastapi import APIRouter

from faraday_app.core.http.dialects import DIALECTS
from faraday_app.core.http.parts import Part
from faraday_app.gateway.api import catalogue, completions, embeddings, listing, providers, routing, trials
from faraday_app.gateway.api.words import in_openai_words

BEGINNING = "/v1"

router = Part()
for part in (catalogue, providers, routing, trials):
    router.include_router(part.router)

openai = APIRouter(prefix=BEGINNING)
for part in (completions, embeddings, listing):
    openai.include_router(part.router)


def install() -> None:
    """Have every refusal below ``/v1`` said in OpenAI's words. Once per process."""
    DIALECTS[f"{BEGINNING}/"] = in_openai_words


__all__ = ["install", "openai", "router"]

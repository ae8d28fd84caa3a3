"""HTTP: the gradebook in the words of OneRoster 1.2, for other systems; and how such a system gets a token.

The standard describes it: it is not part of Faraday's own description. What differs is in docs/rosters.md.
"""

from fastapi import APIRouter

from faraday_app.core.http.description import problems
from faraday_app.core.http.dialects import DIALECTS
from faraday_app.gradebook.api.oneroster import categories, line_items, results, tokens
from faraday_app.gradebook.api.oneroster.words import in_words_of_1edtech
from faraday_app.gradebook.service.exchange.words import BASE

BEGINNING = "/ims/oneroster"

_gradebook = APIRouter(prefix=BASE, tags=["OneRoster"], include_in_schema=False, responses=problems(401, 403, 429, 503))
for part in (categories, line_items, results):
    _gradebook.include_router(part.router)
router = APIRouter()
router.include_router(_gradebook)
router.include_router(tokens.router, prefix=BEGINNING)


def install() -> None:
    """Have every refusal below ``/ims/oneroster`` said in the words of that protocol. Once per process."""
    DIALECTS[f"{BEGINNING}/"] = in_words_of_1edtech


__all__ = ["install", "router"]

"""HTTP: conversations, what is said in them, given to them and paid for them, importing, GPTs, backups."""

from faraday_app.contexts.api import (
    answers,
    backups,
    conversations,
    data,
    findings,
    gpts,
    imports,
    judging,
    knowledge,
    members,
    memories,
    messages,
    notes,
    packs,
    preferences,
    quotes,
    shares,
    templates,
    together,
    usage,
    versions,
)
from faraday_app.core.http.parts import Part

router = Part()
for part in (
    conversations,
    messages,
    answers,
    together,
    quotes,
    members,
    data,
    findings,
    gpts,
    knowledge,
    imports,
    versions,
    notes,
    judging,
    memories,
    packs,
    shares,
    templates,
    usage,
    backups,
    preferences,
):
    router.include_router(part.router)

__all__ = ["router"]

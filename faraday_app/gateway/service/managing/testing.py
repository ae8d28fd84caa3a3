"""Does a provider answer, and with which models?"""

import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from faraday_app.core import outbound, vault
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, Unavailable
from faraday_app.core.permissions import Actor
from faraday_app.gateway.service.managing import keys, providers

MOST = 200  # models of a provider that are listed
_WINDOWS = ("context_window", "context_length", "max_model_len", "max_context_length")


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model that a provider offers; its window in tokens where it tells, else 0."""

    name: str
    window: int = 0


@dataclass(frozen=True, slots=True)
class Tested:
    provider: str
    took_ms: int
    models: tuple[FoundModel, ...]


async def ask_for_models(actor: Actor, provider_id: UUID) -> Tested:
    """What the provider lists, asked with the first of its keys. Holds no transaction while it waits.

    Invalid or Unavailable, in words that tell what to mend, when it does not answer as it should.
    """
    async with transaction(actor) as session:
        found = await providers.get_provider(session, actor, provider_id)
    key = next((key for key in found.keys if key.enabled), None)
    headers = {"Accept": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {await vault.unseal(key.sealed_secret, keys.purpose(key.id))}"
    began = time.perf_counter()
    answer = await outbound.request("GET", f"{found.row.base_url}/models", headers=headers)
    took = round((time.perf_counter() - began) * 1000)
    if answer.status_code in (401, 403):
        raise Invalid("It refused the key." if key else "It asks for a key: add one first.")
    if answer.status_code != 200:
        raise Unavailable(f"It answered with status {answer.status_code}. Is the address complete, with /v1?")
    return Tested(found.row.name, took, _models(answer.content))


def _models(content: bytes) -> tuple[FoundModel, ...]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        told = None
    listed = told.get("data") if isinstance(told, dict) else None
    if not isinstance(listed, list):
        raise Unavailable("It answers, but not in OpenAI's protocol. Is the address complete, with /v1?")
    found = {each.name: each for each in map(_model, listed[:MOST]) if each}
    return tuple(sorted(found.values(), key=lambda each: each.name))


def _model(told: Any) -> FoundModel | None:
    name = told.get("id") if isinstance(told, dict) else None
    if not isinstance(name, str) or not 0 < len(name) <= 120 or not name.isprintable():
        return None
    meta = told.get("meta")
    windows = [told.get(field) for field in _WINDOWS]
    windows += [meta.get("n_ctx"), meta.get("n_ctx_train")] if isinstance(meta, dict) else []
    sound = [each for each in windows if isinstance(each, int) and 512 <= each <= 10_000_000]
    return FoundModel(name, sound[0] if sound else 0)

"""API keys, and what the API says when it refuses."""

from copy import deepcopy
from typing import Any

import httpx

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import ROLE_PERMISSIONS, Actor, Permission
from faraday_app.security.service import api_keys


async def make_key(actor: Actor, *scopes: Permission, **options: object) -> str:
    """A key of this person, made by Faraday: students have keys in tests too."""
    rights = frozenset({*actor.permissions, Permission.api_keys_manage})
    maker = Actor(actor.user_id, actor.organization_id, actor.role, rights, confirmed_at=now())
    wanted = sorted(scopes or (ROLE_PERMISSIONS[actor.role] if actor.role else ()))
    async with transaction(maker) as session:
        _, secret = await api_keys.create_api_key(session, maker, "Test", wanted, **options)  # type: ignore[arg-type]
    return secret


def is_problem(response: httpx.Response, status: int, field: str = "") -> bool:
    """Whether this is a problem document of that status, about that field."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return not field or field in [error["field"] for error in body["errors"]]


def changed(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with one value, at a path like `groups.0.id`, that is another."""
    copy = deepcopy(body)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    inner: Any = copy
    for part in way:
        inner = inner[part]
    inner[last] = value
    return copy


def told(answer: httpx.Response) -> set[str]:
    """The fields that a refusal names."""
    assert is_problem(answer, 422), answer.text
    return {error["field"] for error in answer.json()["errors"]}

"""The description of the API (OpenAPI), and the page on which it is read and tried."""

from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse, HTMLResponse

from faraday_app.core.errors import NotFound
from faraday_app.core.http.access import anyone
from faraday_app.core.http.content_policy import policy_for_document
from faraday_app.core.http.problems import Problem

SCHEMA_PATH = "/api/v1/openapi.json"
DOCS_PATH = "/api/v1/docs"
ABOUT = """
What people do in Faraday, for programs.

**Who asks.** Send an API key as `Authorization: Bearer fdy_…`. A key acts for the person who made it: never more than
its scopes, and never more than that person may at this moment. It can be bound to addresses, models, a budget and a
limit. A revoked or expired key stops working at once.

**Errors** are problem documents ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)); `errors` names the fields to
mend. What you may not see does not exist (404).

**Lists** come in pages: pass `next` as `cursor` for the following one.

**Limits** count calls for the key, the person, the organisation and the address. `RateLimit` tells how many are left
of the tightest one and in how many seconds it is as if unused; a call beyond it is answered 429 with `Retry-After`.

**Repeats.** A request that carries an `Idempotency-Key` can be sent again without being done twice.

**Money** is whole micro-credits: 1 credit = 1,000,000. **Times** are UTC.
"""
TAGS = [
    {"name": "me", "description": "Who the key acts for."},
    {"name": "people", "description": "The members of the organisation."},
    {"name": "roles", "description": "What people may, by which role, and why."},
    {"name": "conversations", "description": "Ask a model, read the answer as it arrives, share."},
    {"name": "imports", "description": "Bring conversations from elsewhere."},
    {"name": "data", "description": "What a conversation is about: texts, notes, tables, links and files."},
    {"name": "models", "description": "What can be asked, where, and what it costs."},
    {"name": "model providers", "description": "Whom models are asked of, and the keys for it."},
    {"name": "routing", "description": "How a model is chosen, and which way each call went."},
    {"name": "OpenAI", "description": "The same models for programs that speak OpenAI's protocol, at `/v1`."},
    {"name": "versions", "description": "What GPTs and conversations were: compare, label, branch, restore."},
    {"name": "gpts", "description": "Models with instructions and a face, and the files they know."},
    {"name": "memory", "description": "What is remembered for a person, a conversation or a department."},
    {"name": "backups", "description": "Of all conversations: made, checked, and brought back."},
    {"name": "templates", "description": "Prompts with fields to fill in, their versions and what they came to."},
    {"name": "rosters", "description": "Classes and people from the school’s own system, as OneRoster packages."},
    {"name": "terms", "description": "When classes run, and the grading periods of each."},
    {"name": "classes", "description": "Classes, their sections, who teaches and who learns in them."},
    {"name": "guardians", "description": "Whose child somebody is."},
    {"name": "gradebook", "description": "Grades of a class, and what the work of a student comes to."},
    {"name": "credits", "description": "What there is to spend, what was spent, and giving more."},
    {"name": "notifications", "description": "What one was told."},
    {"name": "assignments", "description": "The work of a class, its groups and its dates."},
    {"name": "submissions", "description": "What students hand in: drafts, files in pieces, attempts, receipts."},
    {"name": "audit", "description": "What happened, by whom, to what, from where."},
    {"name": "API keys", "description": "One's own keys, and everybody's for those who see to security."},
    {"name": "limits", "description": "How often may be called, and exceptions from it."},
    {"name": "addresses", "description": "From where may be called, and what was blocked automatically."},
    {"name": "security", "description": "How safe the organisation is, alerts and incidents."},
    {"name": "platform", "description": "The installation’s organisations in counts, and founding one."},
    {"name": "health", "description": "For load balancers and monitors."},
]
# FastAPI's own schemas of invalid input; ours is the problem document.
_UNUSED = ("HTTPValidationError", "ValidationError")
_FILES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_WORDS = {
    400: "A filter, an order or a field that means nothing.",
    401: "Not signed in: no key, or one that is unknown, revoked or expired.",
    402: "Not enough credits.",
    403: "The key or the person may not do this.",
    404: "Does not exist, or cannot be seen.",
    409: "In conflict with something that happened meanwhile.",
    413: "More bytes than this takes.",
    422: "A value is missing or cannot be used; `errors` names it.",
    429: "Too many requests; `Retry-After` says how many seconds to wait.",
    503: "Something we depend on does not answer; nothing was changed.",
}
_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_LIMITS = {
    "RateLimit-Policy": {
        "description": "The tightest limit: its name, `q` calls in `w` seconds.",
        "schema": {"type": "string"},
        "example": '"key";q=100;w=5',
    },
    "RateLimit": {
        "description": "What is left of it: `r` calls; as if unused in `t` seconds.",
        "schema": {"type": "string"},
        "example": '"key";r=93;t=1',
    },
    "RateLimit-Limit": {"description": "The same `q`, for older clients.", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "The same `r`, for older clients.", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "The same `t`, for older clients.", "schema": {"type": "integer"}},
}

router = APIRouter(prefix=DOCS_PATH, include_in_schema=False, dependencies=[Depends(anyone)])


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem documents a route answers with, for its description."""
    return {
        status: {
            "model": Problem,
            "description": _WORDS[status],
            **({"headers": _RETRY_AFTER} if status == 429 else {}),
        }
        for status in statuses
    }


def describe(app: FastAPI) -> None:
    """Have the app describe its errors as what they are: problem documents."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title=app.title, version=app.version, description=ABOUT, tags=TAGS, routes=app.routes)
            app.openapi_schema = _with_limits(_with_problems(schema))
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    for response in (response for operation in operations for response in operation["responses"].values()):
        for described in list(response.get("content", {}).values()):
            if described.get("schema", {}).get("$ref", "").endswith("/Problem"):
                response["content"] = {"application/problem+json": described}
    for name in _UNUSED:
        schema["components"]["schemas"].pop(name, None)
    return schema


def _with_limits(schema: dict[str, Any]) -> dict[str, Any]:
    """Every answer to a caller who is known tells what is left."""
    for operation in (each for path in schema["paths"].values() for each in path.values()):
        if operation.get("security"):
            for status, response in operation["responses"].items():
                if status.startswith("2") or status == "429":
                    response["headers"] = {**response.get("headers", {}), **_LIMITS}
    return schema


@router.get("")
async def docs() -> HTMLResponse:
    page = get_swagger_ui_html(
        openapi_url=SCHEMA_PATH,
        title="Faraday API",
        swagger_js_url=f"{DOCS_PATH}/swagger-ui-bundle.js",
        swagger_css_url=f"{DOCS_PATH}/swagger-ui.css",
        swagger_favicon_url="/favicon.svg",
        swagger_ui_parameters={"persistAuthorization": False, "displayRequestDuration": True, "docExpansion": "list"},
    )
    page.headers["Content-Security-Policy"] = policy_for_document(bytes(page.body).decode())
    return page


@router.get("/{name}")
async def docs_file(name: str) -> FileResponse:
    if name not in _FILES:
        raise NotFound
    path = str(files("fastapi_swagger").joinpath("resources", name))
    return FileResponse(path, media_type=_FILES[name], headers={"Cache-Control": "public, max-age=86400"})

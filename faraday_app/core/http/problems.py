"""Every error over HTTP as a problem document (RFC 9457)."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from faraday_app.core.errors import FaradayError, LimitReached
from faraday_app.core.log import reference

MEDIA_TYPE = "application/problem+json"
_log = structlog.get_logger(__name__)


class FieldError(BaseModel):
    """What is wrong with one value that was sent."""

    field: str
    detail: str


class Problem(BaseModel):
    """RFC 9457. ``reference`` is there when the cause is ours: quote it to an operator."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] | None = None
    reference: str | None = None


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None, **more: Any) -> JSONResponse:
    body = Problem(title=title, status=status, detail=detail, **more).model_dump(exclude_none=True)
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def problem_of(error: FaradayError) -> dict[str, Any]:
    """The body of the problem document for an error."""
    field = getattr(error, "field", "")
    errors = [FieldError(field=field, detail=error.message)] if field else None
    said = Problem(type=error.type, title=error.title, status=int(error.status), detail=error.message, errors=errors)
    return said.model_dump(exclude_none=True)


def install_problem_handlers(app: FastAPI) -> None:
    app.add_exception_handler(FaradayError, _faraday)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _validation)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _http)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _unexpected)


async def _faraday(_request: Request, error: FaradayError) -> JSONResponse:
    headers = {}
    if isinstance(error, LimitReached) and error.retry_after:
        headers["Retry-After"] = str(int(error.retry_after + 0.999))
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(problem_of(error), int(error.status), headers, media_type=MEDIA_TYPE)


async def _validation(_request: Request, error: RequestValidationError) -> JSONResponse:
    errors = [
        {"field": ".".join(str(part) for part in item["loc"][1:]) or str(item["loc"][0]), "detail": item["msg"]}
        for item in error.errors()
    ]
    return problem(422, "Please check what you sent", "Some values are missing or of the wrong kind.", errors=errors)


async def _http(_request: Request, error: HTTPException) -> JSONResponse:
    if error.status_code == 400:
        return problem(422, "Please check what you sent", "The body cannot be read as JSON in UTF-8.")
    return problem(error.status_code, "This did not work", str(error.detail), dict(error.headers or {}))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    number = reference()
    _log.error("request_failed", reference=number, path=request.url.path, exc_info=error)
    return problem(500, "Something failed on our side", f"Please quote {number}.", reference=number)

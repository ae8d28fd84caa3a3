"""Refusals as OpenAI's clients read them."""

from http import HTTPStatus
from typing import Any

_KIND = "urn:faraday:problem:"
# By the kind of the problem, where its status alone does not tell enough.
_BY_KIND = {
    "model-unknown": (404, "invalid_request_error", "model_not_found"),
    "too-long": (400, "invalid_request_error", "context_length_exceeded"),
}
_BY_STATUS = {
    400: ("invalid_request_error", None),
    401: ("authentication_error", "invalid_api_key"),
    402: ("insufficient_quota", "insufficient_quota"),
    403: ("permission_error", "permission_denied"),
    404: ("invalid_request_error", "not_found"),
    405: ("invalid_request_error", "method_not_allowed"),
    408: ("invalid_request_error", "request_timeout"),
    413: ("invalid_request_error", "request_too_large"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
    431: ("invalid_request_error", "headers_too_large"),
    503: ("server_error", "unavailable"),
}
_FIELDS = {"message": "messages"}  # that a conversation calls otherwise


def in_openai_words(problem: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The status and the body for a problem document. What cannot be used is 400 there, not 422."""
    status = int(problem["status"])
    status = HTTPStatus.BAD_REQUEST if status == HTTPStatus.UNPROCESSABLE_ENTITY else status
    kind, code = _BY_STATUS.get(status, ("server_error", "internal_error"))
    told = problem.get("type", "").removeprefix(_KIND)
    if told in _BY_KIND:
        status, kind, code = _BY_KIND[told]
    return status, error(problem["detail"], kind, code, _field(problem))


def error(message: str, kind: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _field(problem: dict[str, Any]) -> str | None:
    errors = problem.get("errors") or []
    name = str(errors[0]["field"]) if errors else ""
    return _FIELDS.get(name, name) or None

"""Refusals as 1EdTech's clients read them (``imsx_StatusInfo``)."""

from typing import Any

_MINOR = {
    400: "invalid_filter_field",
    401: "unauthorisedrequest",
    403: "forbidden",
    404: "unknownobject",
    405: "unsupported",
    409: "invaliddata",
    413: "invaliddata",
    422: "invaliddata",
    429: "server_busy",
    503: "server_busy",
}


def in_words_of_1edtech(problem: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The status and the body for a problem document."""
    status = int(problem["status"])
    described = "; ".join(
        [problem["detail"], *(f"{each['field']}: {each['detail']}" for each in problem.get("errors") or [])]
    )
    field = {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": _minor(status)}
    return status, {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": described,
        "imsx_CodeMinor": {"imsx_codeMinorField": [field]},
    }


def _minor(status: int) -> str:
    return _MINOR.get(status, "internal_server_error")

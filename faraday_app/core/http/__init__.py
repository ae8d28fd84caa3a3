"""What every HTTP route stands on: who asks, problem documents, headers and limits."""

from faraday_app.core.http import health
from faraday_app.core.http.access import (
    DEVICE_COOKIE,
    SESSION_COOKIE,
    anyone,
    same_origin,
    session_token,
    signed_in,
    site_of,
)
from faraday_app.core.http.cookies import drop, forget_session, keep, keep_device, keep_session
from faraday_app.core.http.problems import Problem, install_problem_handlers, problem
from faraday_app.core.http.shield import Shield
from faraday_app.core.http.sockets import sockets

__all__ = [
    "DEVICE_COOKIE",
    "SESSION_COOKIE",
    "Problem",
    "Shield",
    "anyone",
    "drop",
    "forget_session",
    "health",
    "install_problem_handlers",
    "keep",
    "keep_device",
    "keep_session",
    "problem",
    "same_origin",
    "session_token",
    "signed_in",
    "site_of",
    "sockets",
]

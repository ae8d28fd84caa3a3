"""The cookies we set: out of reach of scripts, for this host alone, over TLS wherever there is any."""

from starlette.responses import Response

from faraday_app.core.http.access import DEVICE_COOKIE, SESSION_COOKIE
from faraday_app.core.settings import settings

DEVICE_KEPT = 400 * 24 * 3600  # seconds; browsers keep none for longer


def keep_session(response: Response, token: str) -> None:
    """Have the browser bring this token from now on: at sign-in, and whenever the session gets a new one."""
    keep(response, SESSION_COOKIE, token, settings().session_hours * 3600)


def keep_device(response: Response, token: str) -> None:
    """Have the browser be known again. It opens nothing."""
    keep(response, DEVICE_COOKIE, token, DEVICE_KEPT)


def forget_session(response: Response) -> None:
    drop(response, SESSION_COOKIE)


def keep(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=settings().secure, httponly=True, samesite="lax")


def drop(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=settings().secure, httponly=True, samesite="lax")
